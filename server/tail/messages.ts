import { z } from 'zod'
import { beginning, type Cursor, type Position } from '../../domain/chain.ts'
import { filterLimits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'

/** What a message must be like, to be read with `readMessage`. */
export type MessageShape<Message> = z.ZodType<Message>

const environmentId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const epoch = z.string().min(1).max(64)
const count = z.number().int().nonnegative()

const readPosition = z.object({
  environmentId,
  epoch,
  offset: count.min(1),
  id: z.string().min(1).max(64),
  cumulative: count,
})

const startPosition = z
  .object({ environmentId, epoch: epoch.optional(), offset: z.literal(0), cumulative: z.literal(0) })
  .transform(({ environmentId, epoch }): Position => beginning(environmentId, epoch))

const cursor = z.array(z.union([readPosition, startPosition])).max(1000)

/** A cursor as a viewer or a reader of `/api/tail` may send it. */
export const cursorMessage: MessageShape<Cursor> = cursor

export const watchMessage = z.object({
  revision: count,
  filter: z.string().max(filterLimits.bytes),
  cursor: cursor.optional(),
})

export const resumeMessage = z.object({ cursor })

export const loadMessage = z.object({ from: cursor, to: cursor })

export const olderMessage = z.object({ from: cursor })

export const findMessage = z.object({ id: z.string().max(200) })

export const ackMessage = z.object({ sequence: count })

/** Reads what a viewer sent, or says in one line what is wrong with it. */
export function readMessage<Message>(shape: MessageShape<Message>, message: unknown): Result<Message, string> {
  const read = shape.safeParse(message)
  if (read.success) return ok(read.data)
  const issue = read.error.issues[0]
  return failed(issue ? `${issue.path.join('.') || 'message'}: ${issue.message}` : 'not a message')
}
