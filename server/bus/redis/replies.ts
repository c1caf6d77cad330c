import { beginning, type Position } from '../../../domain/chain.ts'
import { isCount } from '../envelope-shared.ts'

/** An entry of a stream, not decoded yet. */
export type Entry = { readonly id: string; readonly bytes: Buffer }

/** The entries of an XRANGE, as buffers: `[id, [field, value]]` each. One without a value is an entry of no bytes. */
export function entriesOf(reply: unknown): readonly Entry[] {
  if (!Array.isArray(reply)) return []
  return reply.flatMap((entry) => {
    if (!Array.isArray(entry) || !Buffer.isBuffer(entry[0])) return []
    const value: unknown = Array.isArray(entry[1]) ? entry[1][1] : undefined
    return [{ id: entry[0].toString('latin1'), bytes: Buffer.isBuffer(value) ? value : Buffer.alloc(0) }]
  })
}

export const metaFields = ['epoch', 'offset', 'id', 'cumulative'] as const

/**
 * A log's newest position from these fields of its meta: the beginning of its life while nothing was appended;
 * `undefined` where there is no log, or none that can be read.
 */
export function positionFrom(environmentId: string, reply: unknown): Position | undefined {
  const [epoch, offsetText, id, cumulativeText] = Array.isArray(reply) ? reply : []
  if (typeof epoch !== 'string') return undefined
  if (id === null && offsetText === null) return beginning(environmentId, epoch)
  const offset = Number(offsetText)
  const cumulative = Number(cumulativeText)
  if (typeof id !== 'string' || !isCount(offset) || !isCount(cumulative)) return undefined
  return { environmentId, epoch, offset, id, cumulative }
}
