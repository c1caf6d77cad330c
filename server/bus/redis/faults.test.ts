import { expect, test } from 'vitest'
import type { ChainedBatch } from '../../../domain/batch.ts'
import { batchOf, readOn, until, valueIn } from '../bus.fixture.ts'
import type { Bus, BusState } from '../bus.ts'
import { givenBus, givenConnection, givenRedis } from './redis.fixture.ts'
import { watchLateness } from './traffic.fixture.ts'

const environmentId = 'prod'

test('B13 while Redis is frozen an append fails in time, then at once, and works again when it thaws', async () => {
  const server = await givenRedis()
  const { bus, warnings } = await givenBus(server.url)
  const states: BusState[] = []
  bus.watchState((state) => states.push(state))
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))

  server.freeze()
  const slow = await Promise.all([timedAppend(bus), timedAppend(bus), timedAppend(bus)])
  expect(slow.map(({ result }) => result.ok || result.error.reason)).toEqual(Array(3).fill('unanswered'))
  expect(Math.max(...slow.map(({ ms }) => ms))).toBeLessThan(1100)
  const atOnce = await timedAppend(bus)
  expect(atOnce.result).toMatchObject({
    ok: false,
    error: { reason: 'down', message: expect.stringContaining('does not answer') },
  })
  expect(atOnce.ms).toBeLessThan(5)
  expect(states).toEqual([{ up: true }, { up: false, sinceMs: expect.any(Number) }])
  expect(warnings).toHaveLength(1)

  server.thaw()
  await until(() => states.at(-1)?.up)
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  const head = valueIn(await bus.head(environmentId))
  await until(() => heard.some(({ chain }) => chain.offset === head.offset))
  expect(states).toHaveLength(3)
})

test('B13 while the circuit is open one append a second is tried', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url, { busHalfOpenMs: 300 })
  server.freeze()
  await Promise.all([timedAppend(bus), timedAppend(bus), timedAppend(bus)])
  await until(async () => (await timedAppend(bus)).ms > 100, 2000)
  expect((await timedAppend(bus)).ms).toBeLessThan(5)
})

test('B13 a frozen Redis is noticed without anybody posting', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const states: BusState[] = []
  bus.watchState((state) => states.push(state))
  server.freeze()
  await until(() => states.length === 2, 4500)
  expect(states[1]).toMatchObject({ up: false })
})

test('B13 a frozen Redis makes reading and subscribing fail in time', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  server.freeze()
  const startMs = performance.now()
  const position = { environmentId, offset: 0, cumulative: 0 } as const
  const results = await Promise.all([
    bus.head(environmentId),
    bus.after(environmentId, position),
    bus.before(environmentId, undefined),
    bus.subscribe(environmentId, () => {}),
  ])
  expect(performance.now() - startMs).toBeLessThan(1100)
  expect(results.map(({ ok }) => ok)).toEqual([false, false, false, false])
})

test('B14 after Redis was killed and came back empty, the log has a new epoch and is heard again', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const states: BusState[] = []
  bus.watchState((state) => states.push(state))
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
  const before = valueIn(await bus.head(environmentId))

  const killedMs = Date.now()
  await server.kill()
  await until(() => states.length === 2)
  expect(states[1]).toMatchObject({ up: false })
  expect(states[1]?.up === false && states[1].sinceMs >= killedMs).toBe(true)
  expect(await bus.append(environmentId, [batchOf(environmentId)])).toMatchObject({ ok: false })

  await server.restart()
  await until(() => states.at(-1)?.up)
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  await until(() => heard.length === 3)
  expect(heard[2]?.chain).toMatchObject({ offset: 1, previousId: '', cumulative: 1 })
  expect(heard[2]?.chain.epoch).not.toBe(before.epoch)
  expect(await readOn(bus, environmentId, before)).toMatchObject({
    gaps: [{ environmentId, reason: 'restarted' }],
    batches: [{ chain: heard[2]?.chain }],
  })
})

test('B15 two servers on one Redis hear each other in the order of one log', async () => {
  const server = await givenRedis()
  const one = await givenBus(server.url)
  const two = await givenBus(server.url)
  const heard: [string[], string[]] = [[], []]
  valueIn(await one.bus.subscribe(environmentId, ({ chain }) => heard[0].push(chain.id)))
  valueIn(await two.bus.subscribe(environmentId, ({ chain }) => heard[1].push(chain.id)))
  const buses = [one.bus, two.bus]
  await Promise.all(
    Array.from({ length: 200 }, (_, index) => buses[index % 2]?.append(environmentId, [batchOf(environmentId)])),
  )
  await until(() => heard[0].length === 200 && heard[1].length === 200)
  expect(heard[0]).toEqual(heard[1])
  const { batches, gaps } = await readOn(two.bus, environmentId)
  expect([batches.map(({ chain }) => chain.id), gaps]).toEqual([heard[0], []])
})

test('B15 a subscription that Redis cuts is taken up again, and what it missed is in the log', async () => {
  const server = await givenRedis()
  const { bus } = await givenBus(server.url)
  const states: BusState[] = []
  bus.watchState((state) => states.push(state))
  const heard: ChainedBatch[] = []
  valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  await until(() => heard.length === 1)
  const redis = await givenConnection(server.url)
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until(() => states.length === 3)
  expect(states.map(({ up }) => up)).toEqual([true, false, true])
  valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
  await until(() => heard.length === 2)
})

async function timedAppend(bus: Bus) {
  const late = watchLateness()
  const startMs = performance.now()
  const result = await bus.append(environmentId, [batchOf(environmentId)])
  return { result, ms: performance.now() - startMs - late() }
}
