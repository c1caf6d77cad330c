import type { Batch, ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Position, positionOf } from '../../domain/chain.ts'
import { newChainId } from './chain-id.ts'
import { packed, packedBytes } from './packed.ts'
import type { LogView } from './resume.ts'

type Held = { readonly batch: ChainedBatch; readonly bytes: number; readonly atMs: number }

/** Slots of trimmed batches are given back when there are this many, and as many as there are held ones. */
const spareSlots = 64

/** One environment's log in this process: bounded by bytes and age, trimmed at its old end at a constant cost per batch. */
export class MemoryLog {
  readonly #bounds: { readonly bytes: number; readonly ms: number }
  readonly #epoch: string
  #slots: (Held | undefined)[] = []
  #oldest = 0
  #bytes = 0
  #head: Position

  constructor(environmentId: string, epoch: string, bounds: { readonly bytes: number; readonly ms: number }) {
    this.#bounds = bounds
    this.#epoch = epoch
    this.#head = beginning(environmentId, epoch)
  }

  get head(): Position {
    return this.#head
  }

  /** All batches are in the log when it returns them with their chains; it keeps them as they are, without copying. */
  append(batches: readonly Batch[], nowMs: number): readonly ChainedBatch[] {
    const chained = batches.map((batch) => this.#push(batch, nowMs))
    this.trim(nowMs)
    return chained
  }

  trim(nowMs: number): void {
    for (;;) {
      const held = this.#slots[this.#oldest]
      if (!held || (this.#bytes <= this.#bounds.bytes && held.atMs > nowMs - this.#bounds.ms)) break
      this.#slots[this.#oldest] = undefined
      this.#oldest++
      this.#bytes -= held.bytes
    }
    if (this.#oldest < spareSlots || this.#oldest < this.#slots.length / 2) return
    this.#slots = this.#slots.slice(this.#oldest)
    this.#oldest = 0
  }

  /** What a reader at an offset sees, with at most `count` batches behind it. */
  view(offset: number, count: number): LogView {
    const at = this.#slots[this.#slotOf(offset)]?.batch.chain
    return { head: this.#head, behind: this.#from(this.#slotOf(offset + 1), count), ...(at && { at }) }
  }

  /** At most `count` batches before an offset, newest first, and whether there are more. */
  before(offset: number, count: number): { readonly batches: readonly ChainedBatch[]; readonly more: boolean } {
    const end = Math.min(this.#slotOf(offset), this.#slots.length)
    const start = Math.max(this.#oldest, end - count)
    return { batches: [...this.#from(start, end - start)].reverse(), more: end > start && start > this.#oldest }
  }

  #push(batch: Batch, nowMs: number): ChainedBatch {
    const { environmentId, offset, id, cumulative } = this.#head
    const chain = {
      epoch: this.#epoch,
      offset: offset + 1,
      id: newChainId(),
      previousId: id ?? '',
      cumulative: cumulative + batch.header.impressions,
    }
    const chained = packed({ ...batch, chain })
    const bytes = packedBytes(chained)
    this.#slots.push({ batch: chained, bytes, atMs: nowMs })
    this.#bytes += bytes
    this.#head = positionOf(environmentId, chain)
    return chained
  }

  /** The last slot is the head's; offsets have no holes. */
  #slotOf(offset: number): number {
    return this.#slots.length - 1 - (this.#head.offset - offset)
  }

  #from(slot: number, count: number): readonly ChainedBatch[] {
    const start = Math.max(this.#oldest, slot)
    return this.#slots.slice(start, start + Math.max(0, count)).flatMap((held) => held?.batch ?? [])
  }
}
