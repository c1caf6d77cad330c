import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure } from './bus.ts'
import { openMemoryBus } from './memory.ts'
import { openRedisBus } from './redis/redis.ts'

export type OpenBusParts = {
  /** Absent = the embedded bus. */
  readonly redisUrl: string | undefined
  readonly limits: Limits
  readonly environments: number
  readonly now: () => number
  readonly warn: (message: string) => void
}

/** The bus that the settings ask for. */
export async function openBus({ redisUrl, ...parts }: OpenBusParts): Promise<Result<Bus, BusFailure>> {
  return redisUrl === undefined ? ok(openMemoryBus(parts)) : openRedisBus({ ...parts, url: redisUrl })
}
