import type { Frame, RowGroup, Start, Totals } from '../../domain/protocol.ts'
import { textOf } from '../../domain/row.ts'
import { countRows } from '../../domain/rows.ts'
import { chartSeconds, chooseNames, type RateChart, type SecondState } from './rate-chart.ts'

/** Impressions by treatment; `undefined` stands for those that the server counts together. */
type Counts = Map<string | undefined, number>

/** Seconds, both ends included, of which it is not known what came in each. */
type Span = { readonly fromS: number; readonly toS: number }

/** What was heard last: the Tail's totals, and the second that they speak of. */
type Heard = {
  readonly tail: string
  readonly perTreatment: Totals['perTreatment']
  readonly matched: number
  readonly second: number
  /** Matches that were counted here and lie behind the cursor that a resume would send. */
  readonly ahead: number
}

const redrawMs = 1000
/** Frames come once a second at least; after more seconds than this without one, nobody can tell which second is whose. */
const silentSeconds = 3
/** Frames older than this were kept up on the way: they tell of the second in which their rows were received. */
const staleMs = 2000

/**
 * How many matches came in which second, by treatment: from the totals that frames carry, never from rows, so that it is
 * exact however few rows are sent. What came before the page looked is placed by the time of its reception, where all of
 * it is known; what cannot be placed leaves a gap and no bar.
 */
export class RateHistory {
  #seconds = new Map<number, Counts>()
  #gaps: readonly Span[] = []
  #watchedFromS = Number.POSITIVE_INFINITY
  #heard: Heard | undefined
  #lostS: number | undefined
  /** How much later than they were received rows are heard at best: the way, and what the two clocks differ by. */
  #lateMs: number | undefined
  #names: readonly string[] = []
  #chart: { readonly chart: RateChart; readonly madeMs: number } | undefined

  /** Another filter is watched: begins anew, with its backfill. */
  begin(start: Start, nowMs: number): void {
    this.#seconds.clear()
    this.#gaps = []
    this.#names = []
    this.#back(start, nowMs)
    const oldest = this.#place(start.rows, Number.NEGATIVE_INFINITY, nowMs)
    this.#watchedFromS = oldest === undefined ? secondAt(nowMs) : start.complete ? oldest : oldest + 1
    this.#seconds.delete(this.#watchedFromS - 1) // of which there may be more
  }

  /** The same filter goes on. What came meanwhile is placed as far as its rows say when it came. */
  resume(start: Start, nowMs: number): void {
    const heard = this.#heard
    const wasLost = this.#lostS !== undefined
    const nowS = secondAt(nowMs)
    if (heard && !wasLost && start.tail === heard.tail && nowS - heard.second <= silentSeconds) {
      this.#count(start, nowS)
      this.#back(start, nowMs)
      return
    }
    const ahead = heard?.ahead ?? 0
    const afterS = ahead > 0 && heard ? heard.second : Number.NEGATIVE_INFINITY
    this.#back(start, nowMs)
    const before = this.#total()
    const oldest = this.#place(start.rows, afterS, nowMs)
    const missing = start.replayed.matched - ahead - (this.#total() - before)
    if (missing > 0) this.#gap({ fromS: heard?.second ?? nowS, toS: oldest ?? nowS })
  }

  hear(frame: Frame, nowMs: number): void {
    const second = this.#secondOfFrame(frame, nowMs)
    const before = this.#heard
    if (before?.tail === frame.tail && second - before.second <= silentSeconds) this.#count(frame, second)
    else if (before) this.#gap({ fromS: before.second, toS: second })
    const matched = frame.matched - (before?.matched ?? frame.matched)
    const ahead = frame.cursor.length === 0 ? (before?.ahead ?? 0) + matched : 0
    this.#heard = heardOf(frame, second, ahead)
  }

  /** The socket is gone. */
  lose(nowMs: number): void {
    this.#lostS ??= secondAt(nowMs)
    this.#lateMs = undefined
    this.#chart = undefined
  }

  /** The second, by the clock of this browser, in which a row that the server received then was counted. */
  secondOfRow(receptionMs: number): number {
    return secondAt(receptionMs + (this.#lateMs ?? 0))
  }

  /** The same chart for a second at a time, unless something else than time has passed. */
  chart(nowMs: number): RateChart {
    if (this.#chart && nowMs - this.#chart.madeMs < redrawMs) return this.#chart.chart
    const chart = this.#draw(secondAt(nowMs))
    this.#chart = { chart, madeMs: nowMs }
    return chart
  }

  #back(start: Start, nowMs: number): void {
    this.#heard = heardOf(start, secondAt(nowMs), 0)
    this.#lostS = undefined
    this.#chart = undefined
    const newestMs = newestReceptionMs(start.rows)
    // a reception that is yet to come shows that the clock over there is ahead
    if (newestMs !== undefined && newestMs > nowMs) this.#lateMs = Math.min(this.#lateMs ?? 0, nowMs - newestMs)
  }

  #secondOfFrame(frame: Frame, nowMs: number): number {
    const newestMs = newestReceptionMs(frame.rows)
    if (newestMs === undefined) return secondAt(nowMs)
    const lateMs = nowMs - newestMs
    this.#lateMs = Math.min(this.#lateMs ?? lateMs, lateMs)
    return lateMs - this.#lateMs > staleMs ? this.secondOfRow(newestMs) : secondAt(nowMs)
  }

  /** Adds what a Tail counted since it was last heard. */
  #count({ perTreatment }: Totals, second: number): void {
    const before = new Map(this.#heard?.perTreatment.counts)
    for (const [treatment, total] of perTreatment.counts)
      this.#add(second, treatment, total - (before.get(treatment) ?? 0))
    this.#add(second, undefined, perTreatment.other - (this.#heard?.perTreatment.other ?? 0))
  }

  /** Adds rows by when they were received; returns the oldest second that got one. */
  #place(groups: readonly RowGroup[], afterS: number, nowMs: number): number | undefined {
    let oldest: number | undefined
    for (const { shared, flags } of groups) {
      const second = Math.min(this.secondOfRow(shared.receptionTimestamp), secondAt(nowMs))
      if (second <= afterS) continue
      oldest = Math.min(oldest ?? second, second)
      for (const { rows } of flags) for (const row of rows) this.#add(second, textOf(row.t) ?? '', 1)
    }
    return oldest
  }

  #add(second: number, treatment: string | undefined, impressions: number): void {
    if (impressions <= 0) return
    const counts: Counts = this.#seconds.get(second) ?? new Map()
    counts.set(treatment, (counts.get(treatment) ?? 0) + impressions)
    this.#seconds.set(second, counts)
  }

  #gap(span: Span): void {
    this.#gaps = [...this.#gaps, span]
    this.#chart = undefined
  }

  #total(): number {
    let total = 0
    for (const counts of this.#seconds.values()) for (const impressions of counts.values()) total += impressions
    return total
  }

  #draw(untilS: number): RateChart {
    const fromS = untilS - chartSeconds + 1
    this.#forget(fromS)
    const totals = new Map<string, number>()
    for (const counts of this.#seconds.values())
      for (const [name, impressions] of counts)
        if (name !== undefined) totals.set(name, (totals.get(name) ?? 0) + impressions)
    this.#names = chooseNames(totals, this.#names)
    const seconds = Array.from({ length: chartSeconds }, (_, column) => fromS + column)
    const named = this.#names.map((name) => seconds.map((second) => this.#seconds.get(second)?.get(name) ?? 0))
    const others = seconds.map((second) => othersOf(this.#seconds.get(second), this.#names))
    const states = seconds.map((second) => this.#stateOf(second))
    return { untilS, names: this.#names, counts: [...named, others], states, treatments: new Set(totals.keys()) }
  }

  #forget(fromS: number): void {
    for (const second of this.#seconds.keys()) if (second < fromS) this.#seconds.delete(second)
    this.#gaps = this.#gaps.filter(({ toS }) => toS >= fromS)
  }

  #stateOf(second: number): SecondState {
    if (this.#lostS !== undefined && second >= this.#lostS) return 'lost'
    if (second < this.#watchedFromS) return 'unwatched'
    return this.#gaps.some(({ fromS, toS }) => second >= fromS && second <= toS) ? 'gap' : 'known'
  }
}

function heardOf(message: Frame | Start, second: number, ahead: number): Heard {
  const { tail, perTreatment, matched } = message
  return { tail, perTreatment, matched, second, ahead }
}

function othersOf(counts: Counts | undefined, names: readonly string[]): number {
  let others = 0
  for (const [name, impressions] of counts ?? []) if (name === undefined || !names.includes(name)) others += impressions
  return others
}

function newestReceptionMs(groups: readonly RowGroup[]): number | undefined {
  if (countRows(groups) === 0) return undefined
  return groups.reduce((newest, { shared }) => Math.max(newest, shared.receptionTimestamp), Number.NEGATIVE_INFINITY)
}

function secondAt(ms: number): number {
  return Math.floor(ms / 1000)
}
