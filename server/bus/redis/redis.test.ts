import { afterAll, beforeAll } from 'vitest'
import { defaultLimits } from '../../../domain/limits.ts'
import { busContract } from '../bus.contract.ts'
import { valueIn } from '../bus.fixture.ts'
import { openRedisBus } from './redis.ts'
import { type RedisServer, startRedis } from './redis-server.fixture.ts'

let server: RedisServer

beforeAll(async () => {
  server = await startRedis()
})

afterAll(() => server.stop())

busContract('Redis', async (overrides) => {
  const limits = { ...defaultLimits, ...overrides }
  const warn = (message: string): void => {
    throw new Error(`unexpected warning: ${message}`)
  }
  return valueIn(await openRedisBus({ url: server.url, limits, environments: 1, now: Date.now, warn }))
})
