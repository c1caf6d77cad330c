import { beginning, type Cursor, type Position } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure } from '../bus/bus.ts'
import { type Newest, newestMatches } from './newest.ts'

export type OlderParts = {
  readonly bus: Bus
  readonly matcher: Matcher
  readonly from: Cursor
  readonly limits: Pick<Limits, 'olderRows' | 'replayBytes' | 'backfillBytes'>
  readonly stale: () => boolean
}

/** The newest matches before a cursor, in whole batches. A log that went another way since has none of them any more. */
export async function readOlder(parts: OlderParts): Promise<Result<Newest, BusFailure>> {
  const { bus, matcher, limits, stale } = parts
  const from = new Map<string, Position>()
  for (const position of parts.from) {
    const standing = await standingNow(bus, position)
    if (!standing.ok) return standing
    from.set(position.environmentId, standing.value)
  }
  return newestMatches({
    before: bus.before.bind(bus),
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
async function standingNow(bus: Bus, position: Position): Promise<Result<Position, BusFailure>> {
  if (position.offset === 0) return ok(position)
  const head = await bus.head(position.environmentId)
  if (!head.ok) return head
  const { epoch, offset } = head.value
  if (epoch === position.epoch && offset >= position.offset) return ok(position)
  return ok(beginning(position.environmentId, position.epoch))
}
