import type { ChainedBatch } from '../../domain/batch.ts'

type Hearer = { readonly hear: (batch: ChainedBatch) => void }

/** Who hears which environment. The same function may be added twice; each is removed by its own returned function. */
export class Hearers {
  readonly #byEnvironment = new Map<string, Set<Hearer>>()

  add(environmentId: string, hear: (batch: ChainedBatch) => void): () => void {
    const hearers = this.#byEnvironment.get(environmentId) ?? new Set()
    this.#byEnvironment.set(environmentId, hearers)
    const hearer = { hear }
    hearers.add(hearer)
    return () => {
      if (hearers.delete(hearer) && hearers.size === 0) this.#byEnvironment.delete(environmentId)
    }
  }

  has(environmentId: string): boolean {
    return this.#byEnvironment.has(environmentId)
  }

  /** Those that anybody hears. */
  get environmentIds(): readonly string[] {
    return [...this.#byEnvironment.keys()]
  }

  /** A hearer that throws is a mistake in this program: it surfaces as an uncaught exception, and the others still hear. */
  tell(environmentId: string, batch: ChainedBatch): void {
    for (const { hear } of [...(this.#byEnvironment.get(environmentId) ?? [])]) {
      try {
        hear(batch)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  clear(): void {
    this.#byEnvironment.clear()
  }
}
