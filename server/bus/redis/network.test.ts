import { expect, test } from 'vitest'
import { batchOf, until, valueIn } from '../bus.fixture.ts'
import { type Fault, givenFaultProxy } from './fault-proxy.fixture.ts'
import { givenBus, givenRedis } from './redis.fixture.ts'
import { askRedis, type RedisServer } from './redis-server.fixture.ts'
import { expectNothingLost, givenFollower, keysInLog, missing, Traffic } from './traffic.fixture.ts'

const environmentId = 'prod'

/** A node behind a proxy, one beside it, and what the first has told of its state. */
async function givenNodes(server: RedisServer) {
  const proxy = await givenFaultProxy(server.port)
  const behind = await givenBus(server.url.replace(`:${server.port}`, `:${proxy.port}`))
  const beside = await givenBus(server.url)
  const states: boolean[] = []
  behind.bus.watchState(({ up }) => states.push(up))
  return { proxy, states, behind: behind.bus, beside: beside.bus }
}

const cuts: readonly Fault[] = [{ kind: 'blackhole' }, { kind: 'half-open' }, { kind: 'reset' }]

test.each(cuts)(
  'B24 a node cut off from Redis ($kind) is refused in time, and fills its holes when the network heals',
  async (fault) => {
    const { proxy, states, behind, beside } = await givenNodes(await givenRedis())
    const follower = await givenFollower(behind, environmentId)
    const traffic = new Traffic(behind, environmentId)
    await traffic.untilAccepted()
    proxy.set(fault)
    await traffic.untilRefused()
    for (let batch = 0; batch < 50; batch++)
      valueIn(await beside.append(environmentId, [batchOf(environmentId, { key: `beside-${batch}` })]))
    await until(() => states.length === 2)
    await until(() => traffic.refused.some(({ message }) => message.startsWith('no connection')))
    expect(missing(['beside-49'], follower.keys)).toEqual(['beside-49'])
    expect(proxy.hits).toBeGreaterThan(0)

    proxy.set({ kind: 'pass' })
    await until(() => states.at(-1))
    await traffic.untilAccepted()
    await traffic.stop()
    traffic.expectBounded()
    expect(states).toEqual([true, false, true])
    await expectNothingLost(traffic, beside, environmentId, follower)
  },
  30_000,
)

const hindrances: readonly Fault[] = [
  { kind: 'delay', ms: 100 },
  { kind: 'throttle', bytesPerSecond: 20_000 },
]

test.each(hindrances)('B24 a slow network ($kind) makes a node slow, and loses nothing', async (fault) => {
  const { proxy, states, behind } = await givenNodes(await givenRedis())
  const follower = await givenFollower(behind, environmentId)
  const traffic = new Traffic(behind, environmentId)
  proxy.set(fault)
  await traffic.untilAccepted(5)
  await traffic.stop()
  expect(proxy.hits).toBeGreaterThan(5)
  expect(states).toEqual([true])
  proxy.set({ kind: 'pass' })
  await expectNothingLost(traffic, behind, environmentId, follower)
})

test('B25 a subscriber that Redis cuts off because it reads too slowly is filled from the log', async () => {
  const server = await givenRedis({ args: ['--client-output-buffer-limit', 'pubsub', '1mb', '0', '0'] })
  const { proxy, behind, beside } = await givenNodes(server)
  const follower = await givenFollower(behind, environmentId)
  const subscribers = async () => (await askRedis(server.port, 'CLIENT LIST TYPE pubsub')).match(/ sub=1/g)?.length ?? 0
  expect(await subscribers()).toBe(1)
  proxy.set({ kind: 'blackhole' })
  let sent = 0
  await until(async () => {
    valueIn(await beside.append(environmentId, [batchOf(environmentId, { key: `large-${sent++}`, padding: 60_000 })]))
    return (await subscribers()) === 0
  })
  expect(proxy.hits).toBeGreaterThan(0)
  expect(follower.keys.length).toBeLessThan(sent)
  proxy.set({ kind: 'pass' })
  await until(() => follower.keys.length === sent)
  expect(follower).toEqual(await keysInLog(beside, environmentId))
  expect(follower.gaps).toEqual([])
}, 30_000)
