import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cursor } from '../../domain/chain.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { answerJson } from '../answer.ts'
import { readCursor } from './cursor-text.ts'
import type { SeenLogs } from './seen-logs.ts'

/** What a script may ask: `q` a filter, and by endpoint `cursor` or `limit`. */
export type Query = { readonly filter: Filter; readonly cursor: Cursor | undefined; readonly limit: number }

/** The body of a refusal, as its asker reads it. */
export type QueryRefusal =
  | { readonly message: string; readonly token: string; readonly position: number }
  | { readonly message: string; readonly field: string }

/** Reads the query strictly: an unknown or doubled parameter is a mistake that should not go unnoticed. */
export function readQuery(
  request: IncomingMessage,
  names: readonly ('q' | 'cursor' | 'limit')[],
  { limits, seen }: { readonly limits: Limits; readonly seen: SeenLogs },
): Result<Query, QueryRefusal> {
  const { searchParams } = new URL(request.url ?? '/', 'http://any')
  for (const name of searchParams.keys()) {
    if (!names.some((known) => known === name)) return failed({ message: `unknown parameter ${name}`, field: name })
    if (searchParams.getAll(name).length > 1) return failed({ message: `${name} is given twice`, field: name })
  }
  const filter = seen.read(searchParams.get('q') ?? '')
  if (!filter.ok) return filter
  const limit = Number(searchParams.get('limit') ?? 100)
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.impressionsRows) {
    return failed({ message: `limit is a whole number from 1 to ${limits.impressionsRows}`, field: 'limit' })
  }
  const text = searchParams.get('cursor')
  if (text === null) return ok({ filter: filter.value, cursor: undefined, limit })
  const cursor = readCursor(text)
  if (!cursor.ok) return failed({ message: `cursor is not one of ours: ${cursor.error}`, field: 'cursor' })
  return ok({ filter: filter.value, cursor: cursor.value, limit })
}

/** Answers with an error in the house's shape. */
export function refuse(
  response: ServerResponse,
  status: number,
  error: QueryRefusal | { readonly message: string },
): void {
  answerJson(response, status, { error }, status === 503 ? { 'Retry-After': '1' } : {})
}
