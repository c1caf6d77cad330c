import { expect, onTestFinished, test } from 'vitest'
import { beginning, type Gap, type Position } from '../../domain/chain.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf } from './batches.fixture.ts'
import { catchUp } from './catch-up.ts'
import { Logs } from './logs.ts'

const environmentId = 'development'
const tenRows = () => batchesOf(groupsOf({ a: rowsNamed('x', 10) }))

/** A log that follows 30 posts of ten rows, of which it holds the newest few. */
async function givenLogs(limits: Partial<typeof defaultLimits> = {}) {
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
  const positions: Position[] = [logs.position(environmentId) ?? beginning(environmentId)]
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
async function come({ bus, logs }: Given, from: Position, point: () => Position, stale = () => false) {
  const told = { gaps: [] as Gap[], offsets: [] as number[], joinedAt: undefined as number | undefined }
  await catchUp({
    bus,
    logs,
    environments: new Set([environmentId]),
    cursor: [from],
    point: () => [point()],
    take: ({ chain }) => void told.offsets.push(chain.offset),
    gap: (one) => told.gaps.push(one),
    stale,
    pageBatches: 100,
    joined: () => {
      told.joinedAt = point().offset
    },
  })
  return told
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
  const given = await givenLogs({ logBytes: 1_000_000, ringBytes: 1_000_000 })
  const from = given.positions[30] ?? beginning(environmentId)
  let asked = 0
  const told = await come(given, from, () => given.positions[Math.min(30, 20 + asked++)] ?? from)
  expect(told).toEqual({ gaps: [], offsets: [], joinedAt: 30 })
})

test('nobody joins rows that wait of a life of the log which has ended, past what the new one has', async () => {
  const given = await givenLogs({ logBytes: 1_000_000, ringBytes: 1_000_000 })
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

test('P7 a reader joins although more comes in each turn than it may be away from the head', async () => {
  const given = await givenLogs({ logBytes: 1_000_000, ringBytes: 1_000_000 })
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
