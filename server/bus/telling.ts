import type { ChainedBatch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'
import { Turns } from '../turns.ts'
import { type Hearer, tellEach } from './hearers.ts'

type Untold = { readonly hearers: readonly Hearer[]; readonly batch: ChainedBatch }

/**
 * Tells of what was appended, in that order: at once while it is quick, as it is for most posts, and the rest of a large
 * one in turns with whatever else the process has to do.
 */
export class Telling {
  readonly #limits: Limits
  readonly #untold: Untold[] = []
  #isTelling = false
  #waiting: (() => void)[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Resolves when no more than `untoldBatches` are left to be told. */
  async tell(hearers: readonly Hearer[], batches: readonly ChainedBatch[]): Promise<void> {
    if (hearers.length === 0) return
    for (const batch of batches) this.#untold.push({ hearers, batch })
    if (!this.#isTelling) void this.#run()
    while (this.#untold.length > this.#limits.untoldBatches) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** Nothing more is told, and nobody waits for it. */
  close(): void {
    this.#untold.length = 0
    this.#letOn()
  }

  async #run(): Promise<void> {
    this.#isTelling = true
    const turns = new Turns(this.#limits.turnMs)
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      tellEach(next.hearers, next.batch)
      if (!turns.isOver || this.#untold.length === 0) continue
      this.#letOn()
      await turns.next()
    }
    this.#isTelling = false
    this.#letOn()
  }

  #letOn(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
