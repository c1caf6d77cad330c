import { type Cursor, type Gap, type Position, positionOf, samePoint } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { groupBytes } from './frames.ts'
import { type Match, matchBatch } from './match.ts'
import { standingIn } from './positions.ts'
import type { SeenLogs, SeenPage } from './seen-logs.ts'

export type RangeParts = {
  readonly logs: Pick<SeenLogs, 'after'>
  readonly matcher: Matcher
  readonly from: Cursor
  readonly to: Cursor
  /** Stops with the batch that reaches this many rows. */
  readonly rows: number
  /** And with the one that reaches this many bytes. */
  readonly bytes: number
  readonly stale: () => boolean
}

/** The oldest matches of a range, log after log, and how far that came. */
export type Range = {
  readonly matches: readonly Match[]
  readonly reached: Cursor
  readonly complete: boolean
  readonly gaps: readonly Gap[]
}

/** Reads the matches between two cursors again, oldest first, as far as the logs still hold them. */
export async function readRange(parts: RangeParts): Promise<Result<Range, BusFailure>> {
  const matches: Match[] = []
  const gaps: Gap[] = []
  const reached: Position[] = []
  let rows = 0
  let bytes = 0
  for (const target of parts.to) {
    let position: Position = standingIn(parts.from, target.environmentId, [target])
    while (!samePoint(position, target) && rows < parts.rows && bytes < parts.bytes && !parts.stale()) {
      const page = await parts.logs.after(target.environmentId, position)
      if (!page.ok) return page
      if (page.value.gap) gaps.push(page.value.gap)
      const taken = takePage(parts, page.value, target, { rows: parts.rows - rows, bytes: parts.bytes - bytes })
      for (const match of taken.matches) {
        rows += match.impressions
        bytes += groupBytes(match)
      }
      matches.push(...taken.matches)
      position = taken.end
    }
    reached.push(position)
  }
  const complete = reached.every((position, index) => samePoint(position, parts.to[index] ?? position))
  return ok({ matches, reached, complete, gaps })
}

/** What of a page lies before the target and within so many rows. What the log does not hold counts as read. */
function takePage(
  parts: RangeParts,
  page: SeenPage,
  target: Position,
  room: { readonly rows: number; readonly bytes: number },
): { matches: Match[]; end: Position } {
  const matches: Match[] = []
  let { rows, bytes } = room
  let end: Position = target
  for (const batch of page.batches) {
    if (batch.chain.epoch !== target.epoch || batch.chain.offset > target.offset) return { matches, end: target }
    end = positionOf(target.environmentId, batch.chain)
    const match = matchBatch(parts.matcher, batch)
    batch.forget()
    if (!match) continue
    matches.push(match)
    rows -= match.impressions
    bytes -= groupBytes(match)
    if (rows <= 0 || bytes <= 0) return { matches, end }
  }
  return { matches, end: page.more ? end : target }
}
