import type { BatchHeader } from '../../domain/batch.ts'
import type { Facet, Facets } from '../../domain/protocol.ts'

const windowSeconds = 60

/** Bounds of what is counted, and how many values are told. */
export type FacetLimits = { readonly facetValues: number; readonly facetTop: number }

/** Exact counts over the last minute, by environment, flag and treatment, from batch headers alone, before any filter. */
export class FacetCounter {
  readonly #limits: FacetLimits
  readonly #monotonicMs: () => number
  readonly #environments = new Map<string, { readonly flags: Window; readonly treatments: Window }>()

  constructor(limits: FacetLimits, monotonicMs: () => number) {
    this.#limits = limits
    this.#monotonicMs = monotonicMs
  }

  count(header: BatchHeader): void {
    const windows = this.#windows(header.shared.environmentId)
    const second = this.#second()
    for (const span of header.spans) {
      windows.flags.add(second, span.flag, span.impressions)
      for (const count of span.counts) windows.treatments.add(second, count.treatment, count.impressions)
    }
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
    return Math.floor(this.#monotonicMs() / 1000)
  }
}

/** Stands for values beyond the bound; no flag or treatment is empty. */
const otherValue = ''

/** Counts of one field in one-second buckets over the last minute. */
class Window {
  readonly #most: number
  readonly #totals = new Map<string, number>()
  readonly #buckets: { second: number; counts: Map<string, number> }[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(second: number, value: string, impressions: number): void {
    this.#expire(second)
    const key = this.#totals.has(value) || this.#totals.size < this.#most ? value : otherValue
    let bucket = this.#buckets.at(-1)
    if (bucket?.second !== second) {
      bucket = { second, counts: new Map() }
      this.#buckets.push(bucket)
    }
    bucket.counts.set(key, (bucket.counts.get(key) ?? 0) + impressions)
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

  #expire(second: number): void {
    while (this.#buckets[0] && this.#buckets[0].second <= second - windowSeconds) {
      for (const [value, count] of this.#buckets.shift()?.counts ?? []) {
        const left = (this.#totals.get(value) ?? 0) - count
        if (left > 0) this.#totals.set(value, left)
        else this.#totals.delete(value)
      }
    }
  }
}
