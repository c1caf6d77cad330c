import type { Limits } from '../../domain/limits.ts'
import { AddressBuckets, takeToken, tokenWaitS } from '../address-buckets.ts'
import { TokenBucket } from '../token-bucket.ts'
import type { KeyHolder } from './keys.ts'
import type { PostKind } from './paths.ts'

/** Limits what one SDK key may post; in open mode there are no limits. */
export class Rates {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #posts = new Map<string, TokenBucket>()
  readonly #impressions = new Map<string, TokenBucket>()
  /** By key and address. */
  readonly #addresses: AddressBuckets
  readonly #wrongKeys: AddressBuckets

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
    const { clientAddressPostsPerSecond, clientAddressPostsBurst, badKeysPerSecond, badKeysBurst, rateAddresses } =
      limits
    const most = rateAddresses
    this.#addresses = new AddressBuckets({
      perSecond: clientAddressPostsPerSecond,
      burst: clientAddressPostsBurst,
      most,
      now,
    })
    this.#wrongKeys = new AddressBuckets({ perSecond: badKeysPerSecond, burst: badKeysBurst, most, now })
  }

  /** Charges an address for a key that nobody has: 0, or the seconds after which it may try again. */
  wrongKey(address: string): number {
    return this.#wrongKeys.take(address)
  }

  /** Takes one post: 0 if it may pass, else the seconds after which it may. */
  post(holder: KeyHolder, kind: PostKind, address: string): number {
    switch (holder.kind) {
      case 'open':
        return 0
      case 'server':
        return (
          (kind === 'impressions' ? tokenWaitS(this.#impressionBucket(holder), this.#now()) : 0) ||
          takeToken(this.#keyBucket(holder), this.#now())
        )
      case 'client': // the address first: one that floods must not use up what all others share
        return this.#addresses.take(`${holder.keyId} ${address}`) || takeToken(this.#keyBucket(holder), this.#now())
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
}

function bucketOf(buckets: Map<string, TokenBucket>, name: string, open: () => TokenBucket): TokenBucket {
  const known = buckets.get(name)
  if (known) return known
  const bucket = open()
  buckets.set(name, bucket)
  return bucket
}
