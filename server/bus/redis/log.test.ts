import { expect, test } from 'vitest'
import type { ChainedBatch } from '../../../domain/batch.ts'
import { batchOf, impressionsOf, readOn, until, valueIn } from '../bus.fixture.ts'
import { encodeBatch } from '../envelope.ts'
import { keysOf } from './keys.ts'
import { givenBus, givenConnection, givenRedis } from './redis.fixture.ts'
import { freePort } from './redis-server.fixture.ts'

const environmentId = 'prod'
const { log, meta, marks } = keysOf(environmentId)

test('B8 the log holds no more bytes than it may, and no less than that without a segment', async () => {
  const server = await givenRedis()
  const logBytes = 1_000_000
  const { bus } = await givenBus(server.url, { logBytes })
  const redis = await givenConnection(server.url)
  const sizes: number[] = []
  for (let post = 0; post < 100; post++) {
    const batches = Array.from({ length: 3 }, (_, index) =>
      batchOf(environmentId, { impressions: 1 + (post % 7), padding: index * 4000 }),
    )
    valueIn(await bus.append(environmentId, batches))
    if (post % 10 === 9) sizes.push(await bytesIn(redis))
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(logBytes)
  expect(sizes.at(-1)).toBeGreaterThan(logBytes * 0.9)
  expect(await redis.llen(marks)).toBeLessThan(70)
  const { batches, gaps, end } = await readOn(bus, environmentId)
  expect(gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: end.cumulative - impressionsOf(batches) }])
})

test('B8 one post that is larger than the log leaves its newest batches', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url, { logBytes: 100_000 })
  valueIn(
    await bus.append(
      environmentId,
      Array.from({ length: 100 }, () => batchOf(environmentId, { padding: 5000 })),
    ),
  )
  const { batches, gaps } = await readOn(bus, environmentId)
  expect(batches.length).toBeGreaterThan(10)
  expect(gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: 100 - batches.length }])
})

test('B9 batches older than the log keeps are gone, and offset and count go on', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url, { logMs: 500 })
  valueIn(await bus.append(environmentId, [batchOf(environmentId, { impressions: 5 })]))
  await until(async () => {
    valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
    return (await readOn(bus, environmentId)).gaps.length > 0
  })
  const { batches, gaps, end } = await readOn(bus, environmentId)
  expect(gaps[0]?.impressions).toBe(end.cumulative - impressionsOf(batches))

  const idle = await until(async () => {
    const read = await readOn(bus, environmentId)
    return read.batches.length === 0 && read
  })
  expect(idle.gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: end.cumulative }])
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  expect(await readOn(bus, environmentId, idle.end)).toMatchObject({
    gaps: [],
    batches: { length: 1 },
    end: { cumulative: end.cumulative + 1 },
  })
})

test('B11 after a failover that lost the newest batches, a reader of the lost ones is told of a fork', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
  const kept = await Promise.all([log, meta, marks].map((key) => redis.dumpBuffer(key)))
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
  const lost = valueIn(await bus.head(environmentId))
  for (const [index, key] of [log, meta, marks].entries()) await redis.restore(key, 0, kept[index] ?? '', 'REPLACE')

  const forked = { gaps: [{ environmentId, reason: 'forked' }], batches: [] }
  expect(await readOn(bus, environmentId, lost)).toMatchObject({ ...forked, end: { offset: 2 } })
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId), batchOf(environmentId)]))
  expect(await readOn(bus, environmentId, lost)).toMatchObject({ ...forked, end: { offset: 5, epoch: lost.epoch } })
  await until(() => heard.length === 3)
  expect(heard.map(({ chain }) => chain.offset)).toEqual([3, 4, 5])
})

test('B10 without its meta a log is begun anew', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
  const before = valueIn(await bus.head(environmentId))
  await redis.del(meta)
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  expect(await readOn(bus, environmentId, before)).toMatchObject({
    gaps: [{ reason: 'restarted' }],
    batches: { length: 1 },
  })
  expect(await redis.xlen(log)).toBe(1)
})

test('B16 an unreadable batch is left out with a warning, and its impressions are told as a gap', async () => {
  const server = await givenRedis()
  const { bus, warnings } = await givenBus(server.url, { replayPageBatches: 2 })
  const redis = await givenConnection(server.url)
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  for (const impressions of [1, 2, 4, 8, 16])
    valueIn(await bus.append(environmentId, [batchOf(environmentId, { impressions })]))
  await spoil(redis, [2, 3, 5])
  const { batches, gaps, end } = await readOn(bus, environmentId)
  expect(batches.map(({ chain }) => chain.offset)).toEqual([1, 4])
  expect(gaps.map(({ reason, impressions }) => [reason, impressions])).toEqual([
    ['trimmed', 6],
    ['trimmed', 16],
  ])
  expect(end).toMatchObject({ offset: 5, cumulative: 31 })
  expect(warnings[0]).toBe('left out 1 unreadable batches of the log, the last in prod: not a chain line')
  expect(valueIn(await bus.before(environmentId, undefined))).toMatchObject({
    batches: [{ chain: { offset: 4 } }],
    more: true,
  })
  expect(valueIn(await bus.before(environmentId, 4))).toMatchObject({
    batches: [{ chain: { offset: 1 } }],
    more: false,
  })
  await until(() => heard.length === 5)
})

test('B16 what is published by others, or for another environment, is not heard', async () => {
  const server = await givenRedis()
  const { bus, warnings } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  const foreign = Buffer.concat([
    Buffer.from(`${'a'.repeat(16)} 1 ${'b'.repeat(16)} - 1\n`),
    encodeBatch(batchOf('staging')),
  ])
  await redis.publish(`flagtail:{${environmentId}}:live`, 'nonsense')
  await redis.publish(`flagtail:{${environmentId}}:live`, foreign)
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  await until(() => heard.length === 1)
  expect(heard[0]?.header.shared.environmentId).toBe(environmentId)
  expect(warnings).toHaveLength(2)
})

test('B3 when Redis is out of memory a post leaves nothing behind, and the next is tried at once', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  await redis.config('SET', 'maxmemory', '1mb')
  for (let post = 0; post < 5; post++) {
    const refused = await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)])
    expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('out of memory') } })
  }
  expect(await redis.keys('*')).toEqual([])
  await redis.config('SET', 'maxmemory', '0')
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
})

test('B17 a Redis that became a replica refuses, and is used again when it is a master', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  await redis.call('REPLICAOF', '127.0.0.1', String(await freePort()))
  const refused = await bus.append(environmentId, [batchOf(environmentId)])
  expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('read-only replica') } })
  await redis.call('REPLICAOF', 'NO', 'ONE')
  await until(async () => (await bus.append(environmentId, [batchOf(environmentId)])).ok)
})

test('B17 a Redis that forgot the script is sent it again', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const redis = await givenConnection(server.url)
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  await redis.script('FLUSH')
  const posts = Array.from({ length: 10 }, () => bus.append(environmentId, [batchOf(environmentId)]))
  expect((await Promise.all(posts)).map(({ ok }) => ok)).not.toContain(false)
  expect(valueIn(await bus.head(environmentId))).toMatchObject({ offset: 11 })
})

test('B5 two databases of one Redis know nothing of each other', async () => {
  const server = await givenRedis()
  const one = await givenBus(server.url)
  const two = await givenBus(server.url.replace(/0$/, '2'))
  const heard: [ChainedBatch[], ChainedBatch[]] = [[], []]
  valueIn(await one.bus.subscribe(environmentId, (batch) => heard[0].push(batch)))
  valueIn(await two.bus.subscribe(environmentId, (batch) => heard[1].push(batch)))
  valueIn(await one.bus.append(environmentId, [batchOf(environmentId)]))
  valueIn(await two.bus.append(environmentId, [batchOf(environmentId)]))
  await until(() => heard[0].length > 0 && heard[1].length > 0)
  expect(heard.map(({ length }) => length)).toEqual([1, 1])
  expect(await readOn(two.bus, environmentId)).toMatchObject({ batches: { length: 1 } })
})

type Raw = Awaited<ReturnType<typeof givenConnection>>

async function bytesIn(redis: Raw): Promise<number> {
  const entries = await redis.xrangeBuffer(log, '-', '+')
  return entries.reduce((sum, [, fields]) => sum + (fields[1]?.length ?? 0), 0)
}

/** Puts nonsense in the place of these entries: a stream only grows at its end, so it is written again. */
async function spoil(redis: Raw, offsets: readonly number[]): Promise<void> {
  const entries = await redis.xrangeBuffer(log, '-', '+')
  await redis.del(log)
  for (const [index, [id, [field = '', value = '']]] of entries.entries()) {
    await redis.xadd(log, id.toString(), field, offsets.includes(index + 1) ? 'nonsense' : value)
  }
}
