import type { BatchHeader } from '../../domain/batch.ts'
import type { Facet, Facets } from '../../domain/protocol.ts'
import type { Clock } from '../clock.ts'

const windowSeconds = 60

/** Bounds of what is counted, and how many values are told. */
export type FacetLimits = { readonly facetValues: number; readonly facetTop: number }

/** Exact counts over the last minute, by environment, flag and treatment, from batch headers alone, before any filter. */
export class FacetCounter {
  readonly #limits: FacetLimits
  readonly #clock: Clock
  readonly #environments = new Map<string, { readonly flags: Window; readonly treatments: Window }>()

  constructor(limits: FacetLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Counts a batch as of when it was received, which may be some time ago when it was read from the log. */
  count(header: BatchHeader): void {
    const agoMs = Math.max(0, this.#clock.now() - header.shared.receptionTimestamp)
    const second = this.#second() - Math.floor(agoMs / 1000)
    if (second <= this.#second() - windowSeconds) return
    const windows = this.#windows(header.shared.environmentId)
    for (const span of header.spans) {
      windows.flags.add(second, span.flag, span.impressions)
      for (const count of span.counts) windows.treatments.add(second, count.treatment, count.impressions)
    }
  }

  /** Nobody follows an environment any more, so nobody counts on. */
  forget(environmentId: string): void {
    this.#environments.delete(environmentId)
  }

  /** The counts of these environments together. */
  of(environmentIds: ReadonlySet<string>): Facets {
    const second = this.#second()
    const environments = new Map<string, number>()
    const flags = new Map<string, number>()
    const treatments = new Map<string, number>()
    for (const id of environmentIds) {
      const windows = this.#environments.get(id)
      if (!windows) continue
      environments.set(id, windows.flags.addTo(flags, second))
      windows.treatments.addTo(treatments, second)
    }
    return { environments: this.#facet(environments), flags: this.#facet(flags), treatments: this.#facet(treatments) }
  }

  #windows(environmentId: string): { readonly flags: Window; readonly treatments: Window } {
    const known = this.#environments.get(environmentId)
    if (known) return known
    const made = { flags: new Window(this.#limits.facetValues), treatments: new Window(this.#limits.facetValues) }
    this.#environments.set(environmentId, made)
    return made
  }

  #facet(counts: ReadonlyMap<string, number>): Facet {
    const ranked = [...counts].filter(([value]) => value !== otherValue).sort((a, b) => b[1] - a[1])
    const rest = ranked.slice(this.#limits.facetTop).reduce((sum, [, count]) => sum + count, 0)
    return { values: ranked.slice(0, this.#limits.facetTop), other: rest + (counts.get(otherValue) ?? 0) }
  }

  #second(): number {
    return Math.floor(this.#clock.monotonicMs() / 1000)
  }
}

/** Stands for values beyond the bound; no flag or treatment is empty. */
const otherValue = ''

/** Counts of one field in one-second buckets over the last minute. */
class Window {
  readonly #most: number
  readonly #totals = new Map<string, number>()
  readonly #buckets = new Map<number, Map<string, number>>()

  constructor(most: number) {
    this.#most = most
  }

  add(second: number, value: string, impressions: number): void {
    const key = this.#totals.has(value) || this.#totals.size < this.#most ? value : otherValue
    const counts = this.#buckets.get(second) ?? new Map<string, number>()
    this.#buckets.set(second, counts)
    counts.set(key, (counts.get(key) ?? 0) + impressions)
    this.#totals.set(key, (this.#totals.get(key) ?? 0) + impressions)
  }

  /** Adds the window's counts to `sums` and returns their total. */
  addTo(sums: Map<string, number>, second: number): number {
    this.#expire(second)
    let total = 0
    for (const [value, count] of this.#totals) {
      sums.set(value, (sums.get(value) ?? 0) + count)
      total += count
    }
    return total
  }

  #expire(now: number): void {
    for (const [second, counts] of this.#buckets) {
      if (second > now - windowSeconds) continue
      this.#buckets.delete(second)
      for (const [value, count] of counts) {
        const left = (this.#totals.get(value) ?? 0) - count
        if (left > 0) this.#totals.set(value, left)
        else this.#totals.delete(value)
      }
    }
  }
}
