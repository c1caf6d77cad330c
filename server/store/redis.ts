import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { openSlotLine, type SlotLine } from '../bus/redis/slot-line.ts'
import { checkText, type SharedStore, type StoreFailure, tableFull } from './store.ts'

export type RedisStoreParts = { readonly url: string; readonly limits: Limits }

/** One hash tag: everything is on one server of a cluster. No environment's log has keys of these names. */
const hashTag = 'store'

/** KEYS text; ARGV the text if there is none: the first wins, and who is later gets what that has set. */
const madeScript = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`

/** KEYS table; ARGV field, text, entries that it may have. 0 = it is full. */
const putEntryScript = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
`

/** The store in a Redis: fails as a value while that is away, within `busCommandMs`, and is back by itself. */
export async function openRedisStore({ url, limits }: RedisStoreParts): Promise<Result<SharedStore, StoreFailure>> {
  const opened = await openSlotLine({ url, hashTag, limits })
  return opened.ok ? ok(storeOn(opened.value, limits)) : opened
}

function keyOf(kind: 'made' | 'claim' | 'text' | 'table', name: string): string {
  return `flagtail:{${hashTag}}:${kind}:${name}`
}

function storeOn(line: SlotLine, { storeTextBytes, storeTableEntries }: Limits): SharedStore {
  return {
    made: async (name, make) => {
      const key = keyOf('made', name)
      const known = await line.ask((redis) => redis.get(key))
      if (!known.ok) return known
      if (known.value !== null) return ok(known.value)
      const text = checkText(make(), storeTextBytes)
      return line.ask(async (redis) => String(await redis.eval(madeScript, 1, key, text)))
    },
    claim: (name, forMs) =>
      line.ask(async (redis) => (await redis.set(keyOf('claim', name), '', 'PX', ms(forMs), 'NX')) === 'OK'),
    put: async (name, text, forMs) => {
      checkText(text, storeTextBytes)
      return line.ask(async (redis) => void (await redis.set(keyOf('text', name), text, 'PX', ms(forMs))))
    },
    get: (name) => line.ask(async (redis) => (await redis.get(keyOf('text', name))) ?? undefined),
    delete: (name) => line.ask(async (redis) => void (await redis.del(keyOf('text', name)))),
    table: (name) => line.ask(async (redis) => new Map(Object.entries(await redis.hgetall(keyOf('table', name))))),
    putEntry: async (name, field, text) => {
      checkText(text, storeTextBytes)
      const put = await line.ask((redis) =>
        redis.eval(putEntryScript, 1, keyOf('table', name), field, text, storeTableEntries),
      )
      if (!put.ok) return put
      return put.value === 0 ? tableFull(name, storeTableEntries) : ok(undefined)
    },
    deleteEntry: (name, field) => line.ask(async (redis) => void (await redis.hdel(keyOf('table', name), field))),
    close: () => line.close(),
  }
}

/** Redis wants whole ms, and at least one. */
function ms(forMs: number): number {
  return Math.max(1, Math.ceil(forMs))
}
