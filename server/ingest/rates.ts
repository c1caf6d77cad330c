import type { Limits } from '../../domain/limits.ts'
import type { KeyHolder } from './keys.ts'
import type { PostKind } from './paths.ts'

/** Limits what one SDK key may post; in open mode there are no limits. */
export class Rates {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #posts = new Map<string, Bucket>()
  readonly #impressions = new Map<string, Bucket>()
  readonly #addresses = new Map<string, Bucket>()

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Takes one post: 0 if it may pass, else the seconds after which it may. */
  post(holder: KeyHolder, kind: PostKind, address: string): number {
    switch (holder.kind) {
      case 'open':
        return 0
      case 'server':
        return (kind === 'impressions' ? this.#debtS(holder) : 0) || this.#keyBucket(holder).take()
      case 'client': // the address first: one that floods must not use up what all others share
        return this.#addressBucket(holder, address).take() || this.#keyBucket(holder).take()
      default:
        return holder.kind satisfies never
    }
  }

  /**
   * Charges the impressions of a post. One post may go into debt, else a large one could never pass; the next posts of
   * impressions then wait until it is paid.
   */
  charge(holder: KeyHolder, impressions: number): void {
    if (holder.kind === 'server') this.#impressionBucket(holder).charge(impressions)
  }

  #debtS(holder: KeyHolder): number {
    return this.#impressionBucket(holder).waitS()
  }

  #keyBucket({ keyId, kind }: KeyHolder): Bucket {
    const { serverKeyPostsPerSecond, serverKeyPostsBurst, clientKeyPostsPerSecond } = this.#limits
    return bucketOf(this.#posts, keyId, () =>
      kind === 'server'
        ? new Bucket(serverKeyPostsPerSecond, serverKeyPostsBurst, this.#now)
        : new Bucket(clientKeyPostsPerSecond, clientKeyPostsPerSecond, this.#now),
    )
  }

  #impressionBucket({ keyId }: KeyHolder): Bucket {
    const perSecond = this.#limits.serverKeyImpressionsPerSecond
    return bucketOf(this.#impressions, keyId, () => new Bucket(perSecond, perSecond, this.#now))
  }

  #addressBucket({ keyId }: KeyHolder, address: string): Bucket {
    const { clientAddressPostsPerSecond, clientAddressPostsBurst, rateAddresses } = this.#limits
    const name = `${keyId} ${address}`
    const bucket = bucketOf(
      this.#addresses,
      name,
      () => new Bucket(clientAddressPostsPerSecond, clientAddressPostsBurst, this.#now),
    )
    this.#addresses.delete(name) // put last: a Map keeps its order, so the longest unseen is first
    this.#addresses.set(name, bucket)
    const [longestUnseen] = this.#addresses.keys()
    if (this.#addresses.size > rateAddresses && longestUnseen !== undefined) this.#addresses.delete(longestUnseen)
    return bucket
  }
}

function bucketOf(buckets: Map<string, Bucket>, name: string, open: () => Bucket): Bucket {
  const known = buckets.get(name)
  if (known) return known
  const bucket = open()
  buckets.set(name, bucket)
  return bucket
}

/** A token bucket; a clock that is set back stops its refill, but takes nothing away. */
class Bucket {
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number
  #tokens: number
  #atMs: number

  constructor(perSecond: number, burst: number, now: () => number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#now = now
    this.#tokens = burst
    this.#atMs = now()
  }

  /** Takes a token: 0, or the whole seconds until there is one. */
  take(): number {
    const waitS = this.waitS()
    if (waitS === 0) this.#tokens--
    return waitS
  }

  charge(tokens: number): void {
    this.#tokens -= tokens
  }

  waitS(): number {
    const nowMs = this.#now()
    this.#tokens = Math.min(this.#burst, this.#tokens + (Math.max(0, nowMs - this.#atMs) * this.#perSecond) / 1000)
    this.#atMs = nowMs
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#perSecond)
  }
}
