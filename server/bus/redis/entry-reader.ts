import type { ChainedBatch } from '../../../domain/batch.ts'
import { decodeEnvelope } from '../envelope.ts'

/**
 * Reads what Redis hands out. What is no batch of its environment is left out and counted, with a warning at 1, 2, 4, 8 …
 * of them. It is not lost in silence: the chain has a hole there, which a reader of the log gets as a gap with an exact count.
 */
export class EntryReader {
  readonly #warn: (message: string) => void
  #corrupt = 0

  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  /** `entryId`: where the stream has it, if it comes from there. */
  read(environmentId: string, bytes: Buffer, entryId?: string): ChainedBatch | undefined {
    const decoded = decodeEnvelope(bytes)
    if (!decoded.ok) return this.#refuse(environmentId, decoded.error)
    const { chain, header } = decoded.value
    if (header.shared.environmentId !== environmentId) return this.#refuse(environmentId, 'of another environment')
    if (entryId !== undefined && entryId !== `${chain.offset}-0`) return this.#refuse(environmentId, 'at a wrong place')
    return decoded.value
  }

  #refuse(environmentId: string, problem: string): undefined {
    this.#corrupt++
    if (Number.isInteger(Math.log2(this.#corrupt))) {
      this.#warn(`left out ${this.#corrupt} unreadable batches of the log, the last in ${environmentId}: ${problem}`)
    }
  }
}
