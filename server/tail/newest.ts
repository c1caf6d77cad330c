import { positionBefore } from '../../domain/batch.ts'
import { beginning, type Chain, type Cursor, type Position, positionOf } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { candidateFinder } from './candidates.ts'
import { groupBytes } from './frames.ts'
import type { HeardBatch, Pick } from './heard.ts'
import { type Match, matchBatch, pickedIndexes, pickedRows } from './match.ts'
import type { SeenLogs } from './seen-logs.ts'

export type NewestParts = {
  /** Reads the page of a log before an offset. */
  readonly before: SeenLogs['before']
  readonly matcher: Matcher
  /** Where to read back from, per environment: this position included, or the log's head where there is none. */
  readonly from: ReadonlyMap<string, Position | undefined>
  /** Stops after this many rows, or after this many bytes of log over all environments; one batch is always looked at. */
  readonly rows: number
  readonly bytes: number
  /** Takes no batch in part: stops before one that is too many, or whose rows are too many bytes, unless it is the first. */
  readonly whole?: { readonly rowBytes: number }
  /** Whoever asked has left or wants something else: stop. */
  readonly stale: () => boolean
}

export type Newest = {
  /** Newest first. */
  readonly matches: readonly Match[]
  /**
   * How far back that came, per environment of `from`: every match behind this is in `matches`. A batch of which only some
   * rows are there counts as not come to, so that it comes again; a log that is used up stands at its beginning.
   */
  readonly reached: Cursor
  /** Nothing older that matches is in the log. */
  readonly complete: boolean
}

/**
 * The newest matches of several logs, read backwards and merged by reception time, then environment id, each log's own
 * order kept. Yields to other work between pages.
 */
export async function newestMatches(parts: NewestParts): Promise<Result<Newest, BusFailure>> {
  const readers = [...parts.from].map(([id, position]) => new BackwardReader(parts.before, id, position))
  const candidates = candidateFinder(parts.matcher)
  const taken = new Taken(parts)
  const found = (complete: boolean): Result<Newest, never> =>
    ok({ matches: taken.matches, reached: readers.map((reader) => reader.position), complete })
  let bytes = 0
  for (let turn = 1; !parts.stale(); turn++) {
    if (turn % turnBatches === 0) await new Promise(setImmediate)
    for (const reader of readers.filter((one) => one.spent)) {
      const loaded = await reader.load()
      if (!loaded.ok) return loaded
    }
    const reader = newestOf(readers)
    const batch = reader?.next
    if (!reader || !batch) return found(true)
    bytes += batch.bytes
    if (bytes > parts.bytes && turn > 1) return found(false)
    const match = matchBatch(parts.matcher, batch, candidates(batch))
    batch.forget()
    if (match && !taken.take(match)) return found(false)
    reader.pass()
  }
  return ok({ matches: [], reached: [], complete: false })
}

/** The matches that there was room for. */
class Taken {
  readonly matches: Match[] = []
  readonly #bounds: NewestParts
  #rows = 0
  #rowBytes = 0

  constructor(bounds: NewestParts) {
    this.#bounds = bounds
  }

  /** Whether there was room for the match as a whole. */
  take(match: Match): boolean {
    const left = this.#bounds.rows - this.#rows
    return this.#bounds.whole ? this.#takeWhole(match, left, this.#bounds.whole.rowBytes) : this.#takeRows(match, left)
  }

  #takeWhole(match: Match, left: number, mostBytes: number): boolean {
    this.#rowBytes += groupBytes(match)
    const isTooMuch = match.impressions > left || this.#rowBytes > mostBytes
    if (isTooMuch && this.matches.length > 0) return false
    this.#push(match)
    return true
  }

  #takeRows(match: Match, left: number): boolean {
    if (match.impressions <= left) this.#push(match)
    else if (left > 0) this.#push(newestRows(match, left))
    return match.impressions <= left
  }

  #push(match: Match): void {
    this.matches.push(match)
    this.#rows += match.impressions
  }
}

/** So many batches are looked at before other work has its turn. */
const turnBatches = 16

/** The last `rows` rows of a match, for a list that has no room for more; its counts are of those rows alone. */
export function newestRows(match: Match, rows: number): Match {
  const picks: Pick[] = []
  const treatments: [string, number][] = []
  let left = rows
  for (const pick of [...match.picks].reverse()) {
    if (left <= 0) break
    const kept: Pick = pickedRows(pick) <= left ? pick : { span: pick.span, rows: pickedIndexes(pick).slice(-left) }
    left -= pickedRows(kept)
    picks.unshift(kept)
    for (const index of pickedIndexes(kept)) treatments.push([match.batch.impression(kept.span, index).treatment, 1])
  }
  return { batch: match.batch, impressions: rows - left, treatments, picks }
}

function newestOf(readers: readonly BackwardReader[]): BackwardReader | undefined {
  let newest: BackwardReader | undefined
  for (const reader of readers) {
    if (reader.receivedMs !== undefined && (newest === undefined || reader.isNewerThan(newest))) newest = reader
  }
  return newest
}

/** Reads one log backwards, a page at a time. */
class BackwardReader {
  readonly #before: SeenLogs['before']
  readonly #environmentId: string
  /** Where the next page goes on, unless the log went another way since. */
  #expected: Position | undefined
  #offset: number | undefined
  #page: readonly HeardBatch[] = []
  #at = 0
  #more = true

  constructor(before: SeenLogs['before'], environmentId: string, position: Position | undefined) {
    this.#before = before
    this.#environmentId = environmentId
    this.#expected = position
    this.#offset = position && position.offset + 1
    this.#more = position?.offset !== 0
  }

  /** The newest batch that was not passed yet, as far as it is loaded. */
  get next(): HeardBatch | undefined {
    return this.#page[this.#at]
  }

  get receivedMs(): number | undefined {
    return this.next?.header.shared.receptionTimestamp
  }

  /** Everything behind this was passed. */
  get position(): Position {
    if (this.next) return positionOf(this.#environmentId, this.next.chain)
    return (this.#more && this.#expected) || beginning(this.#environmentId, this.#expected?.epoch)
  }

  isNewerThan(other: BackwardReader): boolean {
    const [mine, theirs] = [this.receivedMs ?? 0, other.receivedMs ?? 0]
    return mine > theirs || (mine === theirs && this.#environmentId > other.#environmentId)
  }

  /** The page is used up, and the log has another. */
  get spent(): boolean {
    return this.#more && this.#at >= this.#page.length
  }

  async load(): Promise<Result<void, BusFailure>> {
    await new Promise(setImmediate)
    const page = await this.#before(this.#environmentId, this.#offset)
    if (!page.ok) return page
    const first = page.value.batches[0]
    if (this.#expected && first && leadsElsewhere(first.chain, this.#expected)) {
      this.#more = false
      return ok(undefined)
    }
    const last = page.value.batches.at(-1)
    this.#page = page.value.batches
    this.#at = 0
    this.#more = page.value.more && last !== undefined
    this.#offset = last?.chain.offset ?? this.#offset
    this.#expected = last && positionBefore(this.#environmentId, last)
    return ok(undefined)
  }

  pass(): void {
    this.#at++
  }
}

/** The log began anew or went another way since; an unreadable batch that was left out is no such thing. */
function leadsElsewhere({ epoch, offset, id }: Chain, expected: Position): boolean {
  return epoch !== expected.epoch || (offset === expected.offset && id !== expected.id)
}
