import { expect, test } from 'vitest'
import type { Cursor } from '../../domain/chain.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Start } from '../../domain/protocol.ts'
import { rowsOf } from '../../domain/rows.ts'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { batchesOf } from './batches.fixture.ts'
import { openHarness } from './harness.fixture.ts'
import { type PastParts, readPast } from './past.ts'
import { seeAll } from './sight.fixture.ts'

/** Posts of two rows of flag `a` and one of `b`, before and while somebody watches flag `a`. */
async function givenTail(text: string, limits: Partial<Limits> = {}, environments = ['one']) {
  const { bus, logs, fanout, limits: bounds } = openHarness({ limits, environments })
  const post = (name: string, id = 'one') => {
    const groups = groupsOf({ a: rowsNamed(name, 2), b: rowsNamed('other', 1) })
    return bus.append(id, batchesOf(groups, { environmentId: id }))
  }
  const seen = seeAll(bus, logs)
  const acquire = async () => valueIn(await fanout.acquire(valueIn(parseFilter(text)), seen))
  const common = { logs: seen, limits: bounds, revision: 7, unknownEnvironments: ['nowhere'], stale: () => false }
  const read = async (cursor?: Cursor, parts: Partial<PastParts> = {}) => {
    const starts: Start[] = []
    const tail = await acquire()
    const whole = { ...common, tail, cursor, ...parts }
    const result = await readPast(whole, ({ text }) => starts.push(JSON.parse(text)))
    fanout.release(tail)
    return { result, start: starts[0], times: starts.length }
  }
  const heads = async () => Promise.all(environments.map(async (id) => valueIn(await bus.head(id))))
  return { bus, logs, fanout, post, read, acquire, heads }
}

function keysOf(start: Start | undefined): string[] {
  return (start?.rows ?? []).flatMap(rowsOf).map(({ impression }) => impression.key)
}

test('a backfill is the newest matches of the log, oldest first, and its counts are of them alone', async () => {
  const { post, read, heads } = await givenTail('flag:a', { backfillRows: 3 })
  for (const name of ['p', 'q', 'r']) await post(name)
  const { start, times } = await read()
  expect(times).toBe(1)
  expect(keysOf(start)).toEqual(['q1', 'r0', 'r1'])
  expect(start).toMatchObject({
    revision: 7,
    sequence: 0,
    cursor: await heads(),
    environments: [{ id: 'one', name: 'one' }],
    unknownEnvironments: ['nowhere'],
    replayed: { matched: 3, perTreatment: { counts: [['on', 3]], other: 0 } },
    complete: false,
    gaps: [],
  })
})

test('a backfill that brings all there is says so', async () => {
  const { post, read } = await givenTail('flag:a', { backfillRows: 6 })
  for (const name of ['p', 'q', 'r']) await post(name)
  const { start } = await read()
  expect(keysOf(start)).toEqual(['p0', 'p1', 'q0', 'q1', 'r0', 'r1'])
  expect(start).toMatchObject({ replayed: { matched: 6 }, complete: true })
})

test('what comes in while a backfill is read is in it, once', async () => {
  const { logs, fanout, post, read, heads } = await givenTail('flag:a', { backfillRows: 5 })
  for (const name of ['p', 'q']) await post(name)
  const before = logs.before.bind(logs)
  logs.before = async (id, offset) => {
    const page = await before(id, offset)
    await post('r')
    fanout.turn() // its frame leaves before anybody has joined
    return page
  }
  const { start } = await read()
  expect(keysOf(start)).toEqual(['p1', 'q0', 'q1', 'r0', 'r1'])
  expect(start).toMatchObject({ cursor: await heads(), replayed: { matched: 5 }, complete: false })
})

test('a backfill looks through so many bytes of the log only', async () => {
  const { post, read } = await givenTail('flag:a', { backfillBytes: 300 })
  for (const name of ['p', 'q', 'r', 's', 't', 'u']) await post(name)
  const { start } = await read()
  expect(keysOf(start).length).toBeLessThan(12)
  expect(keysOf(start).at(-1)).toBe('u1')
  expect(start?.complete).toBe(false)
})

test('after a cursor everything is counted, and the newest matches come', async () => {
  const { post, read, heads } = await givenTail('flag:a', { replayRows: 3 })
  await post('before')
  const cursor = await heads()
  for (const name of ['p', 'q', 'r']) await post(name)
  const { start } = await read(cursor)
  expect(keysOf(start)).toEqual(['q1', 'r0', 'r1'])
  expect(start).toMatchObject({
    cursor: await heads(),
    replayed: { matched: 6, perTreatment: { counts: [['on', 6]] } },
    complete: false,
    gaps: [],
  })
})

test('after a cursor behind which all came it is complete', async () => {
  const { post, read, heads } = await givenTail('flag:a', { replayRows: 4 })
  await post('before')
  const cursor = await heads()
  for (const name of ['p', 'q']) await post(name)
  const { start } = await read(cursor)
  expect(keysOf(start)).toEqual(['p0', 'p1', 'q0', 'q1'])
  expect(start).toMatchObject({ replayed: { matched: 4 }, complete: true })
})

test('after a cursor no more comes than the bytes of a replay', async () => {
  const { post, read, heads } = await givenTail('flag:a', { replayBytes: 1 })
  const cursor = await heads()
  for (const name of ['p', 'q']) await post(name)
  const { start } = await read(cursor)
  expect(keysOf(start)).toEqual(['q0', 'q1'])
  expect(start).toMatchObject({ replayed: { matched: 4 }, complete: false })
})

test('what the log lost since the cursor is told in the start', async () => {
  const { post, read, heads } = await givenTail('flag:a', { logBytes: 5000, ringBytes: 1 })
  const cursor = await heads()
  for (let count = 0; count < 9; count++) await post(`p${count}-`)
  const { start } = await read(cursor)
  const held = keysOf(start).length / 2
  expect(start?.gaps).toEqual([{ environmentId: 'one', reason: 'trimmed', impressions: (9 - held) * 3 }])
})

test('a start speaks of the environments that its filter leaves', async () => {
  const { post, read, heads } = await givenTail('env:two', {}, ['one', 'two'])
  await post('p', 'one')
  await post('q', 'two')
  const { start } = await read()
  expect(keysOf(start)).toEqual(['q0', 'q1', 'other0'])
  expect(start?.cursor).toEqual((await heads()).slice(1))
  expect(start?.environments).toHaveLength(2)
})

test('who has left or wants something else is told nothing', async () => {
  const { post, read, heads } = await givenTail('flag:a')
  const cursor = await heads()
  await post('p')
  const stale = () => true
  expect(await read(undefined, { stale })).toMatchObject({ times: 0, result: { ok: true } })
  expect(await read(cursor, { stale })).toMatchObject({ times: 0, result: { ok: true } })
})

test('a past that cannot be read is a failure, and nobody joins', async () => {
  const { bus, post, read, acquire, heads } = await givenTail('flag:a', { ringBytes: 1 })
  const cursor = await heads()
  for (const name of ['p', 'q', 'r']) await post(name)
  const tail = await acquire()
  await bus.close()
  expect(await read(undefined, { tail })).toMatchObject({ times: 0, result: { ok: false } })
  expect(await read(cursor, { tail })).toMatchObject({ times: 0, result: { ok: false } })
})
