import type { FlagSpan } from '../../domain/batch.ts'
import type { Gap } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { HeardBatch } from './heard.ts'
import type { Positions } from './positions.ts'

/** Somebody to whom batches are brought: a Tail, or a reader of `/api/tail`. */
export interface Hearer {
  readonly matcher: Matcher
  readonly environments: ReadonlySet<string>
  /** `spans` are those that may be of interest; `before` is where the logs stood before this batch. */
  hear(batch: HeardBatch, spans: readonly FlagSpan[], before: Positions): void
  /** A hole in one of its logs, told between the batches before and behind it. */
  hearGap(gap: Gap): void
}

/**
 * Who is to hear a batch of one environment. Hearers that can only match certain flags stand in an index by flag, so a
 * batch costs by its spans and those who want them, not by everybody who watches.
 */
export class Interest {
  readonly #all = new Set<Hearer>()
  readonly #anyFlag = new Set<Hearer>()
  readonly #byFlag = new Map<string, Set<Hearer>>()

  add(hearer: Hearer): void {
    this.#all.add(hearer)
    if (!hearer.matcher.flags) this.#anyFlag.add(hearer)
    for (const flag of hearer.matcher.flags ?? []) {
      const hearers = this.#byFlag.get(flag)
      if (hearers) hearers.add(hearer)
      else this.#byFlag.set(flag, new Set([hearer]))
    }
  }

  delete(hearer: Hearer): void {
    this.#all.delete(hearer)
    this.#anyFlag.delete(hearer)
    for (const flag of hearer.matcher.flags ?? []) {
      const hearers = this.#byFlag.get(flag)
      hearers?.delete(hearer)
      if (hearers?.size === 0) this.#byFlag.delete(flag)
    }
  }

  route(batch: HeardBatch, before: Positions): void {
    const { spans } = batch.header
    for (const hearer of this.#anyFlag) hearer.hear(batch, spans, before)
    if (this.#byFlag.size === 0) return
    for (const [hearer, wanted] of this.#wanted(spans)) hearer.hear(batch, wanted, before)
  }

  tellGap(gap: Gap): void {
    for (const hearer of this.#all) hearer.hearGap(gap)
  }

  #wanted(spans: readonly FlagSpan[]): ReadonlyMap<Hearer, readonly FlagSpan[]> {
    const wanted = new Map<Hearer, FlagSpan[]>()
    for (const span of spans) {
      for (const hearer of this.#byFlag.get(span.flag) ?? []) {
        const known = wanted.get(hearer)
        if (known) known.push(span)
        else wanted.set(hearer, [span])
      }
    }
    return wanted
  }
}
