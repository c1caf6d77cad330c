import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Cursor, Position } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import type { Start } from '../../domain/protocol.ts'
import { countRows, rowsOf } from '../../domain/rows.ts'
import { groupsOf, openTestApp, rowsNamed, twoEnvironments, until } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { Collector } from './collect.ts'
import { openHarness, PlayBus } from './harness.fixture.ts'
import { HeardBatch } from './heard.ts'
import { matchedImpressions } from './match.ts'
import type { Newest } from './newest.ts'
import { readOlder } from './older.ts'
import { seeUnfollowed } from './sight.fixture.ts'
import { TestViewer } from './viewer.fixture.ts'

const onlyA = compileFilter(valueIn(parseFilter('flag:a')))
const stale = () => false

/** Ids of rows, oldest first: their batch and their place in it. */
function idsOf({ matches }: Newest): string[] {
  return [...matches].reverse().flatMap((match) => {
    const { header, chain } = match.batch
    return [...matchedImpressions(match)].map(({ index }) => `${header.shared.environmentId}:${chain.offset}:${index}`)
  })
}

function keysIn(groups: Start['rows']): string[] {
  return groups.flatMap(rowsOf).map(({ impression }) => impression.key)
}

/** Loads what is older than a start until there is no more; keys oldest first, each load's before those that were there. */
async function loadAll(viewer: TestViewer, start: Start): Promise<{ keys: string[]; loads: number }> {
  let keys = keysIn(start.rows)
  let loads = 0
  for (let from = start.older; from; loads++) {
    const older = await viewer.older(from)
    expect(older.from).toEqual(from)
    const had = new Set(keys)
    keys = [...keysIn(older.rows).filter((key) => !had.has(key)), ...keys]
    from = older.complete ? undefined : older.to
  }
  return { keys, loads }
}

test('F27 what a backfill did not come to is loaded from the log, the newest first, until every match is there once', async () => {
  const app = await openTestApp({ limits: { backfillRows: 50, olderRows: 100 } })
  for (let post = 0; post < 8; post++) {
    await app.post(groupsOf({ a: rowsNamed(`p${post}-`, 45), b: rowsNamed('no', 10) }))
  }
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  const [start] = viewer.starts
  if (!start) throw new Error('no start')
  expect(start).toMatchObject({ complete: false, older: [{ offset: 7 }] })
  const { keys, loads } = await loadAll(viewer, start)
  const all = Array.from({ length: 8 }, (_, post) => rowsNamed(`p${post}-`, 45))
  expect(keys).toEqual(all.flat().map(({ k }) => k))
  expect(loads).toBe(4) // two posts each, of which the first had come in part
})

test('F27 a watch that has everything, or goes on from a cursor, has nothing older to load', async () => {
  const app = await openTestApp({ limits: { backfillRows: 50 } })
  await app.post(groupsOf({ a: rowsNamed('x', 50) }))
  const viewer = await TestViewer.watch(app.url)
  expect(viewer.starts[0]).toMatchObject({ complete: true })
  expect(viewer.starts[0]?.older).toBeUndefined()
  await viewer.hold()
  await app.post(groupsOf({ a: rowsNamed('y', 10) }))
  expect((await viewer.resume()).older).toBeUndefined()
})

test('F27 rows that a backfill had to let go again, for their bytes or for newer ones, are older than it', async () => {
  const app = await openTestApp({ environments: twoEnvironments, limits: { replayBytes: 3000, olderRows: 100 } })
  const post = (key: string, name: string) => app.post(groupsOf({ a: rowsNamed(name, 10) }), { key })
  for (let turn = 0; turn < 6; turn++) {
    await post('prod-server-key-0001', `p${turn}-`)
    await post('stage-client-key-001', `s${turn}-`)
  }
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  const [start] = viewer.starts
  if (!start) throw new Error('no start')
  expect(countRows(start.rows)).toBeLessThan(60)
  const { keys } = await loadAll(viewer, start)
  for (const name of ['p', 's']) {
    const all = Array.from({ length: 6 }, (_, turn) => rowsNamed(`${name}${turn}-`, 10))
    expect(keys.filter((key) => key.startsWith(name))).toEqual(all.flat().map(({ k }) => k))
  }
})

test('a collector tells the newest batch of each log that it let go, be it in part', () => {
  const letGo = (rows: number, logs: readonly string[], bytes = 1_000_000) => {
    const collector = new Collector(onlyA, { rows, bytes }, 50)
    const offsets = new Map<string, number>()
    for (const [second, environmentId] of logs.entries()) {
      const receptionTimestamp = 1_795_514_524_000 + second * 1000
      const from = offsets.get(environmentId) ?? 0
      offsets.set(environmentId, from + 1)
      const posted = batchesOf(groupsOf({ a: rowsNamed('k', 2) }), { environmentId, receptionTimestamp })
      for (const batch of chained(posted, 'epoch', from)) collector.take(new HeardBatch(batch))
    }
    const { dropped, matches } = collector.collected()
    return [dropped.map(({ environmentId, offset }) => `${environmentId}${offset}`).sort(), matches.length]
  }
  expect(letGo(10, ['x', 'x', 'y', 'x', 'y'])).toEqual([[], 5])
  expect(letGo(9, ['x', 'x', 'y', 'x', 'y'])).toEqual([['x1'], 5])
  expect(letGo(5, ['x', 'x', 'y', 'x', 'y'])).toEqual([['x2', 'y1'], 3])
  expect(letGo(3, ['x', 'x', 'y', 'x', 'y'])).toEqual([['x3', 'y1'], 2])
  expect(letGo(1, ['x', 'x', 'y', 'x', 'y'])).toEqual([['x3', 'y2'], 1])
  expect(letGo(10, ['x', 'x', 'y', 'x', 'y'], 1)).toEqual([['x3', 'y1'], 1])
})

test('F27 an answer brings rows of the watched environments alone', async () => {
  const app = await openTestApp({ environments: twoEnvironments, limits: { backfillRows: 5 } })
  const post = (key: string, name: string) => app.post(groupsOf({ a: rowsNamed(name, 20) }), { key })
  await post('prod-server-key-0001', 'p')
  await post('stage-client-key-001', 's')
  const both = await TestViewer.watch(app.url)
  const older = both.starts[0]?.older ?? []
  expect(older).toHaveLength(2)
  const prod = await TestViewer.watch(app.url, 'env:prod')
  expect(keysIn((await prod.older(older)).rows)).toEqual(rowsNamed('p', 20).map(({ k }) => k))
  expect((await prod.older(older)).to).toMatchObject([{ environmentId: 'prod', offset: 0 }])
})

test('F27 who watches something else meanwhile is not answered, and a log that is away is a refusal', async () => {
  const bus = new PlayBus()
  await bus.append('development', batchesOf(groupsOf({ a: rowsNamed('k', 20) })))
  const near = openHarness({ bus, limits: { backfillRows: 5 } }).view()
  await near.watch('flag:a')
  const from = near.starts[0]?.older ?? []
  const asked = near.viewer.older(from)
  await near.watch('flag:b', undefined, 2)
  await asked
  expect(near.olders).toEqual([])
  await near.watch('flag:a', undefined, 3)
  await near.viewer.older(from)
  expect(near.olders).toMatchObject([{ from, complete: true }])
  await bus.close()
  await near.viewer.older(from)
  expect(near.refusals).toMatchObject([{ reason: 'unavailable' }])
})

test('an answer before any watch, or to what is no cursor, is a refusal and nothing more', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url)
  viewer.socket.emit('older', { from: [{ environmentId: 'x' }] } as never)
  await until(() => viewer.refusals.length === 1)
  const near = openHarness().view()
  await near.viewer.older([])
  expect(near.refusals).toEqual([{ reason: 'message', message: 'older comes after watch' }])
})

test('F27 a log that began anew, was cut short or took another way has nothing older than it was', async () => {
  const bus = new PlayBus()
  const post = (name: string) => bus.append('development', batchesOf(groupsOf({ a: rowsNamed(name, 2) })))
  for (const name of ['a', 'b', 'c']) await post(name)
  const limits = defaultLimits
  const older = async (from: Cursor) =>
    valueIn(await readOlder({ logs: seeUnfollowed(bus, ['development']), matcher: onlyA, from, limits, stale }))
  const head = valueIn(await bus.head('development'))
  expect(idsOf(await older([head]))).toHaveLength(6)
  const gone = { matches: [], complete: true, reached: [{ offset: 0 }] }
  expect(await older([{ ...head, id: 'of another branch' } as Position])).toMatchObject(gone)
  expect(await older([{ ...head, offset: 4 } as Position])).toMatchObject(gone)
  bus.restart()
  for (const name of ['x', 'y', 'z', 'u']) await post(name)
  expect(await older([head])).toMatchObject(gone)
})

test('F27 of a log that was trimmed meanwhile comes what it still has', async () => {
  const bus = openMemoryBus({ limits: { ...defaultLimits, logBytes: 4000 }, environments: 1, now: Date.now })
  onTestFinished(() => bus.close())
  const post = () => bus.append('x', batchesOf(groupsOf({ a: rowsNamed('k', 5) }), { environmentId: 'x' }))
  await post()
  const first = valueIn(await bus.head('x'))
  for (let batch = 0; batch < 30; batch++) await post()
  const older = async (position: Position) =>
    valueIn(
      await readOlder({
        logs: seeUnfollowed(bus, ['x']),
        matcher: onlyA,
        from: [position],
        limits: defaultLimits,
        stale,
      }),
    )
  expect(await older(first)).toMatchObject({ matches: [], complete: true })
  const held = await older(valueIn(await bus.head('x')))
  expect(held.complete).toBe(true)
  expect(held.matches.length).toBeLessThan(30)
})

test('K18 a load of older rows brings at most `olderRows` and `replayBytes` of them, by whole batches, and one at least', async () => {
  const load = async (limits: Partial<Limits>) => {
    const app = await openTestApp({ limits: { backfillRows: 1, ...limits } })
    for (let post = 0; post < 6; post++) await app.post(groupsOf({ a: rowsNamed(`p${post}-`, 30) }))
    const viewer = await TestViewer.watch(app.url)
    const older = await viewer.older(viewer.starts[0]?.older ?? [])
    return countRows(older.rows)
  }
  expect(await load({ olderRows: 100 })).toBe(90)
  expect(await load({ olderRows: 1 })).toBe(30)
  expect(await load({ replayBytes: 5000 })).toBeLessThan(120)
  expect(await load({ replayBytes: 1 })).toBe(30)
})

const post = fc.record({
  environment: fc.constantFrom('x', 'y', 'z'),
  matching: fc.nat(7),
  others: fc.nat(2),
  /** Clocks of servers differ. */
  second: fc.nat(20),
})

test('F27 however logs are filled, loading until it is complete gives every match once and each log in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(post, { maxLength: 25 }), fc.integer({ min: 1, max: 12 }), async (posts, olderRows) => {
      const limits = { ...defaultLimits, replayPageBatches: 3, olderRows }
      const bus = openMemoryBus({ limits, environments: 3, now: Date.now })
      const wanted = new Map<string, string[]>([...'xyz'].map((id) => [id, []]))
      for (const [at, { environment, matching, others, second }] of posts.entries()) {
        const keys = rowsNamed(`${at}-`, matching)
        const groups = groupsOf({ ...(matching > 0 && { a: keys }), ...(others > 0 && { b: rowsNamed('o', others) }) })
        const fields = { environmentId: environment, receptionTimestamp: 1_795_514_524_000 + second * 1000 }
        await bus.append(environment, batchesOf(groups, fields))
        wanted.get(environment)?.push(...keys.map(({ k }) => k))
      }
      let from: Cursor = await Promise.all([...'xyz'].map(async (id) => valueIn(await bus.head(id))))
      const got = new Map<string, string[]>([...'xyz'].map((id) => [id, []]))
      for (let complete = false; !complete; ) {
        const older = valueIn(
          await readOlder({ logs: seeUnfollowed(bus, ['x', 'y', 'z']), matcher: onlyA, from, limits, stale }),
        )
        for (const match of older.matches) {
          const keys = [...matchedImpressions(match)].map(({ impression }) => impression.key)
          got.get(match.batch.header.shared.environmentId)?.unshift(...keys)
        }
        expect(older.complete || older.matches.length > 0).toBe(true)
        from = older.reached
        complete = older.complete
      }
      expect(got).toEqual(wanted)
      await bus.close()
    }),
    { numRuns: 200 },
  )
})
