import { beginning, type Cursor, type Position } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { type Newest, newestMatches } from './newest.ts'
import type { SeenLogs } from './seen-logs.ts'

export type OlderParts = {
  readonly logs: Pick<SeenLogs, 'before' | 'head'>
  readonly matcher: Matcher
  readonly from: Cursor
  readonly limits: Pick<Limits, 'olderRows' | 'replayBytes' | 'backfillBytes'>
  readonly stale: () => boolean
}

/** The newest matches before a cursor, in whole batches. A log that went another way since has none of them any more. */
export async function readOlder(parts: OlderParts): Promise<Result<Newest, BusFailure>> {
  const { logs, matcher, limits, stale } = parts
  const from = new Map<string, Position>()
  for (const position of parts.from) {
    const standing = await standingNow(logs, position)
    if (!standing.ok) return standing
    from.set(position.environmentId, standing.value)
  }
  return newestMatches({
    before: logs.before.bind(logs),
    matcher,
    from,
    rows: limits.olderRows,
    bytes: limits.backfillBytes,
    whole: { rowBytes: limits.replayBytes },
    stale,
  })
}

/**
 * Where to read back from. A log that ends before the position has lost what stood there: what it has now may be of
 * another branch, and nobody could tell.
 */
async function standingNow(logs: OlderParts['logs'], position: Position): Promise<Result<Position, BusFailure>> {
  if (position.offset === 0) return ok(position)
  const head = await logs.head(position.environmentId)
  if (!head.ok) return head
  const { epoch, offset } = head.value
  if (epoch === position.epoch && offset >= position.offset) return ok(position)
  return ok(beginning(position.environmentId, position.epoch))
}
