import type { Sight } from '../../domain/access.ts'
import type { Cursor, Gap } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Totals } from '../../domain/protocol.ts'
import { TokenBucket } from '../token-bucket.ts'
import { type EncodedMessage, encodeFrame, type Group, groupBytes, groupText } from './frames.ts'
import type { HeardBatch, Pick as RowPick } from './heard.ts'
import type { Hearer } from './interest.ts'
import { type Match, matchBatch } from './match.ts'
import type { Positions } from './positions.ts'
import { sampleRows } from './sample.ts'
import { TreatmentCounter } from './treatments.ts'

type Arrived = { readonly match: Match; readonly before: Positions }
/** Counts of a batch, and its rows that may leave: as they stand in the batch, or as JSON once they have to wait. */
type Waiting = Pick<Match, 'impressions' | 'treatments'> & {
  readonly before: Positions
  readonly rows: number
  readonly bytes: number
  readonly group: Group | string
}
/** A gap, where the logs stood before it, and how many batches are still to leave before it is told. */
type WaitingGap = { readonly gap: Gap; readonly before: Positions; readonly batchesBefore: number }

export type TailParts = {
  /** Short id: the room's name, and what frames carry. */
  readonly id: string
  /** What makes it another Tail: the filter's canonical text, and what those who watch it may see. */
  readonly identity: string
  readonly matcher: Matcher
  readonly environments: Sight
  readonly limits: Limits
  readonly random: () => number
  /** Called when a frame is wanted soon. */
  readonly wake: () => void
}

/**
 * One distinct filter for one sight, however many viewers share it. Counts every match exactly; sends a bounded, uniform sample of the
 * rows, by whole batches, and speaks in each frame of one point: the last batch whose rows have all left or been sampled
 * out.
 */
export class Tail implements Hearer {
  readonly id: string
  readonly identity: string
  readonly matcher: Matcher
  readonly environments: Sight
  readonly #limits: Limits
  readonly #random: () => number
  readonly #wake: () => void
  readonly #rowTokens: TokenBucket
  readonly #treatments: TreatmentCounter
  #arrived: Arrived[] = []
  #waiting: Waiting[] = []
  #gaps: readonly WaitingGap[] = []
  #waitingRows = 0
  #waitingBytes = 0
  #matched = 0
  #sent = 0
  #sequence = 0

  constructor(parts: TailParts, nowMs: number) {
    this.id = parts.id
    this.identity = parts.identity
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
  hear(batch: HeardBatch, candidates: readonly RowPick[], before: Positions): void {
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
    for (const one of leaving) this.#count(one)
    this.#sequence++
    if (this.#waiting.length > 0) this.#wake()
    if (!wanted) return undefined
    const cursor = tailPoint(this, now)
    const frame = { tail: this.id, sequence: this.#sequence, cursor, ...this.totals() }
    return encodeFrame(frame, leaving.filter((one) => one.rows > 0).map(textOf))
  }

  /** Decides which of the rows that arrived since the last frame may leave, now or in the frames after. */
  #admit(nowMs: number): void {
    if (this.#arrived.length === 0) return
    const arrived = this.#arrived
    this.#arrived = []
    const matches = arrived.map((one) => one.match)
    const keep = Math.min(this.#rowTokens.available(nowMs), this.#rowsThatFit(matches))
    for (const [index, admitted] of sampleRows(matches, keep, this.#random).entries()) {
      const { rows, match } = admitted
      const { impressions, treatments } = match
      const group = { batch: match.batch, picks: admitted.picks }
      const bytes = rows === 0 ? 0 : groupBytes(group)
      this.#waitingRows += rows
      this.#waitingBytes += bytes
      this.#waiting.push({ impressions, treatments, group, rows, bytes, before: arrived[index]?.before ?? [] })
      this.#rowTokens.take(rows)
    }
  }

  /**
   * How many of the arrived rows those that wait leave room for: by bytes, and by rows, since more are let in than leave when
   * frames come late.
   */
  #rowsThatFit(matches: readonly Match[]): number {
    let rows = 0
    let bytes = 0
    for (const match of matches) {
      rows += match.impressions
      bytes += groupBytes(match)
    }
    const room = Math.max(0, this.#limits.tailWaitingBytes - this.#waitingBytes)
    const fitting = bytes <= room ? rows : Math.floor((rows * room) / bytes)
    return Math.min(fitting, Math.max(0, this.#limits.tailRowsBurst - this.#waitingRows))
  }

  /**
   * Whole batches from the front, as many as one frame takes; at least one, and none from behind a gap. Rows that stay
   * become JSON: on a machine so busy that frames come late, they would hold all of their batches.
   */
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
    this.#waiting = this.#waiting.slice(count).map(withoutBatch)
    for (const left of leaving) {
      this.#waitingRows -= left.rows
      this.#waitingBytes -= left.bytes
    }
    this.#gaps = this.#gaps.map((gap) => ({ ...gap, batchesBefore: gap.batchesBefore - count }))
    return leaving
  }

  #count({ impressions, rows, treatments }: Waiting): void {
    this.#matched += impressions
    this.#sent += rows
    for (const [treatment, count] of treatments) this.#treatments.add(treatment, count)
  }
}

function textOf({ group, rows }: Waiting): string {
  if (typeof group === 'string') return group
  return rows === 0 ? '' : groupText(group)
}

function withoutBatch(waiting: Waiting): Waiting {
  if (typeof waiting.group === 'string') return waiting
  const treatments = new Map<string, number>()
  for (const [name, impressions] of waiting.treatments) treatments.set(name, (treatments.get(name) ?? 0) + impressions)
  return { ...waiting, treatments: [...treatments], group: textOf(waiting) }
}

/** The point that a Tail's totals speak of, in the logs that it reads. */
export function tailPoint(tail: Tail, now: Positions): Cursor {
  return tail.point(now).filter((position) => tail.environments.has(position.environmentId))
}
