import { expect, onTestFinished, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Gap, type Position } from '../../domain/chain.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { ok } from '../../domain/result.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { type Bus, busDown } from '../bus/bus.ts'
import { batchesOf } from './batches.fixture.ts'
import { Follower } from './follower.ts'
import { PlayBus } from './harness.fixture.ts'

const environmentId = 'development'
const append = (bus: Bus) => bus.append(environmentId, batchesOf(groupsOf({ a: rowsNamed('x', 5) })))

const nextTurn = () => new Promise(setImmediate)

/** What a follower told, in the order in which it did. */
type Told = { readonly offsets: number[]; readonly gaps: Gap[]; readonly back: number[][]; readonly moved: Position[] }

async function open(bus: Bus, ringBytes: number = defaultLimits.ringBytes) {
  const told: Told = { offsets: [], gaps: [], back: [], moved: [] }
  const opened = await Follower.open({
    bus,
    environmentId,
    ringBytes,
    deliver: (batch, position) => {
      expect(position.offset).toBe(batch.chain.offset)
      told.offsets.push(batch.chain.offset)
    },
    deliverGap: (gap) => told.gaps.push(gap),
    moved: (position) => told.moved.push(position),
    readBack: (batches) => told.back.push(batches.map(({ chain }) => chain.offset)),
    filling: () => {},
  })
  if (opened.ok) onTestFinished(() => opened.value.close())
  return { opened, told }
}

/** A follower of a log that had so many batches when it came. */
async function follow(batches: number, limits: Partial<typeof defaultLimits> = {}, ringBytes?: number) {
  const bus = new PlayBus({ replayPageBatches: 2, ...limits })
  for (let batch = 0; batch < batches; batch++) await append(bus)
  const { opened, told } = await open(bus, ringBytes)
  return { bus, told, follower: valueIn(opened) }
}

const offsetsOf = (batches: readonly { readonly chain: ChainedBatch['chain'] }[] | undefined) =>
  batches?.map(({ chain }) => chain.offset)

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
  const { opened, told } = await open(bus)
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
  const { told } = await open(bus)
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
  expect((await open(bus)).opened).toMatchObject({ ok: false, error: { message: 'away' } })
  expect(hearers.size).toBe(0)
  bus.subscribe = async () => busDown('not heard')
  expect((await open(bus)).opened).toMatchObject({ ok: false, error: { message: 'not heard' } })
})

test('a follower that was closed delivers nothing', async () => {
  const { bus, told, follower } = await follow(1)
  let heard: ((batch: ChainedBatch) => void) | undefined
  await bus.subscribe(environmentId, (batch) => heard?.(batch))
  await follower.close()
  await append(bus)
  bus.muted = true
  await append(bus)
  await follower.fill()
  expect(told).toEqual({ offsets: [], gaps: [], back: [], moved: [] })
})

test('batches that were delivered are given again from a position on', async () => {
  const { bus, follower } = await follow(2)
  const before = follower.position
  for (let batch = 0; batch < 4; batch++) await append(bus)
  expect(offsetsOf(follower.delivered(before, 10))).toEqual([3, 4, 5, 6])
  expect(offsetsOf(follower.delivered(before, 2))).toEqual([3, 4])
  expect(follower.delivered(follower.position, 10)).toEqual([])
  expect(follower.delivered(beginning(environmentId), 10)).toBe(undefined)
  expect(offsetsOf(follower.deliveredBefore(6, 2))).toEqual([5, 4])
})

test('a log is read back page by page to its beginning, once', async () => {
  const { bus, told, follower } = await follow(5)
  await Promise.all([follower.readBack(), follower.readBack()])
  expect(told.back).toEqual([[5, 4], [3, 2], [1]])
  expect(bus.calls.before).toBe(3)
  expect(offsetsOf(follower.delivered(beginning(environmentId), 10))).toEqual([1, 2, 3, 4, 5])
  await follower.readBack()
  expect(bus.calls.before).toBe(3)
})

test('a log is read back from before what was delivered, as far as there is room', async () => {
  const { bus, told, follower } = await follow(9, {}, 6500)
  const before = follower.position
  await append(bus)
  await follower.readBack()
  expect(told.back).toEqual([[9, 8], [7]])
  expect(bus.calls.before).toBe(2)
  expect(offsetsOf(follower.delivered(before, 10))).toEqual([10])
})

test('a log that could not be read back is tried again by the next who asks', async () => {
  const { bus, told, follower } = await follow(2)
  const { before } = bus
  bus.before = async () => busDown('away')
  await follower.readBack()
  expect(told.back).toEqual([])
  bus.before = before
  await follower.readBack()
  expect(told.back).toEqual([[2, 1]])
})

test('what a log has after it began anew is not read back before what was delivered of the old one', async () => {
  const { bus, told, follower } = await follow(3)
  bus.muted = true
  bus.restart()
  for (let batch = 0; batch < 5; batch++) await append(bus)
  await follower.readBack()
  expect(told.back).toEqual([])
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
  if (!third || follower.position.epoch === undefined) throw new Error('no third batch')
  const { epoch, id } = follower.position
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

test('what is heard while the log is read is delivered behind it, in order and once', async () => {
  const { bus, told, follower } = await follow(1)
  bus.muted = true
  for (let batch = 0; batch < 3; batch++) await append(bus)
  bus.afterDelay = async () => {
    await nextTurn()
    bus.afterDelay = undefined
    bus.muted = false
    await append(bus)
  }
  await follower.fill()
  expect(told.offsets).toEqual([2, 3, 4, 5])
  const asked = bus.calls.after
  await append(bus)
  expect(told.offsets).toEqual([2, 3, 4, 5, 6])
  expect(bus.calls.after).toBe(asked)
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
