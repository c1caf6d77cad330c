import { beginning, type Cursor, type Gap, type Position, positionOf, samePoint } from '../../domain/chain.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure, LogPage } from '../bus/bus.ts'
import { HeardBatch } from './heard.ts'
import type { Logs } from './logs.ts'

export type CatchUpParts = {
  readonly bus: Bus
  readonly logs: Logs
  readonly environments: ReadonlySet<string>
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

/** Reads several logs from a cursor to the point where live hearing goes on, and joins there without a hole or a repeat. */
export async function catchUp(parts: CatchUpParts): Promise<Result<void, BusFailure>> {
  const at = new Map<string, Position>()
  for (const id of parts.environments) {
    at.set(id, parts.cursor.find((position) => position.environmentId === id) ?? beginning(id))
  }
  while (!parts.stale()) {
    const far = [...at.values()].filter((position) => !isNear(parts, position))
    if (far.length === 0) {
      for (const position of at.values()) takeRest(parts, position)
      parts.joined()
      break
    }
    for (const position of far) {
      const moved = await readOn(parts, position)
      if (!moved.ok) return moved
      at.set(position.environmentId, moved.value)
    }
    await new Promise(setImmediate)
  }
  return ok(undefined)
}

function targetOf(parts: CatchUpParts, environmentId: string): Position {
  return parts.point().find((position) => position.environmentId === environmentId) ?? beginning(environmentId)
}

/** What was delivered between a position and the target; `undefined` when only the log can tell. */
function rest(parts: CatchUpParts, position: Position, most: number): readonly HeardBatch[] | undefined {
  const target = targetOf(parts, position.environmentId)
  if (samePoint(position, target)) return []
  return parts.logs.delivered(position, most)?.filter((batch) => isWithin(batch, target))
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
async function readOn(parts: CatchUpParts, position: Position): Promise<Result<Position, BusFailure>> {
  const { environmentId } = position
  const delivered = rest(parts, position, parts.pageBatches)
  if (delivered) return ok(await takeAll(parts, position, delivered))
  await parts.logs.readBack(environmentId)
  const held = rest(parts, position, parts.pageBatches)
  if (held) return ok(await takeAll(parts, position, held))
  const page = await parts.bus.after(environmentId, position)
  if (!page.ok) return page
  const target = targetOf(parts, environmentId)
  if (page.value.end.epoch !== target.epoch) {
    await reachSameLog(parts, environmentId)
    return ok(position)
  }
  return ok(await takePage(parts, position, page.value, target))
}

async function takePage(parts: CatchUpParts, from: Position, page: LogPage, target: Position): Promise<Position> {
  if (page.gap) parts.gap(page.gap)
  if (page.batches.length === 0) return page.end
  const within = page.batches.map((batch) => new HeardBatch(batch)).filter((batch) => isWithin(batch, target))
  // Behind a gap that ends beyond the target there is nothing to take: the rows up to there come with the live ones.
  return takeAll(parts, page.gap ? target : from, within)
}

async function takeAll(parts: CatchUpParts, from: Position, batches: readonly HeardBatch[]): Promise<Position> {
  let position = from
  for (const batch of batches) {
    if (parts.stale()) break
    await parts.take(batch)
    position = positionOf(position.environmentId, batch.chain)
  }
  return position
}

/** The log began anew, and the follower or the rows that still wait speak of the old one: let them come to the new. */
async function reachSameLog(parts: CatchUpParts, environmentId: string): Promise<void> {
  await parts.logs.fill(environmentId)
  await new Promise((resolve) => setTimeout(resolve, pollMs))
}
