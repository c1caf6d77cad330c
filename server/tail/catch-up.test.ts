import { expect, test } from 'vitest'
import { beginning, type Gap, type Position } from '../../domain/chain.ts'
import { groupsOf } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { batchesOf } from './batches.fixture.ts'
import { come, environmentId, givenLogs, inLogOnly, inMemory, tenRows, upTo } from './catch-up.fixture.ts'
import { catchUp } from './catch-up.ts'
import { openHarness, PlayBus } from './harness.fixture.ts'
import type { HeardBatch } from './heard.ts'
import { seeAll } from './sight.fixture.ts'

const unexpected = (gap: Gap): void => {
  throw new Error(`a gap: ${gap.reason}`)
}

test('a gap that reaches beyond the rows that wait is told up to them: the rest comes live', async () => {
  const given = await givenLogs()
  const [from, point] = [given.positions[2], given.positions[5]]
  if (!from || !point) throw new Error('no such positions')
  const told = await come(given, from, () => point)
  expect(told).toEqual({ gaps: [{ environmentId, reason: 'trimmed', impressions: 30 }], offsets: [], joinedAt: 5 })
})

test('that a log began anew is told once, also while the point is before what it still holds', async () => {
  const given = await givenLogs()
  const ended: Position = { environmentId, epoch: 'ended', offset: 9, id: 'x', cumulative: 90 }
  let asked = 0
  const point = () => given.positions[Math.min(30, Math.floor(asked++ / 10))] ?? ended
  const { gaps, offsets, joinedAt } = await come(given, ended, point)
  expect(gaps).toEqual([{ environmentId, reason: 'restarted' }])
  expect(joinedAt).toBeGreaterThan(10)
  expect(offsets.every((offset) => offset > 10)).toBe(true)
})

test('who has heard more elsewhere than was sent here waits, and is given nothing twice', async () => {
  const given = await givenLogs(inMemory)
  const from = given.positions[30] ?? beginning(environmentId)
  let asked = 0
  const told = await come(given, from, () => given.positions[Math.min(30, 20 + asked++)] ?? from)
  expect(told).toEqual({ gaps: [], offsets: [], joinedAt: 30 })
})

test('nobody joins rows that wait of a life of the log which has ended, past what the new one has', async () => {
  const given = await givenLogs(inMemory)
  const ended: Position = { environmentId, epoch: 'ended', offset: 9, id: 'x', cumulative: 90 }
  let looked = 0
  const told = await come(
    given,
    beginning(environmentId),
    () => ended,
    () => ++looked > 5,
  )
  expect(told).toEqual({ gaps: [], offsets: [], joinedAt: undefined })
})

test.each([
  ['what is held here', inMemory],
  ['the log', inLogOnly],
])('every batch between cursor and point comes once and in order, from %s', async (_, limits) => {
  const given = await givenLogs(limits)
  const at = (offset: number): Position => given.positions[offset] ?? beginning(environmentId)
  const all = { gaps: [], offsets: upTo(1, 30), joinedAt: 30 }
  expect(await come(given, at(0), () => at(30))).toEqual(all)
  expect(await come(given, undefined, () => at(30))).toEqual(all)
  expect(await come(given, at(3), () => at(20))).toEqual({ gaps: [], offsets: upTo(4, 20), joinedAt: 20 })
  expect(await come(given, at(25), () => at(30))).toEqual({ gaps: [], offsets: upTo(26, 30), joinedAt: 30 })
  expect(await come(given, at(27), () => at(28))).toEqual({ gaps: [], offsets: [28], joinedAt: 28 })
  expect(await come(given, at(30), () => at(30))).toEqual({ gaps: [], offsets: [], joinedAt: 30 })
})

test('a gap between the cursor and what is held is told with its count, and the rest comes', async () => {
  const given = await givenLogs()
  const told = await come(given, given.positions[2], () => given.positions[30] ?? beginning('x'))
  const first = told.offsets[0] ?? 0
  expect(told.gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: (first - 3) * 10 }])
  expect(told).toMatchObject({ offsets: upTo(first, 30), joinedAt: 30 })
})

test('a reader of a life of the log that has ended is told so, and gets the new one from its beginning', async () => {
  const given = await givenLogs(inLogOnly)
  const ended: Position = { environmentId, epoch: 'ended', offset: 12, id: 'x', cumulative: 90 }
  const told = await come(given, ended, () => given.positions[30] ?? beginning('x'))
  expect(told).toEqual({ gaps: [{ environmentId, reason: 'restarted' }], offsets: upTo(1, 30), joinedAt: 30 })
})

test('a reader of another branch of the log is told so, and goes on at its head', async () => {
  const given = await givenLogs(inMemory)
  const head = given.positions[30] ?? beginning('x')
  const branched = { ...head, offset: 12, id: 'other' } as Position
  expect(await come(given, branched, () => head)).toEqual({
    gaps: [{ environmentId, reason: 'forked' }],
    offsets: [],
    joinedAt: 30,
  })
  const beyond = { ...head, offset: 99, id: 'lost', cumulative: 9999 } as Position
  expect(await come(given, beyond, () => head)).toMatchObject({ gaps: [{ reason: 'forked' }], joinedAt: 30 })
})

test('a log of which nothing was sent here yet is joined at its beginning', async () => {
  const { bus, logs } = await givenLogs(inMemory)
  const parts = { bus, logs, positions: [] }
  const told = await come(parts, undefined, () => beginning('of another'))
  expect(told).toMatchObject({ gaps: [], offsets: [] })
})

test.each([
  ['what is held here', inMemory],
  ['the log', inLogOnly],
])('who wants something else is given no more of %s, and does not join', async (_, limits) => {
  const given = await givenLogs(limits)
  const offsets: number[] = []
  const head = given.positions[30] ?? beginning('x')
  const take = ({ chain }: { chain: { offset: number } }) => void offsets.push(chain.offset)
  const told = await come(
    given,
    given.positions[0],
    () => head,
    () => offsets.length >= 5,
    { take },
  )
  expect(offsets).toEqual(upTo(1, 5))
  expect(told.joinedAt).toBe(undefined)
})

test('P7 a reader joins although more comes in each turn than it may be away from the head', async () => {
  const given = await givenLogs(inMemory)
  const from = given.positions[2] ?? beginning(environmentId)
  const head = (): Position => given.logs.position(environmentId) ?? from
  let turns = 0
  const joined = come(given, from, head, () => turns > 200)
  for (; turns <= 200; turns++) {
    for (let post = 0; post < 10; post++) await given.bus.append(environmentId, tenRows())
    await new Promise(setImmediate)
  }
  const { offsets, joinedAt } = await joined
  expect(joinedAt).toBe(offsets.at(-1))
  expect(offsets).toEqual(offsets.map((_, index) => index + 3))
})

test('a log that is away fails, and nobody joins', async () => {
  const given = await givenLogs(inLogOnly)
  await given.bus.close()
  let joined = false
  const read = await catchUp({
    logs: seeAll(given.bus, given.logs),
    environments: [environmentId],
    cursor: [],
    point: () => [given.positions[30] ?? beginning('x')],
    take: () => {},
    gap: () => {},
    stale: () => false,
    pageBatches: 7,
    joined: () => {
      joined = true
    },
  })
  expect(read).toMatchObject({ ok: false })
  expect(joined).toBe(false)
})

test('several logs are read, each from where the cursor says, up to where the point is in it', async () => {
  const { bus, logs } = openHarness({ environments: ['x', 'y', 'z'] })
  const environments = ['x', 'y', 'z']
  await logs.follow(environments)
  const post = async (id: string, times: number) => {
    for (let time = 0; time < times; time++) {
      await bus.append(id, batchesOf(groupsOf({ a: [{}] }), { environmentId: id }))
    }
    return valueIn(await bus.head(id))
  }
  const cursor = [await post('y', 3), await post('x', 5)]
  const point = [await post('x', 2), await post('y', 9), await post('z', 1)]
  const taken: string[] = []
  const take = (batch: HeardBatch) => void taken.push(`${batch.header.shared.environmentId}${batch.chain.offset}`)
  const parts = {
    logs: seeAll(bus, logs),
    environments,
    cursor,
    point: () => point,
    gap: unexpected,
    stale: () => false,
  }
  await catchUp({ ...parts, take, pageBatches: 7, joined: () => taken.push('joined') })
  expect(taken.pop()).toBe('joined')
  expect(taken.sort()).toEqual([
    'x6',
    'x7',
    ...upTo(10, 12).map((at) => `y${at}`),
    ...upTo(4, 9).map((at) => `y${at}`),
    'z1',
  ])
})

test('who is ahead of what waits here waits, also where the log lost what is behind him', async () => {
  const given = await givenLogs()
  let asked = 0
  const told = await come(given, given.positions[10], () => given.positions[++asked < 8 ? 5 : 30] ?? beginning('x'))
  const first = told.offsets[0] ?? 0
  expect(told.gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: (first - 11) * 10 }])
  expect(told).toMatchObject({ offsets: upTo(first, 30), joinedAt: 30 })
})

test('who left while the log was read is not told of its gap', async () => {
  const given = await givenLogs()
  const after = given.bus.after.bind(given.bus)
  let left = false
  given.bus.after = async (id, position) => {
    const page = await after(id, position)
    left = true
    return page
  }
  const told = await come(
    given,
    given.positions[2],
    () => given.positions[30] ?? beginning('x'),
    () => left,
  )
  expect(told).toEqual({ gaps: [], offsets: [], joinedAt: undefined })
})

test('what is read back is given from there, without another look at the log', async () => {
  const bus = new PlayBus()
  for (let post = 0; post < 9; post++) await bus.append(environmentId, tenRows())
  const head = valueIn(await bus.head(environmentId))
  bus.beforeDelay = () => new Promise((resolve) => setTimeout(resolve, 20)) // it is under way when the reader comes
  const { logs } = openHarness({ bus })
  await logs.follow([environmentId])
  const told = await come({ bus, logs, positions: [] }, undefined, () => head)
  expect(told.offsets).toEqual(upTo(1, 9))
  expect(bus.calls.after).toBe(0)
})
