import { onTestFinished } from 'vitest'
import { defaultLimits, type Limits } from '../../../domain/limits.ts'
import { valueIn } from '../bus.fixture.ts'
import type { Bus } from '../bus.ts'
import { readAddress } from './address.ts'
import { Connection } from './connection.ts'
import { openRedisBus } from './redis.ts'
import { type RedisOptions, type RedisServer, startRedis } from './redis-server.fixture.ts'

/** A Redis that ends with the test. */
export async function givenRedis(options?: RedisOptions): Promise<RedisServer> {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

/** A bus that is closed with the test, and what it warned of. */
export async function givenBus(url: string, overrides: Partial<Limits> = {}) {
  const warnings: string[] = []
  const limits = { ...defaultLimits, ...overrides }
  const warn = (message: string): void => void warnings.push(message)
  const bus: Bus = valueIn(await openRedisBus({ url, limits, environments: 1, now: Date.now, warn }))
  onTestFinished(() => bus.close())
  return { bus, warnings }
}

/** Opens a bus that is expected not to; the message. */
export async function refusalOf(url: string): Promise<string> {
  const opened = await openRedisBus({ url, limits: defaultLimits, environments: 1, now: Date.now, warn: () => {} })
  if (!opened.ok) return opened.error.message
  await opened.value.close()
  throw new Error('it opened')
}

/** A connection of the test's own to the first server of a URL, to look behind the bus or to change something behind its back. */
export async function givenConnection(url: string) {
  const { hosts, login } = valueIn(readAddress(url))
  const next = (): string => hosts[0] ?? ''
  const connection = new Connection({ purpose: 'read', login, next, addresses: 1, limits: defaultLimits })
  valueIn(await connection.open())
  onTestFinished(() => connection.close())
  return connection.redis
}
