import { expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning } from '../../domain/chain.ts'
import { ok } from '../../domain/result.ts'
import { until } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { busDown } from '../bus/bus.ts'
import { append, environmentId, follow, offsetsOf, openFollower } from './follower.fixture.ts'
import { PlayBus } from './harness.fixture.ts'

test('what comes in while a log is opened is delivered, unless its head has it', async () => {
  const bus = new PlayBus()
  const { subscribe, head } = bus
  bus.subscribe = async (id, hear) => {
    const subscribed = await subscribe(id, hear)
    await append(bus)
    return subscribed
  }
  bus.head = async (id) => {
    const known = await head(id)
    await append(bus)
    return known
  }
  const { opened, told } = await openFollower(bus)
  expect(told.offsets).toEqual([2])
  expect(valueIn(opened).position.offset).toBe(2)
})

test('what comes in of a new life of the log while it is opened is not taken for old', async () => {
  const bus = new PlayBus()
  for (let batch = 0; batch < 3; batch++) await append(bus)
  const { head } = bus
  bus.head = async (id) => {
    const old = await head(id)
    bus.restart()
    await append(bus)
    return old
  }
  const { told } = await openFollower(bus)
  await until(() => told.offsets.length > 0)
  expect(told).toMatchObject({ offsets: [1], gaps: [{ reason: 'restarted' }] })
})

test('a log whose head cannot be read is not followed, nor heard any more', async () => {
  const bus = new PlayBus()
  const hearers = new Set<unknown>()
  bus.subscribe = async (_, hear) => {
    hearers.add(hear)
    return ok(async () => void hearers.delete(hear))
  }
  bus.head = async () => busDown('away')
  expect((await openFollower(bus)).opened).toMatchObject({ ok: false, error: { message: 'away' } })
  expect(hearers.size).toBe(0)
  bus.subscribe = async () => busDown('not heard')
  expect((await openFollower(bus)).opened).toMatchObject({ ok: false, error: { message: 'not heard' } })
})

test('a follower that was closed delivers nothing', async () => {
  const bus = new PlayBus()
  const { subscribe } = bus
  bus.subscribe = async (id, hear) => {
    await subscribe(id, hear)
    return ok(async () => {}) // one that goes on telling
  }
  const { opened, told } = await openFollower(bus)
  const follower = valueIn(opened)
  await follower.close()
  await append(bus)
  await follower.fill()
  expect(told).toEqual({ offsets: [], gaps: [], back: [], moved: [] })
  expect(bus.calls.after).toBe(0)
})

test('batches that were delivered are given again from a position on', async () => {
  const { bus, follower } = await follow(2)
  const before = follower.position
  expect(follower.delivered(before, 10)).toEqual([])
  for (let batch = 0; batch < 4; batch++) await append(bus)
  expect(offsetsOf(follower.delivered(before, 10))).toEqual([3, 4, 5, 6])
  expect(offsetsOf(follower.delivered(before, 2))).toEqual([3, 4])
  expect(follower.delivered(follower.position, 10)).toEqual([])
  expect(follower.delivered(beginning(environmentId), 10)).toBe(undefined)
  expect(offsetsOf(follower.deliveredBefore(6, 2))).toEqual([5, 4])
})

test('behind a gap nothing is given again of what was before it, and its place is told', async () => {
  const { bus, told, follower } = await follow(0, { logBytes: 3000 })
  await append(bus)
  const before = follower.position
  bus.muted = true
  for (let batch = 0; batch < 20; batch++) await append(bus)
  await follower.fill()
  const first = told.offsets[1] ?? 0
  expect(told.offsets.at(-1)).toBe(21)
  expect(told.gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: (first - 2) * 5 }])
  expect(told.moved.map(({ offset }) => offset)).toEqual([first - 1])
  expect(follower.delivered(before, 100)).toBe(undefined)
  expect(offsetsOf(follower.delivered(told.moved[0] ?? before, 1))).toEqual([first])
})

test('a log that has nothing behind a gap is followed from its head', async () => {
  const { bus, told, follower } = await follow(3)
  bus.muted = true
  bus.restart()
  await follower.fill()
  expect(told).toMatchObject({ offsets: [], gaps: [{ reason: 'restarted' }], moved: [beginning(environmentId)] })
  bus.muted = false
  await append(bus)
  expect(told.offsets).toEqual([1])
})

test('the idle check looks at the head only after silence, and reads only when the log went on', async () => {
  const { bus, told, follower } = await follow(1)
  await append(bus)
  const asked = bus.calls.head
  await follower.check()
  expect(bus.calls.head).toBe(asked)
  await follower.check()
  expect([bus.calls.head, bus.calls.after]).toEqual([asked + 1, 0])
  bus.muted = true
  await append(bus)
  await follower.check()
  expect(told.offsets).toEqual([2, 3])
  bus.head = async () => busDown('away')
  await follower.check()
  expect(bus.calls.after).toBe(1)
})

test('a batch that continues another one than the last is not delivered, but looked for in the log', async () => {
  const { bus, told, follower } = await follow(2)
  const heard: ChainedBatch[] = []
  const other = new PlayBus()
  await other.subscribe(environmentId, (batch) => heard.push(batch))
  for (let batch = 0; batch < 3; batch++) await append(other)
  const third = heard[2]
  const { position } = follower
  if (!third || position.id === undefined) throw new Error('no third batch')
  const { epoch, id } = position
  const hear = async (chain: Partial<ChainedBatch['chain']>): Promise<number> => {
    const asked = bus.calls.after
    bus.hear({ ...third, chain: { ...third.chain, epoch, previousId: id, ...chain } })
    await follower.fill()
    return bus.calls.after - asked
  }
  expect(await hear({ previousId: 'other' })).toBe(1)
  expect(await hear({ epoch: 'other' })).toBe(1)
  expect(await hear({ offset: 4 })).toBe(1)
  expect(told.offsets).toEqual([])
  bus.hear({ ...third, chain: { ...third.chain, epoch, previousId: id } })
  expect(told.offsets).toEqual([3])
})

/** A follower that reads a log it lost one batch of, while so many more are heard, and then one that was lost again. */
async function hearWhileReading(heard: number, losesAgain = false) {
  const { bus, told, follower } = await follow(1)
  bus.muted = true
  await append(bus)
  const { after } = bus
  bus.after = async (id, position) => {
    const page = await after(id, position)
    bus.after = after
    bus.muted = false
    for (let batch = 0; batch < heard; batch++) await append(bus)
    bus.muted = losesAgain
    if (losesAgain) await append(bus)
    bus.muted = false
    if (losesAgain) await append(bus)
    return page
  }
  await follower.fill()
  return { bus, told }
}

test('what is heard while the log is read is delivered behind it, in order and once, and not read', async () => {
  const { bus, told } = await hearWhileReading(256)
  expect(told.offsets).toEqual(Array.from({ length: 257 }, (_, index) => index + 2))
  expect(bus.calls.after).toBe(1)
  await append(bus)
  expect(told.offsets.at(-1)).toBe(259)
  expect(bus.calls.after).toBe(1)
})

test('of what is heard while the log is read so much is kept, and the rest is read', async () => {
  const { bus, told } = await hearWhileReading(257)
  expect(told.offsets).toEqual(Array.from({ length: 258 }, (_, index) => index + 2))
  expect(bus.calls.after).toBeGreaterThan(1)
})

test('what does not continue what was heard while the log was read is looked for in the log', async () => {
  const { bus, told } = await hearWhileReading(2, true)
  expect(told.offsets).toEqual([2, 3, 4, 5, 6])
  expect(bus.calls.after).toBe(2)
})

test('what is heard again is known, and the log is not asked for it', async () => {
  const { bus, told } = await follow(1)
  const heard: ChainedBatch[] = []
  await bus.subscribe(environmentId, (batch) => heard.push(batch))
  for (let batch = 0; batch < 3; batch++) await append(bus)
  for (const batch of [...heard].reverse()) bus.hear(batch)
  expect(told.offsets).toEqual([2, 3, 4])
  expect(bus.calls.after).toBe(0)
})

test('a log that cannot be read is read when the next batch is heard', async () => {
  const { bus, told, follower } = await follow(1)
  const { after } = bus
  bus.muted = true
  await append(bus)
  bus.muted = false
  bus.after = async () => busDown('away')
  await append(bus)
  await follower.fill()
  expect(told.offsets).toEqual([])
  bus.after = after
  await append(bus)
  await until(() => told.offsets.length === 3)
  expect(told.offsets).toEqual([2, 3, 4])
})
