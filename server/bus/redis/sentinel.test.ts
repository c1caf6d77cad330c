import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../../domain/limits.ts'
import { busContract } from '../bus.contract.ts'
import { batchOf, until, valueIn } from '../bus.fixture.ts'
import { givenBus, givenRedis, refusalOf } from './redis.fixture.ts'
import { openRedisBus } from './redis.ts'
import { type SentinelGroup, startSentinels, untilReplicated } from './redis-group.fixture.ts'
import { askRedis, freePort } from './redis-server.fixture.ts'
import { expectNothingLost, givenFollower, keysInLog, missing, Traffic } from './traffic.fixture.ts'

const environmentId = 'prod'
let group: SentinelGroup

beforeAll(async () => {
  group = await startSentinels()
}, 60_000)

afterAll(() => group?.stop())

busContract('Redis with Sentinel', async (overrides) => {
  const limits = { ...defaultLimits, ...overrides }
  const warn = (message: string): void => {
    throw new Error(`unexpected warning: ${message}`)
  }
  return valueIn(await openRedisBus({ url: group.url, limits, environments: 1, now: Date.now, warn }))
})

async function givenSentinels(): Promise<SentinelGroup> {
  const given = await startSentinels()
  onTestFinished(() => given.stop())
  return given
}

/** Where Sentinel sends everybody. */
async function masterPort({ sentinels }: SentinelGroup): Promise<number> {
  const reply = await askRedis(sentinels[0]?.port ?? 0, 'SENTINEL GET-MASTER-ADDR-BY-NAME main')
  return Number(reply.split('\r\n')[4])
}

test('B20 while Sentinel replaces a frozen master, appends fail in time; then the new one is used, also when the old thaws', async () => {
  const sentinels = await givenSentinels()
  const { bus } = await givenBus(sentinels.url)
  const follower = await givenFollower(bus, environmentId)
  valueIn(await bus.append(environmentId, [batchOf(environmentId, { key: 'before' })]))
  await untilReplicated(sentinels.master, sentinels.replica)
  const states: boolean[] = []
  bus.watchState(({ up }) => states.push(up))
  sentinels.master.freeze()
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilRefused()
  await traffic.untilAccepted()
  await until(() => states.at(-1))
  expect(states).toContain(false)
  expect(await masterPort(sentinels)).toBe(sentinels.replica.port)
  sentinels.master.thaw()
  await traffic.untilAccepted(200)
  await traffic.stop()
  traffic.expectBounded()
  await expectNothingLost(traffic, bus, environmentId, follower)
}, 60_000)

test('B21 after a failover to a replica that had fallen behind, a fork is told once and no later batch is dropped', async () => {
  const sentinels = await givenSentinels()
  const { bus } = await givenBus(sentinels.url)
  const follower = await givenFollower(bus, environmentId)
  for (const key of ['kept-1', 'kept-2']) valueIn(await bus.append(environmentId, [batchOf(environmentId, { key })]))
  await sentinels.stopReplication()
  for (let batch = 0; batch < 50; batch++)
    valueIn(await bus.append(environmentId, [batchOf(environmentId, { key: `lost-${batch}` })]))
  await until(() => follower.keys.length === 52)

  await sentinels.master.kill()
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilRefused()
  await traffic.untilAccepted(50)
  await until(() => follower.gaps.length > 0)
  const told = traffic.posts.length
  await traffic.untilAccepted(50)
  await traffic.stop()
  traffic.expectBounded()
  expect(await keysInLog(bus, environmentId)).toEqual({ keys: ['kept-1', 'kept-2', ...traffic.accepted], gaps: [] })
  await until(() => follower.keys.at(-1) === traffic.accepted.at(-1))
  expect(follower.gaps).toEqual([{ environmentId, reason: 'forked' }])
  const later = traffic.posts.slice(told).flatMap(({ ok, key }) => (ok ? [key] : []))
  expect(missing(later, follower.keys)).toEqual([])
}, 60_000)

test('B20 a failover by hand loses what was under way at most, and tells it, where the master takes no writes without its replica', async () => {
  const { bus } = await givenBus(group.url)
  const before = await masterPort(group)
  await askRedis(before, 'CONFIG SET min-replicas-to-write 1')
  const follower = await givenFollower(bus, environmentId)
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilAccepted()
  expect(await askRedis(group.sentinels[0]?.port ?? 0, 'SENTINEL FAILOVER main')).toBe('+OK\r\n')
  await traffic.untilRefused()
  await traffic.untilAccepted()
  await traffic.stop()
  expect(await masterPort(group)).not.toBe(before)
  traffic.expectBounded()
  const { keys } = await keysInLog(bus, environmentId)
  await until(() => follower.keys.at(-1) === keys.at(-1))
  const lost = missing(traffic.accepted, keys)
  expect(lost.length).toBeLessThan(10)
  expect(follower.gaps).toEqual(lost.length > 0 ? [{ environmentId, reason: 'forked' }] : [])
}, 60_000)

test('B20 a master that Sentinel does not know, Sentinels that are away or are none: each is told in one line', async () => {
  const [host] = group.url.split(',')
  expect(await refusalOf(`${host}/other`)).toMatch(/: Sentinel knows no master "other"$/)
  expect(await refusalOf(`redis+sentinel://127.0.0.1:${await freePort()}/main`)).toContain('ECONNREFUSED')
  expect(await refusalOf(`redis+sentinel://127.0.0.1:${group.master.port}/main`)).toContain(
    "unknown command 'SENTINEL'",
  )
  expect(await refusalOf(`redis://127.0.0.1:${group.sentinels[0]?.port}`)).toContain('it is a Sentinel')
})

test('B20 Sentinels may want the password of the Redis, or none', async () => {
  const redis = await givenRedis({ password: 'word' })
  const monitor = [`sentinel monitor main 127.0.0.1 ${redis.port} 1`, 'sentinel auth-pass main word']
  const [open, shut] = [
    await givenRedis({ sentinel: monitor }),
    await givenRedis({ sentinel: [...monitor, 'requirepass word'] }),
  ]
  for (const { port } of [open, shut]) {
    const { bus } = await givenBus(`redis+sentinel://:word@127.0.0.1:${port}/main`)
    valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  }
  expect(await refusalOf(`redis+sentinel://127.0.0.1:${shut.port}/main`)).toContain('Redis wants a password')
})
