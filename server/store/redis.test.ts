import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { until, valueIn } from '../bus/bus.fixture.ts'
import { givenRedis } from '../bus/redis/redis.fixture.ts'
import { askRedis, freePort, type RedisServer, startRedis } from '../bus/redis/redis-server.fixture.ts'
import { openSharedStore } from './open.ts'
import { storeContract } from './store.contract.ts'
import type { SharedStore } from './store.ts'

let server: RedisServer

beforeAll(async () => {
  server = await startRedis()
})

afterAll(() => server.stop())

async function openStore(redisUrl: string, overrides: Partial<Limits> = {}): Promise<SharedStore> {
  return valueIn(await openSharedStore({ redisUrl, limits: { ...defaultLimits, ...overrides }, now: Date.now }))
}

async function givenStore(redisUrl: string): Promise<SharedStore> {
  const store = await openStore(redisUrl)
  onTestFinished(() => store.close())
  return store
}

storeContract('Redis', (servers, overrides) =>
  Promise.all(Array.from({ length: servers }, () => openStore(server.url, overrides))),
)

/** Each question of the store; how long the slowest took to be refused. */
async function refusedWithinMs(store: SharedStore): Promise<number> {
  const startMs = performance.now()
  const asked = [
    store.get('text'),
    store.put('text', 'x', 1000),
    store.claim('claim', 1000),
    store.made('made', () => 'x'),
    store.table('table'),
    store.putEntry('table', 'a', 'x'),
    store.deleteEntry('table', 'a'),
    store.delete('text'),
  ]
  const results = await Promise.all<{ readonly ok: boolean }>(asked)
  const ms = performance.now() - startMs
  expect(results.map((result) => result.ok)).toEqual(asked.map(() => false))
  return ms
}

test('KY3 while Redis is frozen everything fails as a value within 1.1 s, then at once, and works again when it thaws', async () => {
  const frozen = await givenRedis()
  const store = await givenStore(frozen.url)
  valueIn(await store.put('text', 'before', 60_000))
  frozen.freeze()
  expect(await refusedWithinMs(store)).toBeLessThan(1100)
  expect(await refusedWithinMs(store)).toBeLessThan(50)
  frozen.thaw()
  await until(async () => (await store.get('text')).ok)
  expect(valueIn(await store.claim('after', 1000))).toBe(true)
})

test('KY3 while Redis is down everything fails at once, and works again when it is back', async () => {
  const killed = await givenRedis()
  const store = await givenStore(killed.url)
  valueIn(await store.putEntry('table', 'a', '1'))
  await killed.kill()
  expect(await refusedWithinMs(store)).toBeLessThan(1100)
  await until(async () => {
    const refused = await store.get('text')
    return !refused.ok && refused.error.reason === 'down'
  })
  await killed.restart()
  await until(async () => (await store.table('table')).ok)
  expect(valueIn(await store.table('table'))).toEqual(new Map())
  expect(valueIn(await store.made('secret', () => 'new'))).toBe('new')
})

test('KY3 a Redis that cannot be used is told in one line, without its password', async () => {
  const port = await freePort()
  const redisUrl = `redis://:secret@127.0.0.1:${port}/0`
  const opened = await openSharedStore({ redisUrl, limits: defaultLimits, now: Date.now })
  const message = `cannot use Redis at redis://127.0.0.1:${port}/0: connect ECONNREFUSED 127.0.0.1:${port}`
  expect(opened).toEqual({ ok: false, error: { reason: 'down', message } })
})

test('KY3 all its keys are those of one hash tag, and none is that of a log', async () => {
  const alone = await givenRedis()
  const store = await givenStore(alone.url)
  await store.put('log', 'x', 60_000)
  await store.claim('log', 60_000)
  await store.made('log', () => 'x')
  await store.putEntry('log', 'a', 'x')
  const keys = (await askRedis(alone.port, 'KEYS *')).split('\r\n').filter((line) => line.startsWith('flagtail'))
  expect(keys.sort()).toEqual(['claim', 'made', 'table', 'text'].map((kind) => `flagtail:{store}:${kind}:log`))
})

test('KY3 a Redis that has no memory left is told as that', async () => {
  const full = await givenRedis()
  const store = await givenStore(full.url)
  await askRedis(full.port, 'CONFIG SET maxmemory 1')
  const refused = await store.put('text', 'x', 1000)
  expect(refused).toMatchObject({ ok: false, error: { reason: 'down', message: expect.stringContaining('maxmemory') } })
})
