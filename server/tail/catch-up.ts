import { positionBefore } from '../../domain/batch.ts'
import { type Cursor, type Gap, type Position, positionOf, samePoint } from '../../domain/chain.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { systemClock } from '../clock.ts'
import type { HeardBatch } from './heard.ts'
import { standingIn } from './positions.ts'
import type { SeenLogs, SeenPage } from './seen-logs.ts'

export type CatchUpParts = {
  readonly logs: SeenLogs
  readonly environments: Iterable<string>
  /** Where the reader stands. A log that it lacks is read from its beginning: its environment is newer than the cursor. */
  readonly cursor: Cursor
  /** Where it is to join: at most where the followed logs stand, and moving on. */
  readonly point: () => Cursor
  /** Each batch between the two, once, in the log's order. Awaited while there is far to go, so a slow reader slows only itself. */
  readonly take: (batch: HeardBatch) => void | Promise<void>
  readonly gap: (gap: Gap) => void
  /** The reader has left or wants something else: stop. */
  readonly stale: () => boolean
  readonly pageBatches: number
  /** Called in the same turn in which the last batch was taken: nothing can come between. */
  readonly joined: () => void
}

/** So few batches are left that they may be taken in one turn. */
const nearBatches = 4
const pollMs = 10
const turnMs = { first: 5, longest: 40 } as const

/** Reads several logs from a cursor to the point where live hearing goes on, and joins there without a hole or a repeat. */
export async function catchUp(parts: CatchUpParts): Promise<Result<void, BusFailure>> {
  const at = new Map<string, Position>()
  for (const id of parts.environments) {
    at.set(id, standingIn(parts.cursor, id, parts.logs.positions))
  }
  const turn = new Turn()
  while (!parts.stale()) {
    const far = [...at.values()].filter((position) => !isNear(parts, position))
    if (far.length === 0) {
      for (const position of at.values()) takeRest(parts, position)
      parts.joined()
      break
    }
    for (const position of far) {
      const moved = await readOn(parts, turn, position)
      if (!moved.ok) return moved
      at.set(position.environmentId, moved.value)
    }
    await turn.goOn()
  }
  return ok(undefined)
}

function targetOf(parts: CatchUpParts, environmentId: string): Position {
  return standingIn(parts.point(), environmentId, parts.logs.positions)
}

/** What was delivered between a position and the target; `undefined` when only the log can tell. */
function rest(parts: CatchUpParts, position: Position, most: number): readonly HeardBatch[] | undefined {
  const target = targetOf(parts, position.environmentId)
  if (samePoint(position, target)) return []
  if (isBeyond(position, target)) return undefined
  const within = parts.logs.delivered(position, most)?.filter((batch) => isWithin(batch, target))
  return within?.length === 0 ? undefined : within // none: the rows that wait are of another life of the log
}

/** The reader has read what still waits here: on another server, or before it came to this Tail. */
function isBeyond(position: Position, target: Position): boolean {
  return position.offset > target.offset && (target.epoch === undefined || target.epoch === position.epoch)
}

function isWithin(batch: HeardBatch, target: Position): boolean {
  return batch.chain.epoch === target.epoch && batch.chain.offset <= target.offset
}

function isNear(parts: CatchUpParts, position: Position): boolean {
  const left = rest(parts, position, nearBatches + 1)
  return left !== undefined && left.length <= nearBatches
}

function takeRest(parts: CatchUpParts, position: Position): void {
  for (const batch of rest(parts, position, nearBatches) ?? []) void parts.take(batch)
}

/** Takes one page and says where that leaves the reader. */
async function readOn(parts: CatchUpParts, turn: Turn, position: Position): Promise<Result<Position, BusFailure>> {
  const { environmentId } = position
  const delivered = rest(parts, position, parts.pageBatches)
  if (delivered) return ok(await takeAll(parts, turn, position, delivered))
  await parts.logs.readBack(environmentId)
  const held = rest(parts, position, parts.pageBatches)
  if (held) return ok(await takeAll(parts, turn, position, held))
  const page = await parts.logs.after(environmentId, position)
  if (!page.ok) return page
  const target = targetOf(parts, environmentId)
  const counted = !page.value.gap || page.value.gap.reason === 'trimmed'
  const waits = counted && isBeyond(position, target)
  if (waits || page.value.end.epoch !== target.epoch) {
    await letCome(parts, environmentId)
    return ok(position)
  }
  const { within, from } = untilTarget(parts, position, page.value, target)
  return ok(await takeAll(parts, turn, from, within))
}

/** What of a page lies before the target, and where the reader is before it takes that. */
function untilTarget(parts: CatchUpParts, from: Position, page: SeenPage, target: Position) {
  const within = page.batches.filter((batch) => isWithin(batch, target))
  if (parts.stale()) return { within: [], from }
  if (page.gap?.impressions !== undefined && within.length === 0) {
    // what lies behind the target comes live, or is told as a gap there
    parts.gap({ ...page.gap, impressions: target.cumulative - from.cumulative })
    return { within, from: target }
  }
  if (page.gap) parts.gap(page.gap)
  const first = page.batches[0]
  if (!first) return { within, from: page.end }
  // what was told is behind the reader, also when none of this page may be taken yet
  return { within, from: page.gap ? positionBefore(from.environmentId, first) : from }
}

async function takeAll(
  parts: CatchUpParts,
  turn: Turn,
  from: Position,
  batches: readonly HeardBatch[],
): Promise<Position> {
  let position = from
  for (const batch of batches) {
    await turn.goOn()
    if (parts.stale()) break
    await parts.take(batch)
    position = positionOf(position.environmentId, batch.chain)
  }
  return position
}

/** The follower, or the rows that still wait here, speak of an earlier point: lets them come to where the reader is. */
async function letCome(parts: CatchUpParts, environmentId: string): Promise<void> {
  await parts.logs.fill(environmentId)
  await new Promise((resolve) => setTimeout(resolve, pollMs))
}

/**
 * Lets other work have its turn now and then, by time and never oftener: what comes in meanwhile on a busy machine is more than
 * a reader may be away from the head to join, so it has to look again in the turn in which it has read. Turns become longer,
 * since time passes without work there, and a reader that is slower than the log would never arrive.
 */
class Turn {
  #ms: number = turnMs.first
  #endsMs = systemClock.monotonicMs() + turnMs.first

  async goOn(): Promise<void> {
    if (systemClock.monotonicMs() < this.#endsMs) return
    await new Promise(setImmediate)
    this.#ms = Math.min(this.#ms + 1, turnMs.longest)
    this.#endsMs = systemClock.monotonicMs() + this.#ms
  }
}
