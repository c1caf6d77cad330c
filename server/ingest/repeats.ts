import type { Batch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'
import { Turns } from '../turns.ts'
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
  /** One post's rows after the other's: the ring is in order of time. */
  #remembering: Promise<void> = Promise.resolve()

  constructor(parts: RepeatsParts) {
    this.#parts = parts
    this.#fingerprints = new Fingerprints(parts.limits.retryFingerprints)
  }

  /** From now on these rows are possible retries, for `retryMs`: whatever is labelled later is held against them. */
  remember(batches: readonly Batch[]): void {
    const nowMs = this.#parts.monotonicMs()
    this.#remembering = this.#remembering.then(() => this.#remember(batches, nowMs))
  }

  /** The same batches, with the indexes of possible retries; nothing is looked at while nothing is remembered. */
  async label(batches: readonly Batch[]): Promise<readonly Batch[]> {
    await this.#remembering
    this.#fingerprints.forget(this.#parts.monotonicMs())
    if (this.#fingerprints.size === 0) return batches
    const turns = new Turns(this.#parts.limits.turnMs)
    const labelled: Batch[] = []
    for (const batch of batches) {
      labelled.push(this.#labelled(batch))
      await turns.next()
    }
    return labelled
  }

  async #remember(batches: readonly Batch[], nowMs: number): Promise<void> {
    const turns = new Turns(this.#parts.limits.turnMs)
    this.#fingerprints.forget(nowMs)
    const { crowdedOut } = this.#fingerprints
    for (const batch of batches) {
      eachFingerprint(batch, (fingerprint) => this.#fingerprints.add(fingerprint, nowMs + this.#parts.limits.retryMs))
      await turns.next()
    }
    const forgotten = this.#fingerprints.crowdedOut - crowdedOut
    if (forgotten > 0) this.#parts.forgotten(forgotten)
  }

  #labelled(batch: Batch): Batch {
    const retries: number[] = []
    eachFingerprint(batch, (fingerprint, index) => {
      if (this.#fingerprints.has(fingerprint)) retries.push(index)
    })
    return retries.length === 0 ? batch : { ...batch, header: { ...batch.header, retries } }
  }
}
