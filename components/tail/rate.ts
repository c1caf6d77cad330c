type Reading = { readonly atMs: number; readonly matched: number; readonly sampledOut: number }

/** What the last seconds were like. `oneIn` is 1 while every row is sent. */
export type Rate = {
  readonly perSecond: number
  readonly oneIn: number
  /** When something last matched, if it did since the page was opened. */
  readonly lastMatchMs?: number
}

const spanMs = 3000

/** Measures matches per second, and which share of them is sent, over the last three seconds. */
export class RateMeter {
  #readings: Reading[] = []
  #lastMatchMs: number | undefined

  /** Begins anew, from totals that say nothing about time, but for when the newest of them came. */
  reset(reading: Reading, newestMs: number | undefined): void {
    this.#readings = [reading]
    if (newestMs !== undefined) this.#lastMatchMs = Math.min(newestMs, reading.atMs)
  }

  /** Matches were counted that came before everything else: they say nothing about time either. */
  countOlder(matched: number): void {
    this.#readings = this.#readings.map((reading) => ({ ...reading, matched: reading.matched + matched }))
  }

  read(reading: Reading): void {
    const before = this.#readings.at(-1)
    if (before && reading.matched > before.matched) this.#lastMatchMs = reading.atMs
    this.#readings.push(reading)
    this.#drop(reading.atMs)
  }

  rate(nowMs: number): Rate {
    this.#drop(nowMs)
    const first = this.#readings[0]
    const last = this.#readings.at(-1)
    if (!first || !last) return { perSecond: 0, oneIn: 1, lastMatchMs: this.#lastMatchMs }
    const matched = last.matched - first.matched
    const sent = matched - (last.sampledOut - first.sampledOut)
    const seconds = Math.max(1000, nowMs - first.atMs) / 1000
    const oneIn = sent > 0 ? Math.max(1, matched / sent) : matched > 0 ? matched : 1
    return { perSecond: matched / seconds, oneIn, lastMatchMs: this.#lastMatchMs }
  }

  /** Keeps the newest reading that is older than the span, so that what is left covers it. */
  #drop(nowMs: number): void {
    while (this.#readings.length > 1 && (this.#readings[1]?.atMs ?? nowMs) <= nowMs - spanMs) this.#readings.shift()
  }
}
