import type { ChainedBatch } from '../../domain/batch.ts'
import type { Position } from '../../domain/chain.ts'
import { packed, packedBytes } from '../bus/packed.ts'

/** The newest batches of one log in chain order, bounded in bytes: what catches a viewer up without reading the log. */
export class BatchRing {
  readonly #maxBytes: number
  #batches: ChainedBatch[] = []
  #first = 0
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(batch: ChainedBatch): void {
    const kept = packed(batch)
    this.#batches.push(kept)
    this.#bytes += packedBytes(kept)
    while (this.#bytes > this.#maxBytes && this.#batches.length - this.#first > 1) {
      const oldest = this.#batches[this.#first]
      if (oldest) this.#bytes -= packedBytes(oldest)
      this.#first++
    }
    if (this.#first > 256 && this.#first * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#first)
      this.#first = 0
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The batch that has been held longest. */
  get oldest(): ChainedBatch | undefined {
    return this.#batches[this.#first]
  }

  /** Puts older batches, newest first, in front as far as they fit; returns how many did. */
  prepend(older: readonly ChainedBatch[]): number {
    const fitting: ChainedBatch[] = []
    for (const batch of older) {
      const kept = packed(batch)
      const bytes = packedBytes(kept)
      if (this.#bytes + bytes > this.#maxBytes) break
      this.#bytes += bytes
      fitting.push(kept)
    }
    this.#batches = [...fitting.reverse(), ...this.#batches.slice(this.#first)]
    this.#first = 0
    return fitting.length
  }

  /** Up to `most` batches before an offset, newest first; none when the ring does not have the one just before it. */
  before(offset: number, most: number): readonly ChainedBatch[] {
    const oldest = this.oldest
    if (!oldest || offset <= oldest.chain.offset) return []
    const end = this.#first + offset - oldest.chain.offset
    if (end > this.#batches.length) return []
    return this.#batches.slice(Math.max(this.#first, end - most), end).reverse()
  }

  /** After a hole nothing before it continues. */
  clear(): void {
    this.#batches = []
    this.#first = 0
    this.#bytes = 0
  }

  /** Up to `most` batches behind a position, oldest first; `undefined` when the ring does not reach back to it. */
  after(position: Position, most: number): readonly ChainedBatch[] | undefined {
    const { oldest } = this
    if (!oldest) return undefined
    const index = position.offset - oldest.chain.offset
    if (index < -1 || index >= this.#batches.length - this.#first) return undefined
    if (index === -1) {
      const sameEpoch = position.epoch === undefined || position.epoch === oldest.chain.epoch
      return sameEpoch && oldest.chain.previousId === (position.id ?? '') ? this.#slice(0, most) : undefined
    }
    const at = this.#batches[this.#first + index]
    if (!at || at.chain.id !== position.id || at.chain.epoch !== position.epoch) return undefined
    return this.#slice(index + 1, most)
  }

  #slice(from: number, most: number): readonly ChainedBatch[] {
    return this.#batches.slice(this.#first + from, this.#first + from + most)
  }
}
