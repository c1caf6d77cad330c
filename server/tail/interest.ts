import type { Sight } from '../../domain/access.ts'
import type { Gap } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { HeardBatch, Pick } from './heard.ts'
import { HearerIndex } from './hearer-index.ts'
import type { Positions } from './positions.ts'

/** Somebody to whom batches are brought: a Tail, or a reader of `/api/tail`. */
export interface Hearer {
  readonly matcher: Matcher
  /** Those that it reads, and how it sees them. */
  readonly environments: Sight
  /** `candidates` are all the rows that can match; `before` is where the logs stood before this batch. */
  hear(batch: HeardBatch, candidates: readonly Pick[], before: Positions): void
  /** A hole in one of its logs, told between the batches before and behind it; `before` is where the logs stood before it. */
  hearGap(gap: Gap, before: Positions): void
}

/**
 * Who is to hear a batch of one environment, seen as all of them see it. Hearers that can only match certain keys or flags stand in an index, so a
 * batch costs by its rows and spans and those who want them, not by everybody who watches.
 */
export class Interest {
  readonly #all = new Set<Hearer>()
  readonly #any = new Set<Hearer>()
  readonly #byFlag = new HearerIndex<Hearer>()
  readonly #byKey = new HearerIndex<Hearer>()

  add(hearer: Hearer): void {
    const { flags, keys } = hearer.matcher
    this.#all.add(hearer)
    if (keys) this.#byKey.add(hearer, keys)
    else if (flags) this.#byFlag.add(hearer, flags)
    else this.#any.add(hearer)
  }

  delete(hearer: Hearer): void {
    const { flags, keys } = hearer.matcher
    this.#all.delete(hearer)
    this.#any.delete(hearer)
    this.#byKey.delete(hearer, keys ?? [])
    this.#byFlag.delete(hearer, flags ?? [])
  }

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  route(batch: HeardBatch, before: Positions): void {
    for (const hearer of this.#any) hearer.hear(batch, batch.spans, before)
    for (const [hearer, candidates] of this.#byFlag.inSpans(batch)) hearer.hear(batch, candidates, before)
    for (const [hearer, candidates] of this.#byKey.inRows(batch)) hearer.hear(batch, candidates, before)
  }

  tellGap(gap: Gap, before: Positions): void {
    for (const hearer of this.#all) hearer.hearGap(gap, before)
  }
}
