import type { Cursor, Gap } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Totals } from '../../domain/protocol.ts'
import { TokenBucket } from '../token-bucket.ts'
import { type EncodedMessage, encodeFrame, type Group, groupBytes } from './frames.ts'
import type { HeardBatch, Pick } from './heard.ts'
import type { Hearer } from './interest.ts'
import { type Match, matchBatch } from './match.ts'
import type { Positions } from './positions.ts'
import { type Admitted, sampleRows } from './sample.ts'
import { TreatmentCounter } from './treatments.ts'

type Arrived = { readonly match: Match; readonly before: Positions }
type Waiting = Admitted & { readonly before: Positions; readonly bytes: number }
/** A gap, where the logs stood before it, and how many batches are still to leave before it is told. */
type WaitingGap = { readonly gap: Gap; readonly before: Positions; readonly batchesBefore: number }

export type TailParts = {
  /** Short id: the room's name, and what frames carry. */
  readonly id: string
  /** Canonical text of the filter. */
  readonly filter: string
  readonly matcher: Matcher
  /** Ids of the environments that it reads. */
  readonly environments: ReadonlySet<string>
  readonly limits: Limits
  readonly random: () => number
  /** Called when a frame is wanted soon. */
  readonly wake: () => void
}

/**
 * One distinct filter, however many viewers share it. Counts every match exactly; sends a bounded, uniform sample of the
 * rows, by whole batches, and speaks in each frame of one point: the last batch whose rows have all left or been sampled
 * out.
 */
export class Tail implements Hearer {
  readonly id: string
  readonly filter: string
  readonly matcher: Matcher
  readonly environments: ReadonlySet<string>
  readonly #limits: Limits
  readonly #random: () => number
  readonly #wake: () => void
  readonly #rowTokens: TokenBucket
  readonly #treatments: TreatmentCounter
  #arrived: Arrived[] = []
  #waiting: Waiting[] = []
  #gaps: readonly WaitingGap[] = []
  #waitingBytes = 0
  #matched = 0
  #sent = 0
  #sequence = 0

  constructor(parts: TailParts, nowMs: number) {
    this.id = parts.id
    this.filter = parts.filter
    this.matcher = parts.matcher
    this.environments = parts.environments
    this.#limits = parts.limits
    this.#random = parts.random
    this.#wake = parts.wake
    this.#rowTokens = new TokenBucket(parts.limits.tailRowsPerSecond, parts.limits.tailRowsBurst, nowMs)
    this.#treatments = new TreatmentCounter(parts.limits.tailTreatments)
  }

  get sequence(): number {
    return this.#sequence
  }

  totals(): Totals {
    return { matched: this.#matched, sent: this.#sent, perTreatment: this.#treatments.totals() }
  }

  /** The point that totals speak of, given where the logs are now. */
  point(now: Positions): Positions {
    const gap = this.#gaps[0]
    if (gap?.batchesBefore === 0) return gap.before
    return this.#waiting[0]?.before ?? this.#arrived[0]?.before ?? now
  }

  /** Takes a batch with the rows that may be of interest; `before` is where the logs stood before it. */
  hear(batch: HeardBatch, candidates: readonly Pick[], before: Positions): void {
    const match = matchBatch(this.matcher, batch, candidates)
    if (!match) return
    this.#arrived.push({ match, before })
    this.#wake()
  }

  hearGap(gap: Gap, before: Positions): void {
    const batchesBefore = this.#waiting.length + this.#arrived.length
    this.#gaps = [...this.#gaps, { gap, before, batchesBefore }]
    this.#wake()
  }

  /** Gaps of which all rows before them have left; they go out behind the frame that holds the last of those. */
  takeGaps(): readonly Gap[] {
    const due = this.#gaps.filter(({ batchesBefore }) => batchesBefore === 0)
    this.#gaps = this.#gaps.slice(due.length)
    return due.map(({ gap }) => gap)
  }

  /**
   * The next frame: what may leave of the rows that wait, and the totals at the point where that leaves it. Encoded only
   * when somebody is there to read it.
   */
  takeFrame(now: Positions, nowMs: number, wanted: boolean): EncodedMessage | undefined {
    this.#admit(nowMs)
    const leaving = this.#leave()
    for (const { match, rows } of leaving) this.#count(match, rows)
    this.#sequence++
    if (this.#waiting.length > 0) this.#wake()
    if (!wanted) return undefined
    const cursor = tailPoint(this, now)
    const frame = { tail: this.id, sequence: this.#sequence, cursor, ...this.totals() }
    return encodeFrame(frame, leaving.filter((one) => one.rows > 0).map(groupOf))
  }

  /** Decides which of the rows that arrived since the last frame may leave, now or in the frames after. */
  #admit(nowMs: number): void {
    if (this.#arrived.length === 0) return
    const arrived = this.#arrived
    this.#arrived = []
    const matches = arrived.map((one) => one.match)
    const keep = Math.min(this.#rowTokens.available(nowMs), this.#rowsThatFit(matches))
    for (const [index, admitted] of sampleRows(matches, keep, this.#random).entries()) {
      const bytes = admitted.rows === 0 ? 0 : groupBytes(groupOf(admitted))
      this.#waitingBytes += bytes
      this.#waiting.push({ ...admitted, bytes, before: arrived[index]?.before ?? [] })
      this.#rowTokens.take(admitted.rows)
    }
  }

  /** How many of the arrived rows the bytes that wait leave room for. */
  #rowsThatFit(matches: readonly Match[]): number {
    let rows = 0
    let bytes = 0
    for (const match of matches) {
      rows += match.impressions
      bytes += groupBytes(match)
    }
    const room = Math.max(0, this.#limits.tailWaitingBytes - this.#waitingBytes)
    return bytes <= room ? rows : Math.floor((rows * room) / bytes)
  }

  /** Whole batches from the front, as many as one frame takes; at least one, and none from behind a gap. */
  #leave(): readonly Waiting[] {
    let rows = 0
    let bytes = 0
    let count = 0
    for (const next of this.#waiting.slice(0, this.#gaps[0]?.batchesBefore)) {
      rows += next.rows
      bytes += next.bytes
      if (count > 0 && (rows > this.#limits.frameRows || bytes > this.#limits.frameBytes)) break
      count++
    }
    const leaving = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    for (const left of leaving) this.#waitingBytes -= left.bytes
    this.#gaps = this.#gaps.map((gap) => ({ ...gap, batchesBefore: gap.batchesBefore - count }))
    return leaving
  }

  #count(match: Match, rows: number): void {
    this.#matched += match.impressions
    this.#sent += rows
    for (const [treatment, impressions] of match.treatments) this.#treatments.add(treatment, impressions)
  }
}

function groupOf(admitted: Admitted): Group {
  return { batch: admitted.match.batch, picks: admitted.picks }
}

/** The point that a Tail's totals speak of, in the logs that it reads. */
export function tailPoint(tail: Tail, now: Positions): Cursor {
  return tail.point(now).filter((position) => tail.environments.has(position.environmentId))
}
