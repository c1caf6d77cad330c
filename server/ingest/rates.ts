import type { Limits } from '../../domain/limits.ts'
import { TokenBucket } from '../token-bucket.ts'
import type { KeyHolder } from './keys.ts'
import type { PostKind } from './paths.ts'

/** Limits what one SDK key may post; in open mode there are no limits. */
export class Rates {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #posts = new Map<string, TokenBucket>()
  readonly #impressions = new Map<string, TokenBucket>()
  readonly #addresses = new Map<string, TokenBucket>()

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
        return (
          (kind === 'impressions' ? this.#waitS(this.#impressionBucket(holder)) : 0) ||
          this.#take(this.#keyBucket(holder))
        )
      case 'client': // the address first: one that floods must not use up what all others share
        return this.#take(this.#addressBucket(holder, address)) || this.#take(this.#keyBucket(holder))
      default:
        return holder.kind satisfies never
    }
  }

  /**
   * Charges the impressions of a post. One post may go into debt, else a large one could never pass; the next posts of
   * impressions then wait until it is paid.
   */
  charge(holder: KeyHolder, impressions: number): void {
    if (holder.kind === 'server') this.#impressionBucket(holder).take(impressions)
  }

  /** Takes a token: 0, or the whole seconds until there is one. */
  #take(bucket: TokenBucket): number {
    const waitS = this.#waitS(bucket)
    if (waitS === 0) bucket.take(1)
    return waitS
  }

  #waitS(bucket: TokenBucket): number {
    return bucket.available(this.#now()) > 0 ? 0 : Math.ceil(bucket.waitMs() / 1000)
  }

  #keyBucket({ keyId, kind }: KeyHolder): TokenBucket {
    const { serverKeyPostsPerSecond, serverKeyPostsBurst, clientKeyPostsPerSecond } = this.#limits
    return bucketOf(this.#posts, keyId, () =>
      kind === 'server'
        ? new TokenBucket(serverKeyPostsPerSecond, serverKeyPostsBurst, this.#now())
        : new TokenBucket(clientKeyPostsPerSecond, clientKeyPostsPerSecond, this.#now()),
    )
  }

  #impressionBucket({ keyId }: KeyHolder): TokenBucket {
    const perSecond = this.#limits.serverKeyImpressionsPerSecond
    return bucketOf(this.#impressions, keyId, () => new TokenBucket(perSecond, perSecond, this.#now()))
  }

  #addressBucket({ keyId }: KeyHolder, address: string): TokenBucket {
    const { clientAddressPostsPerSecond, clientAddressPostsBurst, rateAddresses } = this.#limits
    const name = `${keyId} ${address}`
    const bucket = bucketOf(
      this.#addresses,
      name,
      () => new TokenBucket(clientAddressPostsPerSecond, clientAddressPostsBurst, this.#now()),
    )
    this.#addresses.delete(name) // put last: a Map keeps its order, so the longest unseen is first
    this.#addresses.set(name, bucket)
    const [longestUnseen] = this.#addresses.keys()
    if (this.#addresses.size > rateAddresses && longestUnseen !== undefined) this.#addresses.delete(longestUnseen)
    return bucket
  }
}

function bucketOf(buckets: Map<string, TokenBucket>, name: string, open: () => TokenBucket): TokenBucket {
  const known = buckets.get(name)
  if (known) return known
  const bucket = open()
  buckets.set(name, bucket)
  return bucket
}
