import { expect, test } from 'vitest'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import type { Bus } from '../bus/bus.ts'
import { batchesOf } from './batches.fixture.ts'
import { openHarness, PlayBus } from './harness.fixture.ts'

const append = async (bus: Bus, name: string, rows = 1, flag = 'a') => {
  await bus.append('development', batchesOf(groupsOf({ [flag]: rowsNamed(name, rows) })))
}
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

test('a viewer whose cursor is ahead of the rows that still wait here gets nothing twice', async () => {
  const { bus, view, logs } = openHarness({ limits: { frameRows: 1, tickMs: 100 } })
  const first = view()
  await first.watch()
  for (let post = 0; post < 8; post++) await append(bus, `k${post}-`)
  // on another server it has heard everything already
  const ahead = logs.positions
  const second = view()
  await second.watch('', ahead)
  await append(bus, 'last')
  await until(() => first.keys.length === 9 && second.keys.includes('last0'))
  expect(first.keys).toHaveLength(9)
  expect(second.keys).toEqual(['last0'])
  expect(second.ledger?.books.matched).toBe(1)
})

test('a gap that ends beyond the rows that wait is not counted over them again', async () => {
  const { bus, view } = openHarness({ limits: { frameRows: 1, tickMs: 60, ringBytes: 1, logBytes: 6000 } })
  const first = view()
  await first.watch()
  await append(bus, 'old')
  await until(() => first.keys.length === 1)
  const cursor = first.starts[0]?.cursor
  for (let post = 0; post < 12; post++) await append(bus, `k${post}-`, 10)
  const second = view()
  await second.watch('', cursor)
  await until(() => first.ledger?.books.matched === 121)
  await until(() => second.cursor[0]?.offset === 13)
  const books = second.ledger?.books
  expect((books?.matched ?? 0) + (books?.missed.impressions ?? 0)).toBe(121)
})

test('on hold a gap is counted once', async () => {
  const bus = new PlayBus()
  const { view, logs } = openHarness({ bus })
  const one = view()
  await one.watch()
  await append(bus, 'x')
  await until(() => one.keys.length === 1)
  one.viewer.hold()
  bus.restart()
  await append(bus, 'y', 3)
  await until(() => logs.positions[0]?.cumulative === 3)
  await pause(60) // what waits in the Tail has left
  await one.resume()
  expect(one.ledger?.books.missed).toEqual({ impressions: 0, unknown: 1 })
})

test('a gap does not overtake rows that wait', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus, limits: { frameRows: 1, tickMs: 50 } })
  const one = view()
  await one.watch()
  let atGap: number | undefined
  const gap = one.gap.bind(one)
  one.gap = (told) => {
    atGap ??= one.keys.length
    gap(told)
  }
  for (let post = 0; post < 6; post++) await append(bus, `k${post}-`)
  bus.restart()
  await append(bus, 'new')
  await until(() => one.keys.length === 7)
  expect(atGap).toBe(6)
})

test('a viewer that joins where rows wait before a gap is told of the gap', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus, limits: { frameRows: 1, tickMs: 50 } })
  const one = view()
  await one.watch()
  for (let post = 0; post < 6; post++) await append(bus, `k${post}-`)
  await until(() => one.keys.length > 0)
  const cursor = one.cursor
  bus.restart()
  await append(bus, 'new')
  await until(() => one.gaps.length === 1)
  const late = view()
  await late.watch('', cursor)
  await until(() => late.keys.includes('new0'))
  expect(late.ledger?.books.missed.unknown).toBe(1)
})

test('a viewer that joins between a gap and the next frame is told of the gap', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus, limits: { tickMs: 200 } })
  const one = view()
  await one.watch()
  await append(bus, 'x')
  await until(() => one.keys.length === 1)
  await pause(250)
  const cursor = one.cursor
  bus.restart()
  await append(bus, 'new')
  await until(() => one.gaps.length === 1)
  const late = view()
  await late.watch('', cursor)
  await until(() => late.keys.includes('new0'))
  expect(late.ledger?.books.missed.unknown).toBe(1)
})

test('viewers that join while a gap stands in line behind rows that wait are told of it once', async () => {
  const bus = new PlayBus()
  const { view, logs } = openHarness({ bus, limits: { frameRows: 1, tickMs: 30 } })
  const one = view()
  await one.watch()
  for (let post = 0; post < 12; post++) await append(bus, `k${post}-`)
  await until(() => one.keys.length > 0)
  const cursor = one.cursor
  bus.restart()
  await append(bus, 'new', 2)
  await until(() => logs.positions[0]?.cumulative === 2)
  const [fresh, back] = [view(), view()]
  const joining = Promise.all([fresh.watch(), back.watch('', cursor)])
  expect(one.gaps).toEqual([])
  await joining
  await until(() => [one, fresh, back].every(({ keys }) => keys.includes('new1')))
  for (const { ids, ledger } of [one, fresh, back]) {
    expect(new Set(ids).size).toBe(ids.length)
    expect(ledger?.books).toMatchObject({ held: ids.length, missed: { impressions: 0, unknown: 1 } })
  }
  expect(one.keys).toHaveLength(14)
})

test('a backfill while the log begins anew brings each row once', async () => {
  const bus = new PlayBus()
  const { view, logs } = openHarness({ bus })
  const one = view()
  await one.watch()
  for (let post = 0; post < 6; post++) await append(bus, `k${post}-`)
  await until(() => one.keys.length === 6)
  bus.muted = true // the follower will learn of the restart with its idle check
  bus.restart()
  for (let post = 0; post < 3; post++) await append(bus, `n${post}-`)
  const late = view()
  await late.watch()
  await logs.check()
  await logs.check()
  await until(() => logs.positions[0]?.cumulative === 3)
  await pause(100)
  expect(late.keys.filter((key) => key.startsWith('n'))).toHaveLength(3)
  expect(new Set(late.ids).size).toBe(late.ids.length)
  expect(late.ledger?.books.matched).toBe(late.keys.length)
})

test('a hole between backfill and live rows is told', async () => {
  const bus = new PlayBus({ logBytes: 6000 })
  const { view } = openHarness({ bus, limits: { ringBytes: 1 } })
  await append(bus, 'old', 1)
  let reads = 0
  bus.beforeDelay = async () => {
    reads++
    if (reads !== 2) return // the first is for the ring
    const page = await bus.current.before('development', 2)
    for (let post = 0; post < 10; post++) await append(bus, `k${post}-`, 10)
    await pause(100)
    bus.current.before = ((before) => async (_id: string, _offset: number | undefined) => {
      bus.current.before = before
      return page
    })(bus.current.before.bind(bus.current))
  }
  const one = view()
  await one.watch()
  const start = one.starts[0]
  // the 100 behind the point where it began are there, or told as missed
  expect(one.keys.length + (one.ledger?.books.missed.impressions ?? 0)).toBeGreaterThanOrEqual(100)
  expect(start?.gaps).toHaveLength(1)
})

test('a watch that is replaced stops reading the log', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus, limits: { backfillBytes: 1e9 } })
  for (let post = 0; post < 600; post++) await append(bus, `k${post}-`)
  bus.calls.before = 0
  const slow = () => new Promise<void>((r) => setTimeout(r, 20))
  bus.beforeDelay = slow
  const one = view()
  await one.watch('key:nobody')
  const whole = bus.calls.before
  bus.calls.before = 0
  const watches: Promise<void>[] = []
  for (let i = 0; i < 5; i++) {
    watches.push(one.watch(`key:nobody${i}`, undefined, i + 2))
    await pause(15)
  }
  await Promise.all(watches)
  expect(bus.calls.before).toBeLessThanOrEqual(whole + 5)
})

test('a viewer that leaves stops reading the log', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus })
  for (let post = 0; post < 600; post++) await append(bus, `k${post}-`)
  bus.beforeDelay = () => new Promise<void>((r) => setTimeout(r, 10))
  const one = view()
  const watching = one.watch('key:nobody')
  await until(() => bus.calls.before === 1)
  one.viewer.close()
  await watching
  expect(bus.calls.before).toBeLessThanOrEqual(2)
})

test('a hole that was filled is over: later batches come by pub/sub alone', async () => {
  const bus = new PlayBus()
  const { view, logs } = openHarness({ bus })
  const one = view()
  await one.watch()
  bus.afterDelay = () => pause(3)
  bus.muted = true
  await append(bus, 'lost')
  bus.muted = false
  let posting = true
  const poster = (async () => {
    for (let post = 0; posting; post++) {
      await append(bus, `k${post}-`)
      await pause(1)
    }
  })()
  await pause(1000)
  const calls = bus.calls.after
  posting = false
  await poster
  await until(() => one.ledger?.books.matched === logs.positions[0]?.cumulative)
  expect(calls).toBeLessThan(20)
})
