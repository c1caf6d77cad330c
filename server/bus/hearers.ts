import type { ChainedBatch } from '../../domain/batch.ts'

/** Somebody who hears, until he has left. */
export type Hearer = { readonly hear: (batch: ChainedBatch) => void; left: boolean }

/** Who hears which environment. The same function may be added twice; each is removed by its own returned function. */
export class Hearers {
  readonly #byEnvironment = new Map<string, Set<Hearer>>()

  add(environmentId: string, hear: (batch: ChainedBatch) => void): () => void {
    const hearers = this.#byEnvironment.get(environmentId) ?? new Set()
    this.#byEnvironment.set(environmentId, hearers)
    const hearer = { hear, left: false }
    hearers.add(hearer)
    return () => {
      hearer.left = true
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

  /** Those who hear an environment now. */
  of(environmentId: string): readonly Hearer[] {
    return [...(this.#byEnvironment.get(environmentId) ?? [])]
  }

  tell(environmentId: string, batch: ChainedBatch): void {
    tellEach(this.of(environmentId), batch)
  }

  clear(): void {
    for (const hearers of this.#byEnvironment.values()) for (const hearer of hearers) hearer.left = true
    this.#byEnvironment.clear()
  }
}

/**
 * Tells those who have not left since. A hearer that throws is a mistake in this program: it surfaces as an uncaught
 * exception, and the others still hear.
 */
export function tellEach(hearers: readonly Hearer[], batch: ChainedBatch): void {
  for (const hearer of hearers) {
    if (hearer.left) continue
    try {
      hearer.hear(batch)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
