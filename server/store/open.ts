import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { openMemoryStore } from './memory.ts'
import { openRedisStore } from './redis.ts'
import type { SharedStore, StoreFailure } from './store.ts'

export type OpenStoreParts = {
  /** Absent = this process alone. */
  readonly redisUrl: string | undefined
  readonly limits: Limits
  /** Epoch ms. */
  readonly now: () => number
}

/** The store that the settings ask for; fails within some seconds, in one line, when Redis cannot be used. */
export async function openSharedStore({
  redisUrl,
  limits,
  now,
}: OpenStoreParts): Promise<Result<SharedStore, StoreFailure>> {
  return redisUrl === undefined ? ok(openMemoryStore({ limits, now })) : openRedisStore({ url: redisUrl, limits })
}
