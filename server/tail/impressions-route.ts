import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileFilter } from '../../domain/filter/compile.ts'
import type { Environment } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { answerJson } from '../answer.ts'
import type { Bus } from '../bus/bus.ts'
import { identified } from './ndjson.ts'
import { newestMatches } from './newest.ts'
import { readQuery, refuse } from './query.ts'

export type ImpressionsParts = {
  readonly bus: Bus
  readonly environments: readonly Environment[]
  readonly limits: Limits
}

/** `GET /api/impressions?q=&limit=`: `{"impressions":[…],"complete":bool}` from the log, newest first. */
export async function answerImpressions(
  { bus, environments, limits }: ImpressionsParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = readQuery(request, ['q', 'limit'], limits)
  if (!query.ok) return refuse(response, 400, query.error)
  const matcher = compileFilter(query.value.filter)
  const from = new Map(environments.filter(matcher.environment).map(({ id }) => [id, undefined] as const))
  const newest = await newestMatches({
    before: bus.before.bind(bus),
    matcher,
    from,
    rows: query.value.limit,
    bytes: limits.backfillBytes,
    stale: () => response.destroyed,
  })
  if (response.destroyed) return
  if (!newest.ok) return refuse(response, 503, { message: newest.error.message })
  const impressions = newest.value.matches.flatMap((match) => [...identified(match)].reverse())
  answerJson(response, 200, { impressions, complete: newest.value.complete })
}
