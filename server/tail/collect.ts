import { type Position, positionOf } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { TreatmentTotals } from '../../domain/protocol.ts'
import { candidateFinder } from './candidates.ts'
import { groupBytes } from './frames.ts'
import type { HeardBatch } from './heard.ts'
import { type Match, matchBatch } from './match.ts'
import { newestRows } from './newest.ts'
import { TreatmentCounter } from './treatments.ts'

/** What a `start` carries of the past: rows oldest first, and exact counts of all that matched. */
export type Collected = {
  readonly matches: readonly Match[]
  /** Rows in `matches`, and their treatments. */
  readonly kept: Counted
  /** All that matched, kept or not. */
  readonly all: Counted
  /** The newest batch of each log that was let go, as a whole or in part. */
  readonly dropped: readonly Position[]
}

/** How much of the past is kept; all of it is counted. */
export type CollectBounds = { readonly rows: number; readonly bytes: number }

export type Counted = { readonly matched: number; readonly perTreatment: TreatmentTotals }

/** Counts every match of the batches it takes, and keeps the newest rows up to a bound. */
export class Collector {
  readonly #matcher: Matcher
  readonly #candidates: ReturnType<typeof candidateFinder>
  readonly #bounds: CollectBounds
  readonly #mostTreatments: number
  readonly #treatments: TreatmentCounter
  readonly #perLog = new Map<string, { matches: Match[]; rows: number; bytes: number }>()
  readonly #dropped = new Map<string, Position>()
  #matched = 0

  constructor(matcher: Matcher, bounds: CollectBounds, treatments: number) {
    this.#matcher = matcher
    this.#candidates = candidateFinder(matcher)
    this.#bounds = bounds
    this.#mostTreatments = treatments
    this.#treatments = new TreatmentCounter(treatments)
  }

  /** Takes a batch; those of one log in its order. */
  take(batch: HeardBatch): void {
    const match = matchBatch(this.#matcher, batch, this.#candidates(batch))
    batch.forget()
    if (match) this.add(match)
  }

  add(match: Match): void {
    this.#matched += match.impressions
    for (const [treatment, impressions] of match.treatments) this.#treatments.add(treatment, impressions)
    const id = match.batch.header.shared.environmentId
    const log = this.#perLog.get(id) ?? { matches: [], rows: 0, bytes: 0 }
    this.#perLog.set(id, log)
    log.matches.push(match)
    log.rows += match.impressions
    log.bytes += groupBytes(match)
    const { rows, bytes } = this.#bounds
    for (let oldest = log.matches[0]; oldest && log.matches.length > 1; oldest = log.matches[0]) {
      if (log.rows - oldest.impressions < rows && log.bytes <= bytes) break
      log.rows -= oldest.impressions
      log.bytes -= groupBytes(oldest)
      log.matches.shift()
      this.#drop(oldest)
    }
  }

  collected(): Collected {
    const merged = mergeByReception(
      [...this.#perLog].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, log]) => log.matches),
    )
    const matches: Match[] = []
    let rows = 0
    let bytes = 0
    for (let match = merged.pop(); match; match = merged.pop()) {
      bytes += groupBytes(match)
      const left = this.#bounds.rows - rows
      const fits = left > 0 && (bytes <= this.#bounds.bytes || rows === 0)
      const kept = fits && match.impressions > left ? newestRows(match, left) : match
      if (fits) {
        matches.unshift(kept)
        rows += kept.impressions
      }
      if (fits && kept === match) continue
      for (const one of [...merged, match]) this.#drop(one)
      break
    }
    const all = { matched: this.#matched, perTreatment: this.#treatments.totals() }
    const kept = { matched: rows, perTreatment: this.#treatmentsOf(matches) }
    return { matches, kept, all, dropped: [...this.#dropped.values()] }
  }

  /** Those of one log are let go in its order. */
  #drop({ batch }: Match): void {
    const { environmentId } = batch.header.shared
    this.#dropped.set(environmentId, positionOf(environmentId, batch.chain))
  }

  #treatmentsOf(matches: readonly Match[]): TreatmentTotals {
    const counter = new TreatmentCounter(this.#mostTreatments)
    for (const match of matches)
      for (const [treatment, impressions] of match.treatments) counter.add(treatment, impressions)
    return counter.totals()
  }
}

/** Merges logs by their batches' reception time, then by the order given; each log keeps its own order. */
function mergeByReception(logs: readonly (readonly Match[])[]): Match[] {
  const merged: Match[] = []
  const at = logs.map(() => 0)
  for (;;) {
    let next = -1
    let earliestMs = Number.POSITIVE_INFINITY
    for (const [index, log] of logs.entries()) {
      const receivedMs = log[at[index] ?? 0]?.batch.header.shared.receptionTimestamp
      if (receivedMs !== undefined && receivedMs < earliestMs) {
        next = index
        earliestMs = receivedMs
      }
    }
    const match = logs[next]?.[at[next] ?? 0]
    if (!match) return merged
    merged.push(match)
    at[next] = (at[next] ?? 0) + 1
  }
}
