import { expect, onTestFinished, test } from 'vitest'
import { beginning, type Gap, type Position } from '../../domain/chain.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf } from './batches.fixture.ts'
import { type CatchUpParts, catchUp } from './catch-up.ts'
import { Logs } from './logs.ts'

const environmentId = 'development'
const tenRows = () => batchesOf(groupsOf({ a: rowsNamed('x', 10) }))

/** A log that follows 30 posts of ten rows, of which it holds the newest few. */
async function givenLogs(limits: Partial<Limits> = {}) {
  const bounds = { ...defaultLimits, logBytes: 15_000, ringBytes: 1, ...limits }
  const bus = openMemoryBus({ limits: bounds, environments: 1, now: Date.now })
  onTestFinished(() => bus.close())
  const environments = [{ id: environmentId, name: environmentId }]
  const logs = new Logs({
    bus,
    environments,
    limits: bounds,
    heard: () => {},
    gapTold: () => {},
    unfollowed: () => {},
    failed: () => {},
  })
  onTestFinished(() => logs.close())
  await logs.follow([environmentId])
  const positions: Position[] = [beginning(environmentId)]
  for (let post = 0; post < 30; post++) {
    await bus.append(environmentId, tenRows())
    const head = await bus.head(environmentId)
    if (head.ok) positions.push(head.value)
  }
  await until(() => logs.position(environmentId)?.offset === 30)
  return { bus, logs, positions }
}

type Given = Awaited<ReturnType<typeof givenLogs>>

/** Comes from a position to a point, and says what it was told and given on the way. */
async function come(
  { bus, logs }: Given,
  from: Position | undefined,
  point: () => Position,
  stale: () => boolean = () => false,
  parts: Partial<CatchUpParts> = {},
) {
  const told = { gaps: [] as Gap[], offsets: [] as number[], joinedAt: undefined as number | undefined }
  await catchUp({
    bus,
    logs,
    environments: new Set([environmentId]),
    cursor: from ? [from] : [],
    point: () => [point()],
    take: ({ chain }) => void told.offsets.push(chain.offset),
    gap: (one) => told.gaps.push(one),
    stale,
    pageBatches: 7,
    joined: () => {
      told.joinedAt = point().offset
    },
    ...parts,
  })
  return told
}

const inMemory = { logBytes: 1_000_000, ringBytes: 1_000_000 }
const inLogOnly = { logBytes: 1_000_000, ringBytes: 1, replayPageBatches: 7 }
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('a gap that reaches beyond the rows that wait is told up to them: the rest comes live', async () => {
  const given = await givenLogs()
  const [from, point] = [given.positions[2], given.positions[5]]
  if (!from || !point) throw new Error('no such positions')
  const told = await come(given, from, () => point)
  expect(told).toEqual({ gaps: [{ environmentId, reason: 'trimmed', impressions: 30 }], offsets: [], joinedAt: 5 })
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
  expect(told.joinedAt).toBe(undefined)
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

test('the last batches are taken in the very turn in which it joins', async () => {
  const given = await givenLogs(inMemory)
  let between = 0
  const offsets: number[] = []
  await come(given, given.positions[0], () => given.positions[30] ?? beginning('x'), undefined, {
    take: ({ chain }) => {
      offsets.push(chain.offset)
      if (chain.offset === 30) queueMicrotask(() => between++)
    },
    joined: () => offsets.push(between),
  })
  expect(offsets.at(-1)).toBe(0)
  expect(offsets).toHaveLength(31)
})

test('a reader who takes his time is waited for while there is far to go', async () => {
  const given = await givenLogs(inLogOnly)
  let busy = false
  const overlaps: number[] = []
  await come(given, given.positions[0], () => given.positions[30] ?? beginning('x'), undefined, {
    take: async ({ chain }) => {
      if (busy && chain.offset < 24) overlaps.push(chain.offset)
      busy = true
      await new Promise(setImmediate)
      busy = false
    },
  })
  expect(overlaps).toEqual([])
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

test('a log that is away fails, and nobody joins', async () => {
  const given = await givenLogs(inLogOnly)
  await given.bus.close()
  let joined = false
  const read = await catchUp({
    ...given,
    environments: new Set([environmentId]),
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
