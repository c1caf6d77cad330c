import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { until, valueIn } from '../bus/bus.fixture.ts'
import {
  type RedisCluster,
  type SentinelGroup,
  startCluster,
  startSentinels,
  untilReplicated,
} from '../bus/redis/redis-group.fixture.ts'
import { askRedis } from '../bus/redis/redis-server.fixture.ts'
import { slotOf } from '../bus/redis/slot.ts'
import { openSharedStore } from './open.ts'
import { storeContract } from './store.contract.ts'
import type { SharedStore } from './store.ts'

let cluster: RedisCluster
let sentinels: SentinelGroup

beforeAll(async () => {
  const started = await Promise.allSettled([startCluster(), startSentinels()])
  if (started[0].status === 'fulfilled') cluster = started[0].value
  if (started[1].status === 'fulfilled') sentinels = started[1].value
  if (!cluster || !sentinels) throw new Error('could not start both', { cause: started })
}, 60_000)

afterAll(() => Promise.all([cluster?.stop(), sentinels?.stop()]))

async function openStore(redisUrl: string, overrides: Partial<Limits> = {}): Promise<SharedStore> {
  return valueIn(await openSharedStore({ redisUrl, limits: { ...defaultLimits, ...overrides }, now: Date.now }))
}

async function givenStore(redisUrl: string): Promise<SharedStore> {
  const store = await openStore(redisUrl)
  onTestFinished(() => store.close())
  return store
}

storeContract('Redis Cluster', (servers, overrides) =>
  Promise.all(Array.from({ length: servers }, () => openStore(cluster.url, overrides))),
)

storeContract('Redis with Sentinel', (servers, overrides) =>
  Promise.all(Array.from({ length: servers }, () => openStore(sentinels.url, overrides))),
)

test('KY3 when its slot moves to another master of a cluster, the store follows', async () => {
  const store = await givenStore(cluster.url)
  valueIn(await store.put('moved', 'along', 600_000))
  const from = cluster.masterOf('store')
  const to = cluster.masters.find((master) => master !== from)
  if (!to) throw new Error('there are three masters')
  const idOf = async (port: number) => /[0-9a-f]{40}/.exec(await askRedis(port, 'CLUSTER MYID'))?.[0]
  const [fromId, toId] = [await idOf(from.port), await idOf(to.port)]
  const slot = slotOf('store')
  await askRedis(to.port, `CLUSTER SETSLOT ${slot} IMPORTING ${fromId}`)
  await askRedis(from.port, `CLUSTER SETSLOT ${slot} MIGRATING ${toId}`)
  const listed = await askRedis(from.port, `CLUSTER GETKEYSINSLOT ${slot} 100`)
  const keys = listed.split('\r\n').filter((line) => line.startsWith('flagtail:'))
  expect(await askRedis(from.port, `MIGRATE 127.0.0.1 ${to.port} "" 0 5000 KEYS ${keys.join(' ')}`)).toBe('+OK\r\n')
  for (const { port } of cluster.masters) await askRedis(port, `CLUSTER SETSLOT ${slot} NODE ${toId}`)
  await until(async () => (await store.get('moved')).ok)
  expect(valueIn(await store.get('moved'))).toBe('along')
  expect(valueIn(await store.claim('after', 1000))).toBe(true)
}, 60_000)

test('KY3 when Sentinel replaces a dead master, the store goes on with the new one', async () => {
  const store = await givenStore(sentinels.url)
  valueIn(await store.put('kept', 'over', 600_000))
  await untilReplicated(sentinels.master, sentinels.replica)
  await sentinels.master.kill()
  await until(async () => !(await store.get('kept')).ok)
  await until(async () => (await store.put('after', 'x', 60_000)).ok, 30_000)
  expect(valueIn(await store.get('kept'))).toBe('over')
}, 60_000)
