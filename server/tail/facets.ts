import type { Sight } from '../../domain/access.ts'
import type { BatchHeader } from '../../domain/batch.ts'
import { sdkText } from '../../domain/impression.ts'
import { spellsAddress } from '../../domain/masked.ts'
import type { Facet, Facets } from '../../domain/protocol.ts'
import type { Clock } from '../clock.ts'

const windowSeconds = 60

/** Bounds of what is counted, and how much of it is told. */
export type FacetLimits = { readonly facetValues: number; readonly facetTop: number; readonly facetBytes: number }

/** `addresses`: machines that are named by their address, which not everybody may see. */
const counted = ['flags', 'treatments', 'labels', 'sdks', 'machines', 'addresses'] as const
type Windows = Readonly<Record<(typeof counted)[number], Window>>

/** Exact counts over the last minute, by each field that a batch's header tells, before any filter. */
export class FacetCounter {
  readonly #limits: FacetLimits
  readonly #clock: Clock
  readonly #environments = new Map<string, Windows>()

  constructor(limits: FacetLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Counts a batch as of when it was received, which may be some time ago when it was read from the log. */
  count({ shared, spans, impressions }: BatchHeader): void {
    const agoMs = Math.max(0, this.#clock.now() - shared.receptionTimestamp)
    const second = this.#second() - Math.floor(agoMs / 1000)
    if (second <= this.#second() - windowSeconds) return
    const windows = this.#windows(shared.environmentId)
    windows.sdks.add(second, sdkText(shared), impressions)
    const machines = spellsAddress(shared.machineName, shared.machineIp) ? windows.addresses : windows.machines
    machines.add(second, shared.machineName, impressions)
    for (const span of spans) {
      windows.flags.add(second, span.flag, span.impressions)
      for (const count of span.counts) {
        windows.treatments.add(second, count.treatment, count.impressions)
        windows.labels.add(second, count.label, count.impressions)
      }
    }
  }

  /** Nobody follows an environment any more, so nobody counts on. */
  forget(environmentId: string): void {
    this.#environments.delete(environmentId)
  }

  /** The counts of these environments together, as they may be seen. */
  of(environments: Sight): Facets {
    const second = this.#second()
    const perEnvironment = new Map<string, number>()
    const sums = windowsOf(() => new Map<string, number>())
    for (const [id, clarity] of environments) {
      const windows = this.#environments.get(id)
      if (!windows) continue
      perEnvironment.set(id, windows.flags.addTo(sums.flags, second))
      for (const name of ['treatments', 'labels', 'sdks', 'machines'] as const) windows[name].addTo(sums[name], second)
      if (clarity === 'full') windows.addresses.addTo(sums.machines, second)
    }
    return {
      environments: this.#facet(perEnvironment),
      flags: this.#facet(sums.flags),
      treatments: this.#facet(sums.treatments),
      labels: this.#facet(sums.labels),
      sdks: this.#facet(sums.sdks),
      machines: this.#facet(sums.machines),
    }
  }

  #windows(environmentId: string): Windows {
    const known = this.#environments.get(environmentId)
    if (known) return known
    const made = windowsOf(() => new Window(this.#limits.facetValues))
    this.#environments.set(environmentId, made)
    return made
  }

  /** The largest counts, as many as may be told; the message goes to every viewer each second. */
  #facet(counts: ReadonlyMap<string, number>): Facet {
    const ranked = [...counts].filter(([value]) => value !== otherValue).sort((a, b) => b[1] - a[1])
    const { facetTop, facetBytes } = this.#limits
    let told = 0
    for (let bytes = 0; told < Math.min(ranked.length, facetTop); told++) {
      bytes += Buffer.byteLength(ranked[told]?.[0] ?? '')
      if (bytes > facetBytes) break
    }
    const rest = ranked.slice(told).reduce((sum, [, count]) => sum + count, 0)
    return { values: ranked.slice(0, told), other: rest + (counts.get(otherValue) ?? 0) }
  }

  #second(): number {
    return Math.floor(this.#clock.monotonicMs() / 1000)
  }
}

function windowsOf<Made>(make: () => Made): Record<(typeof counted)[number], Made> {
  return {
    flags: make(),
    treatments: make(),
    labels: make(),
    sdks: make(),
    machines: make(),
    addresses: make(),
  }
}

/** Stands for values beyond the bound; no value is empty. */
const otherValue = ''

/** Counts of one field in one-second buckets over the last minute. */
class Window {
  readonly #most: number
  readonly #totals = new Map<string, number>()
  readonly #buckets = new Map<number, Map<string, number>>()

  constructor(most: number) {
    this.#most = most
  }

  add(second: number, value: string | undefined, impressions: number): void {
    if (value === undefined) return
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
