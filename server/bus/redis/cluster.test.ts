import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultLimits } from '../../../domain/limits.ts'
import { busContract } from '../bus.contract.ts'
import { batchOf, until, valueIn } from '../bus.fixture.ts'
import { keysOf } from './keys.ts'
import { givenBus, givenRedis, refusalOf } from './redis.fixture.ts'
import { openRedisBus } from './redis.ts'
import { type RedisCluster, startCluster, untilReplicated } from './redis-group.fixture.ts'
import { askRedis, freePort, type RedisServer } from './redis-server.fixture.ts'
import { slotOf } from './slot.ts'
import { expectNothingLost, givenFollower, Traffic } from './traffic.fixture.ts'

let cluster: RedisCluster

beforeAll(async () => {
  cluster = await startCluster()
}, 60_000)

afterAll(() => cluster?.stop())

busContract('Redis Cluster', async (overrides) => {
  const limits = { ...defaultLimits, ...overrides }
  const warn = (message: string): void => {
    throw new Error(`unexpected warning: ${message}`)
  }
  return valueIn(await openRedisBus({ url: cluster.url, limits, environments: 1, now: Date.now, warn }))
})

let environments = 0

/** Another environment whose log is on this master. */
function environmentOn(master: RedisServer): string {
  environments++
  const environmentId = `environment-${environments}`
  return cluster.masterOf(environmentId) === master ? environmentId : environmentOn(master)
}

function serverAt(index: number): RedisServer {
  const server = cluster.masters[index]
  if (!server) throw new Error('there are three masters')
  return server
}

async function hearsAt(): Promise<RedisServer> {
  const servers = [...cluster.masters, ...cluster.replicas]
  const lists = await Promise.all(servers.map(({ port }) => askRedis(port, 'CLIENT LIST TYPE pubsub')))
  const found = servers.find((_, index) => lists[index]?.includes('name=flagtail-subscribe'))
  if (!found) throw new Error('nobody hears')
  return found
}

test('B22 a slot is computed as Redis does', async () => {
  for (const environmentId of ['prod', 'a', 'Staging_2', '0.9-x'])
    expect(await askRedis(serverAt(0).port, `CLUSTER KEYSLOT ${keysOf(environmentId).log}`)).toBe(
      `:${slotOf(environmentId)}\r\n`,
    )
})

test('B22 a log that moves to another master is followed there, with nothing lost and no gap', async () => {
  const [from, to] = [serverAt(0), serverAt(1)]
  const environmentId = environmentOn(from)
  const slot = slotOf(environmentId)
  const { bus } = await givenBus(cluster.url)
  const follower = await givenFollower(bus, environmentId)
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilAccepted()
  const idOf = async ({ port }: RedisServer) => /[0-9a-f]{40}/.exec(await askRedis(port, 'CLUSTER MYID'))?.[0]
  const [fromId, toId] = [await idOf(from), await idOf(to)]
  await askRedis(to.port, `CLUSTER SETSLOT ${slot} IMPORTING ${fromId}`)
  await askRedis(from.port, `CLUSTER SETSLOT ${slot} MIGRATING ${toId}`)
  const { log, meta, marks } = keysOf(environmentId)
  expect(await askRedis(from.port, `MIGRATE 127.0.0.1 ${to.port} "" 0 5000 KEYS ${log} ${meta} ${marks}`)).toBe(
    '+OK\r\n',
  )
  await traffic.untilRefused()
  for (const { port } of [to, from, serverAt(2)]) await askRedis(port, `CLUSTER SETSLOT ${slot} NODE ${toId}`)
  await traffic.untilAccepted()
  await traffic.stop()
  traffic.expectBounded()
  expect(await askRedis(to.port, `EXISTS ${log}`)).toBe(':1\r\n')
  await expectNothingLost(traffic, bus, environmentId, follower)
}, 60_000)

test('B22 a URL that names a cluster where there is none, or none where there is one, is told in one line', async () => {
  const single = await givenRedis()
  expect(await refusalOf(single.url.replace('redis:', 'redis+cluster:'))).toMatch(
    /^cannot use Redis at redis\+cluster:.*ERR This instance has cluster support disabled$/,
  )
  expect(await refusalOf(serverAt(0).url)).toMatch(/: it is a cluster: its URL begins with redis\+cluster:\/\/$/)
})

test('B22 a cluster is found as long as one of the servers in its URL answers', async () => {
  const [host] = cluster.url.split(',')
  const [dead, alsoDead] = [await freePort(), await freePort()]
  const url = `${host},127.0.0.1:${dead},127.0.0.1:${alsoDead}`
  for (let time = 0; time < 3; time++) valueIn(await (await givenBus(url)).bus.head('prod'))
  expect(await refusalOf(`redis+cluster://127.0.0.1:${dead},127.0.0.1:${alsoDead}`)).toContain('ECONNREFUSED')
})

test('B23 with the server frozen at which a node hears, appends go on, and it hears elsewhere', async () => {
  const environmentId = environmentOn(serverAt(1))
  let frozen = serverAt(0)
  const bus = await until(async () => {
    const given = await givenBus(cluster.url)
    valueIn(await given.bus.subscribe(environmentId, () => {}))
    frozen = await hearsAt()
    if (cluster.replicas.includes(frozen)) return given.bus
    await given.bus.close()
    return undefined
  })
  const states: boolean[] = []
  bus.watchState(({ up }) => states.push(up))
  const follower = await givenFollower(bus, environmentId)
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilAccepted()
  frozen.freeze()
  await until(() => states.length === 3)
  await traffic.stop()
  expect(states).toEqual([true, false, true])
  expect(traffic.refused).toEqual([])
  await expectNothingLost(traffic, bus, environmentId, follower)
  frozen.thaw()
}, 60_000)

test('B23 when a master of a cluster is lost, appends fail in time, and go to its replica as soon as that is promoted', async () => {
  const lost = serverAt(2)
  const [environmentId, other] = [environmentOn(lost), environmentOn(serverAt(1))]
  const { bus, warnings } = await givenBus(cluster.url)
  const states: boolean[] = []
  bus.watchState(({ up }) => states.push(up))
  const follower = await givenFollower(bus, environmentId)
  const otherFollower = await givenFollower(bus, other)
  const otherTraffic = new Traffic(bus, other)
  await otherTraffic.untilAccepted()
  valueIn(await bus.append(environmentId, [batchOf(environmentId, { key: 'before' })]))
  await untilReplicated(lost, cluster.replicas[2])
  await lost.kill()
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilRefused()
  await Promise.all([traffic.untilAccepted(), otherTraffic.untilAccepted()])
  await until(() => states.length === 3)
  await Promise.all([traffic.stop(), otherTraffic.stop()])
  expect(states).toEqual([true, false, true])
  expect(warnings).toHaveLength(1)
  for (const one of [traffic, otherTraffic]) one.expectBounded()
  await expectNothingLost(otherTraffic, bus, other, otherFollower)
  await expectNothingLost(traffic, bus, environmentId, follower)
}, 60_000)

test('B23 when a master of a cluster is frozen, appends fail in time, and go to its replica as soon as that is promoted', async () => {
  const lost = serverAt(1)
  const environmentId = environmentOn(lost)
  const { bus } = await givenBus(cluster.url)
  const follower = await givenFollower(bus, environmentId)
  valueIn(await bus.append(environmentId, [batchOf(environmentId, { key: 'before' })]))
  await untilReplicated(lost, cluster.replicas[1])
  lost.freeze()
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilRefused()
  await traffic.untilAccepted()
  lost.thaw()
  await traffic.untilAccepted(200)
  await traffic.stop()
  traffic.expectBounded()
  await expectNothingLost(traffic, bus, environmentId, follower)
}, 60_000)
