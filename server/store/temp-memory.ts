import { ok } from '../../domain/result.ts'
import type { SharedStore } from './store.ts'
export function tempMemoryStore(now: () => number): SharedStore {
  const texts = new Map<string, { text: string; untilMs: number }>()
  const tables = new Map<string, Map<string, string>>()
  const live = (name: string) => {
    const t = texts.get(name)
    return t && t.untilMs > now() ? t.text : undefined
  }
  return {
    made: async (name, make) => {
      const text = live(name) ?? make()
      texts.set(name, { text, untilMs: Infinity })
      return ok(text)
    },
    claim: async (name, forMs) => {
      if (live(name) !== undefined) return ok(false)
      texts.set(name, { text: '', untilMs: now() + forMs })
      return ok(true)
    },
    put: async (name, text, forMs) => {
      texts.set(name, { text, untilMs: now() + forMs })
      return ok(undefined)
    },
    get: async (name) => ok(live(name)),
    delete: async (name) => {
      texts.delete(name)
      return ok(undefined)
    },
    table: async (name) => ok(new Map(tables.get(name))),
    putEntry: async (name, field, text) => {
      const t = tables.get(name) ?? new Map()
      t.set(field, text)
      tables.set(name, t)
      return ok(undefined)
    },
    deleteEntry: async (name, field) => {
      tables.get(name)?.delete(field)
      return ok(undefined)
    },
    close: async () => {},
  }
}
