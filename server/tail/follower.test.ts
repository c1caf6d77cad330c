import { expect, onTestFinished, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import type { Gap } from '../../domain/chain.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import type { Bus } from '../bus/bus.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf } from './batches.fixture.ts'
import { Follower } from './follower.ts'

/** The embedded bus with a pub/sub that loses, doubles or reorders what it is told to. */
function openLossyBus(passes: (batch: ChainedBatch) => readonly ChainedBatch[], limits = {}): Bus {
  const bus = openMemoryBus({ limits: { ...defaultLimits, ...limits }, environments: 1, now: Date.now })
  onTestFinished(() => bus.close())
  return new Proxy(bus, {
    get: (target, name) => {
      if (name !== 'subscribe') return Reflect.get(target, name).bind(target)
      const subscribe: Bus['subscribe'] = (id, hear) => target.subscribe(id, (batch) => passes(batch).forEach(hear))
      return subscribe
    },
  })
}

async function follow(bus: Bus): Promise<{ follower: Follower; offsets: number[]; gaps: Gap[] }> {
  const offsets: number[] = []
  const gaps: Gap[] = []
  const opened = await Follower.open({
    bus,
    environmentId: 'development',
    ringBytes: defaultLimits.ringBytes,
    deliver: (batch) => offsets.push(batch.chain.offset),
    deliverGap: (gap) => gaps.push(gap),
    moved: () => {},
    readBack: () => {},
    filling: () => {},
  })
  if (!opened.ok) throw new Error(opened.error.message)
  onTestFinished(() => opened.value.close())
  return { follower: opened.value, offsets, gaps }
}

const append = (bus: Bus, rows = 1) => bus.append('development', batchesOf(groupsOf({ a: rowsNamed('x', rows) })))
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

test('F18 what pub/sub loses is read from the log as soon as the next batch shows the hole', async () => {
  const bus = openLossyBus((batch) => (batch.chain.offset % 3 === 0 ? [batch] : []))
  const { offsets, gaps } = await follow(bus)
  for (let post = 0; post < 30; post++) await append(bus)
  await until(() => offsets.length === 30)
  expect(offsets).toEqual(upTo(30))
  expect(gaps).toEqual([])
})

test('F19 a lost last batch is found by the idle check', async () => {
  const bus = openLossyBus(() => [])
  const { follower, offsets } = await follow(bus)
  await append(bus, 300)
  await follower.check()
  expect(offsets).toEqual([1, 2])
})

test('F20 what pub/sub brings twice or late is delivered once', async () => {
  let late: ChainedBatch[] = []
  const bus = openLossyBus((batch) => {
    late.push(batch)
    if (late.length < 4) return []
    const told = [...late].reverse()
    late = []
    return [...told, ...told]
  })
  const { offsets } = await follow(bus)
  for (let post = 0; post < 40; post++) await append(bus)
  await until(() => offsets.length === 40)
  expect(offsets).toEqual(upTo(40))
})

test('a hole that the log cannot fill is a gap with its exact count, told before what is behind it', async () => {
  let open = true
  const bus = openLossyBus((batch) => (open ? [batch] : []), { logBytes: 4000 })
  const { follower, offsets, gaps } = await follow(bus)
  await append(bus, 10)
  open = false
  for (let post = 0; post < 20; post++) await append(bus, 10)
  open = true
  await append(bus, 10)
  await until(() => offsets.at(-1) === 22)
  expect(gaps).toEqual([{ environmentId: 'development', reason: 'trimmed', impressions: expect.any(Number) }])
  expect((gaps[0]?.impressions ?? 0) + offsets.length * 10).toBe(220)
  expect(follower.position.offset).toBe(22)
})
