import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Limits } from '../../domain/limits.ts'
import { answerJson } from '../answer.ts'
import { identified } from './ndjson.ts'
import { newestMatches } from './newest.ts'
import { readQuery, refuse } from './query.ts'
import type { SeenLogs } from './seen-logs.ts'

export type ImpressionsParts = {
  /** The logs as whoever asks may see them. */
  readonly seen: SeenLogs
  readonly limits: Limits
}

/** `GET /api/impressions?q=&limit=`: `{"impressions":[…],"complete":bool}` from the log, newest first. */
export async function answerImpressions(
  { seen, limits }: ImpressionsParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = readQuery(request, ['q', 'limit'], { limits, seen })
  if (!query.ok) return refuse(response, 400, query.error)
  const { matcher, environments } = seen.compile(query.value.filter)
  const newest = await newestMatches({
    before: seen.before.bind(seen),
    matcher,
    from: new Map([...environments.keys()].map((id) => [id, undefined])),
    rows: query.value.limit,
    bytes: limits.backfillBytes,
    stale: () => response.destroyed,
  })
  if (response.destroyed) return
  if (!newest.ok) return refuse(response, 503, { message: newest.error.message })
  const impressions = newest.value.matches.flatMap((match) => [...identified(match)].reverse())
  answerJson(response, 200, { impressions, complete: newest.value.complete })
}
