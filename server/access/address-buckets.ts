import { TokenBucket } from '../token-bucket.ts'

export type AddressBucketsParts = {
  readonly perSecond: number
  readonly burst: number
  /** So many addresses are remembered; beyond it the longest unseen are forgotten. */
  readonly addresses: number
  /** Ms of one clock. */
  readonly now: () => number
}

/** A token bucket per address. */
export class AddressBuckets {
  readonly #parts: AddressBucketsParts
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(parts: AddressBucketsParts) {
    this.#parts = parts
  }

  /** Takes one: 0 if it may pass, else the whole seconds after which it may. */
  take(address: string): number {
    const { perSecond, burst, addresses, now } = this.#parts
    const bucket = this.#buckets.get(address) ?? new TokenBucket(perSecond, burst, now())
    this.#buckets.delete(address) // put last: a Map keeps its order, so the longest unseen is first
    this.#buckets.set(address, bucket)
    const [longestUnseen] = this.#buckets.keys()
    if (this.#buckets.size > addresses && longestUnseen !== undefined) this.#buckets.delete(longestUnseen)
    if (bucket.available(now()) === 0) return Math.ceil(bucket.waitMs() / 1000)
    bucket.take(1)
    return 0
  }
}
