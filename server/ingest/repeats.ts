import type { Batch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'
import { Fingerprints } from './fingerprints.ts'
import { eachFingerprint } from './row-fingerprints.ts'

export type RepeatsParts = {
  readonly limits: Limits
  readonly monotonicMs: () => number
  /** So many fingerprints had to go before their time: those rows would not be known again. */
  readonly forgotten: (fingerprints: number) => void
}

/**
 * Knows rows again that the log may have without their sender knowing. A row that is known once is known each time: an
 * SDK may repeat it more than once, and its retry may be lost too.
 */
export class Repeats {
  readonly #parts: RepeatsParts
  readonly #fingerprints: Fingerprints

  constructor(parts: RepeatsParts) {
    this.#parts = parts
    this.#fingerprints = new Fingerprints(parts.limits.retryFingerprints)
  }

  /** From now on these rows are possible retries, for `retryMs`. */
  remember(batches: readonly Batch[]): void {
    const nowMs = this.#parts.monotonicMs()
    this.#fingerprints.forget(nowMs)
    const { crowdedOut } = this.#fingerprints
    for (const batch of batches) {
      eachFingerprint(batch, (fingerprint) => this.#fingerprints.add(fingerprint, nowMs + this.#parts.limits.retryMs))
    }
    const forgotten = this.#fingerprints.crowdedOut - crowdedOut
    if (forgotten > 0) this.#parts.forgotten(forgotten)
  }

  /** The same batches, with the indexes of possible retries; nothing is looked at while nothing is remembered. */
  label(batches: readonly Batch[]): readonly Batch[] {
    this.#fingerprints.forget(this.#parts.monotonicMs())
    return this.#fingerprints.size === 0 ? batches : batches.map((batch) => this.#labelled(batch))
  }

  #labelled(batch: Batch): Batch {
    const retries: number[] = []
    eachFingerprint(batch, (fingerprint, index) => {
      if (this.#fingerprints.has(fingerprint)) retries.push(index)
    })
    return retries.length === 0 ? batch : { ...batch, header: { ...batch.header, retries } }
  }
}
