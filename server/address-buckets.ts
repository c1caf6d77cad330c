import { TokenBucket } from './token-bucket.ts'

export type AddressBucketsParts = {
  readonly perSecond: number
  readonly burst: number
  /** Beyond so many the longest unseen are forgotten, and begin with a full bucket if they come back. */
  readonly most: number
  /** Epoch ms. */
  readonly now: () => number
}

/** A token bucket for each address that comes. */
export class AddressBuckets {
  readonly #parts: AddressBucketsParts
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(parts: AddressBucketsParts) {
    this.#parts = parts
  }

  /** Takes a token: 0, or the whole seconds until there is one. */
  take(address: string): number {
    return takeToken(this.#bucketOf(address), this.#parts.now())
  }

  #bucketOf(address: string): TokenBucket {
    const { perSecond, burst, most, now } = this.#parts
    const bucket = this.#buckets.get(address) ?? new TokenBucket(perSecond, burst, now())
    this.#buckets.delete(address) // put last: a Map keeps its order, so the longest unseen is first
    this.#buckets.set(address, bucket)
    const [longestUnseen] = this.#buckets.keys()
    if (this.#buckets.size > most && longestUnseen !== undefined) this.#buckets.delete(longestUnseen)
    return bucket
  }
}

/** Takes a token of a bucket: 0, or the whole seconds until there is one. */
export function takeToken(bucket: TokenBucket, nowMs: number): number {
  const waitS = tokenWaitS(bucket, nowMs)
  if (waitS === 0) bucket.take(1)
  return waitS
}

export function tokenWaitS(bucket: TokenBucket, nowMs: number): number {
  return bucket.available(nowMs) > 0 ? 0 : Math.ceil(bucket.waitMs() / 1000)
}
