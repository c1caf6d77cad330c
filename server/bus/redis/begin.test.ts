import { expect, test } from 'vitest'
import type { ChainedBatch } from '../../../domain/batch.ts'
import { beginning, type Position } from '../../../domain/chain.ts'
import { ok, type Result } from '../../../domain/result.ts'
import { batchOf, readOn, until, valueIn } from '../bus.fixture.ts'
import type { Bus, BusFailure } from '../bus.ts'
import { keysOf } from './keys.ts'
import { givenBus, givenConnection, givenRedis } from './redis.fixture.ts'
import { freePort } from './redis-server.fixture.ts'

const environmentId = 'prod'
const { log, meta, marks } = keysOf(environmentId)

/** Where reading a log from its beginning leaves its reader. */
async function endOf(bus: Bus): Promise<Result<Position, BusFailure>> {
  const page = await bus.after(environmentId, beginning(environmentId))
  return page.ok ? ok(page.value.end) : page
}

test('B27 servers that look at an empty log at the same time agree on its epoch', async () => {
  const server = await givenRedis()
  const buses = [await givenBus(server.url), await givenBus(server.url), await givenBus(server.url)]
  const looks = buses.flatMap(({ bus }) => [bus.head(environmentId), endOf(bus)])
  const seen = (await Promise.all(looks)).map((look) => valueIn(look))
  const [first] = seen
  expect(first?.epoch).toMatch(/^[0-9a-f]{16}$/)
  expect(seen).toEqual(seen.map(() => first))
})

test('B27 looking at a log that has an epoch writes nothing', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  const writes = async () => /rdb_changes_since_last_save:(\d+)/.exec(await redis.info('persistence'))?.[1]
  const begun = valueIn(await bus.head(environmentId))
  expect(await redis.keys('*')).toEqual([meta])
  const before = await writes()
  for (let look = 0; look < 5; look++) {
    expect(valueIn(await bus.head(environmentId))).toEqual(begun)
    expect(valueIn(await bus.after(environmentId, begun)).end).toEqual(begun)
  }
  expect(await writes()).toBe(before)
})

test('B27 a log without its meta is begun anew by who looks at it, and nothing of the old one is left', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
  const before = valueIn(await bus.head(environmentId))
  await redis.del(meta)
  const begun = valueIn(await bus.head(environmentId))
  expect(begun).toEqual(beginning(environmentId, begun.epoch))
  expect(begun.epoch).not.toBe(before.epoch)
  expect(await redis.exists(log, marks)).toBe(0)
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  expect(await readOn(bus, environmentId, begun)).toMatchObject({ gaps: [], batches: { length: 1 } })
})

test('B27 a meta that cannot be read is a failure and no endless look', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  await redis.hset(meta, 'epoch', 'e'.repeat(16), 'offset', 'many')
  const failed = { ok: false, error: { message: expect.stringContaining('cannot be read') } }
  expect(await bus.head(environmentId)).toMatchObject(failed)
  expect(await bus.after(environmentId, beginning(environmentId))).toMatchObject(failed)
})

test('B27 a life that filled and ended before its first batch was read is told', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const begun = valueIn(await bus.head(environmentId))
  valueIn(await bus.append(environmentId, [batchOf(environmentId, { key: 'lost' })]))
  await server.restart()
  await until(async () => (await bus.append(environmentId, [batchOf(environmentId, { key: 'new' })])).ok)
  const { gaps, batches } = await until(
    async () => (await bus.head(environmentId)).ok && readOn(bus, environmentId, begun),
  )
  expect(gaps).toEqual([{ environmentId, reason: 'restarted' }])
  expect(batches.length).toBeGreaterThan(0)
})

test('B27 a log can be read while Redis is out of memory, and goes on when there is room', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  await redis.config('SET', 'maxmemory', '1mb')
  expect((await bus.append(environmentId, [batchOf(environmentId)])).ok).toBe(false)
  const begun = valueIn(await bus.head(environmentId))
  await redis.config('SET', 'maxmemory', '0')
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  expect(valueIn(await bus.head(environmentId))).toMatchObject({ epoch: begun.epoch, offset: 1 })
})

test('B17 a replica gives no epoch to an empty log, says so, and does when it is a master', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  valueIn(await bus.append('known', [batchOf('known')]))
  await redis.call('REPLICAOF', '127.0.0.1', String(await freePort()))
  expect(valueIn(await bus.head('known'))).toMatchObject({ offset: 1 })
  const refused = { ok: false, error: { message: expect.stringContaining('read-only replica') } }
  expect(await bus.head(environmentId)).toMatchObject(refused)
  await redis.call('REPLICAOF', 'NO', 'ONE')
  await until(async () => (await bus.head(environmentId)).ok)
})

test('B11 after a failover that left nothing but the epoch, a reader is told of a fork and goes on', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  const begun = valueIn(await bus.head(environmentId))
  const kept = await redis.dumpBuffer(meta)
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
  const lost = valueIn(await bus.head(environmentId))
  await redis.del(log, marks)
  await redis.restore(meta, 0, kept ?? '', 'REPLACE')

  const { gaps, end } = await readOn(bus, environmentId, lost)
  expect([gaps, end]).toEqual([[{ environmentId, reason: 'forked' }], begun])
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  expect(await readOn(bus, environmentId, end)).toMatchObject({ gaps: [], batches: { length: 1 }, end: { offset: 1 } })
  await until(() => heard.length === 1)
  expect(heard[0]?.chain).toMatchObject({ epoch: begun.epoch, offset: 1, previousId: '' })
})
