import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseFilter } from '../../domain/filter/parse.ts'
import { answerJson } from '../answer.ts'
import type { AccessParts } from './access.ts'
import { readSmallBody } from './request-body.ts'

export type ExportedParts = Pick<AccessParts, 'visitorOf' | 'signedOut' | 'audit' | 'hashFilter' | 'peers'>

/** `POST /api/exported {format, rows, filter}`: the page has written rows to a file, for the audit log. */
export async function noteExport(
  { visitorOf, signedOut, audit, hashFilter, peers }: ExportedParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await visitorOf(request)
  if (typeof asked === 'string') return signedOut(asked, response)
  const { format, rows, filter } = (await readSmallBody(request)) ?? {}
  const parsed = typeof filter === 'string' ? parseFilter(filter) : undefined
  if ((format !== 'ndjson' && format !== 'csv') || typeof rows !== 'number' || !parsed?.ok) {
    return answerJson(response, 400, { error: { message: '"format", "rows" and "filter" are wanted' } })
  }
  const who = { person: asked.person.id, address: peers.address(request) }
  audit.record({ event: 'export', ...who, format, rows, filter: hashFilter(parsed.value) })
  answerJson(response, 200, {})
}
