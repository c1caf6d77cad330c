const bucketMs = 0.1
const longestMs = 20_000

/** Times in ms, counted in buckets of 0.1 ms so that millions of them cost nothing. */
export class Lags {
  readonly #buckets = new Uint32Array(longestMs / bucketMs)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(ms: number): void {
    const bucket = Math.min(this.#buckets.length - 1, Math.max(0, Math.floor(ms / bucketMs)))
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count++
  }

  /** The time below which a share of all lies; `NaN` without any. */
  percentile(share: number): number {
    if (this.#count === 0) return Number.NaN
    let left = this.#count * share
    for (const [bucket, count] of this.#buckets.entries()) {
      left -= count
      if (left <= 0) return (bucket + 1) * bucketMs
    }
    return longestMs
  }
}
