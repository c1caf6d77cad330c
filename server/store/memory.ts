import type { Limits } from '../../domain/limits.ts'
import { ok } from '../../domain/result.ts'
import { checkText, type SharedStore, tableFull } from './store.ts'

export type MemoryStoreParts = {
  readonly limits: Limits
  /** Epoch ms. */
  readonly now: () => number
}

/** The store of one process: gone when it ends. When there is no room, what would be forgotten first goes. */
export function openMemoryStore({ limits, now }: MemoryStoreParts): SharedStore {
  const texts = new ExpiringMap<string>(limits.storeTexts, now)
  const claims = new ExpiringMap<true>(limits.storeTexts, now)
  const made = new Map<string, string>()
  const tables = new Map<string, ReadonlyMap<string, string>>()
  const tableOf = (name: string): ReadonlyMap<string, string> => tables.get(name) ?? new Map()
  const { storeTextBytes, storeTableEntries } = limits
  return {
    made: async (name, make) => {
      const text = made.get(name) ?? checkText(make(), storeTextBytes)
      made.set(name, text)
      return ok(text)
    },
    claim: async (name, forMs) => {
      if (claims.get(name)) return ok(false)
      claims.set(name, true, forMs)
      return ok(true)
    },
    put: async (name, text, forMs) => ok(texts.set(name, checkText(text, storeTextBytes), forMs)),
    get: async (name) => ok(texts.get(name)),
    delete: async (name) => ok(texts.delete(name)),
    table: async (name) => ok(tableOf(name)),
    putEntry: async (name, field, text) => {
      const table = tableOf(name)
      checkText(text, storeTextBytes)
      if (table.size >= storeTableEntries && !table.has(field)) return tableFull(name, storeTableEntries)
      tables.set(name, new Map([...table, [field, text]]))
      return ok(undefined)
    },
    deleteEntry: async (name, field) => {
      tables.set(name, new Map([...tableOf(name)].filter(([other]) => other !== field)))
      return ok(undefined)
    },
    close: async () => {},
  }
}

type Expiring<Value> = { readonly value: Value; readonly untilMs: number }

/** Forgets each entry after its time, and before that, when there is no room, the one whose time is up first. */
class ExpiringMap<Value> {
  readonly #most: number
  readonly #now: () => number
  readonly #entries = new Map<string, Expiring<Value>>()

  constructor(most: number, now: () => number) {
    this.#most = most
    this.#now = now
  }

  get(name: string): Value | undefined {
    const entry = this.#entries.get(name)
    return entry && entry.untilMs > this.#now() ? entry.value : undefined
  }

  set(name: string, value: Value, forMs: number): void {
    if (!this.#entries.has(name) && this.#entries.size >= this.#most) this.#makeRoom()
    this.#entries.set(name, { value, untilMs: this.#now() + forMs })
  }

  delete(name: string): void {
    this.#entries.delete(name)
  }

  #makeRoom(): void {
    let first: string | undefined
    let firstMs = Number.POSITIVE_INFINITY
    for (const [name, { untilMs }] of this.#entries) {
      if (untilMs <= this.#now()) this.#entries.delete(name)
      else if (untilMs < firstMs) {
        first = name
        firstMs = untilMs
      }
    }
    if (first !== undefined && this.#entries.size >= this.#most) this.#entries.delete(first)
  }
}
