import type { Cursor, Gap, Position } from '../../domain/chain.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { catchUp } from './catch-up.ts'
import { Collector, type Counted } from './collect.ts'
import { type EncodedMessage, encodeStart, type Group } from './frames.ts'
import { newestMatches } from './newest.ts'
import type { SeenLogs } from './seen-logs.ts'
import { type Tail, tailPoint } from './tail.ts'

export type PastParts = {
  readonly logs: SeenLogs
  readonly limits: Limits
  readonly tail: Tail
  readonly revision: number
  /** What its filter calls an environment, and none is called. */
  readonly unknownEnvironments: readonly string[]
  /** Where the viewer stands; without one it is given the newest matches of the log. */
  readonly cursor: Cursor | undefined
  /** The viewer has left or wants something else. */
  readonly stale: () => boolean
}

type Joined = (start: EncodedMessage) => void

/**
 * Reads what a viewer has not seen and hands over the `start` that says so, in the very turn in which it speaks of the
 * Tail's point: whoever joins the Tail's room in that turn misses nothing and gets nothing twice.
 */
export function readPast(parts: PastParts, joined: Joined): Promise<Result<void, BusFailure>> {
  return parts.cursor ? replay(parts, parts.cursor, joined) : backfill(parts, joined)
}

/** Everything since the cursor is counted; the newest matches come as rows. */
function replay(parts: PastParts, cursor: Cursor, joined: Joined): Promise<Result<void, BusFailure>> {
  const collector = new Collector(
    parts.tail.matcher,
    { rows: parts.limits.replayRows, bytes: parts.limits.replayBytes },
    parts.limits.tailTreatments,
  )
  const gaps: Gap[] = []
  return followUp(parts, cursor, collector, gaps, () => {
    const { matches, kept, all } = collector.collected()
    joined(startOf(parts, { matches, replayed: all, complete: kept.matched === all.matched, gaps }))
  })
}

/** The newest matches of the log, then what came in while they were read. */
async function backfill(parts: PastParts, joined: Joined): Promise<Result<void, BusFailure>> {
  const { logs, tail, limits } = parts
  const before = logs.beforeNear.bind(logs)
  const point = tailPoint(tail, parts.logs.positions)
  const from = new Map(point.map((position) => [position.environmentId, position] as const))
  const { backfillRows: rows, backfillBytes: bytes, tailTreatments } = limits
  const older = await newestMatches({ before, matcher: tail.matcher, from, rows, bytes, stale: parts.stale })
  if (!older.ok) return older
  const collector = new Collector(tail.matcher, { rows, bytes: limits.replayBytes }, tailTreatments)
  for (const match of [...older.value.matches].reverse()) collector.add(match)
  const gaps: Gap[] = []
  return followUp(parts, point, collector, gaps, () => {
    const { matches, kept, all, dropped } = collector.collected()
    const complete = older.value.complete && kept.matched === all.matched
    const reached = older.value.reached.map((one) => dropped.find((at) => isOfLog(at, one)) ?? one)
    joined(startOf(parts, { matches, replayed: kept, complete, ...(!complete && { older: reached }), gaps }))
  })
}

function followUp(
  parts: PastParts,
  cursor: Cursor,
  collector: Collector,
  gaps: Gap[],
  joined: () => void,
): Promise<Result<void, BusFailure>> {
  const { logs, tail, limits, stale } = parts
  return catchUp({
    logs,
    environments: tail.environments.keys(),
    cursor,
    point: () => tailPoint(tail, logs.positions),
    take: (batch) => collector.take(batch),
    gap: (gap) => gaps.push(gap),
    stale,
    pageBatches: limits.replayPageBatches,
    joined,
  })
}

type Found = {
  readonly matches: readonly Group[]
  readonly replayed: Counted
  readonly complete: boolean
  readonly older?: Cursor
  readonly gaps: readonly Gap[]
}

function isOfLog(one: Position, other: Position): boolean {
  return one.environmentId === other.environmentId
}

function startOf(
  { tail, logs, revision, unknownEnvironments }: PastParts,
  { matches, ...found }: Found,
): EncodedMessage {
  const environments = logs.environments.map(({ id, name }) => ({
    id,
    name,
    masked: logs.isMaskedIn(id) ? (true as const) : undefined,
  }))
  const cursor = tailPoint(tail, logs.positions)
  const { id, sequence } = tail
  const told = { revision, tail: id, sequence, cursor, ...tail.totals(), environments, unknownEnvironments, ...found }
  return encodeStart(told, matches)
}
