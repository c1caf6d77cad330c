import { expect, onTestFinished, test } from 'vitest'
import { type ChainedBatch, positionBefore } from '../../domain/batch.ts'
import { beginning, type Chain, type Position, positionOf } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { ok } from '../../domain/result.ts'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import type { Bus, OlderPage } from '../bus/bus.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf, chained, countTurns } from './batches.fixture.ts'
import { groupBytes } from './frames.ts'
import { HeardBatch } from './heard.ts'
import { type Match, matchBatch, matchedImpressions } from './match.ts'
import { type Newest, type NewestParts, newestMatches, newestRows } from './newest.ts'
import { seenPage, seeUnfollowed } from './sight.fixture.ts'

/** Two batches per page, so that reading back takes several. */
const pageBatches = 2

function log(keys: readonly string[], epoch: string): readonly ChainedBatch[] {
  const posts = keys.map((k) => batchesOf([{ f: 'checkout', i: [{ k, t: 'on', m: 1_795_514_523_000 }] }]))
  return chained(posts.flat(), epoch)
}

/** Keys read back from the last batch of `start`; each page is of the log that `logAt` names for its offset. */
async function readBack(start: readonly ChainedBatch[], logAt: (offset: number) => readonly ChainedBatch[]) {
  const filter = parseFilter('')
  const newest = start.at(-1)
  if (!filter.ok || !newest) throw new Error('no filter or no log')
  const read = await newestMatches({
    before: async (_, offset = Number.POSITIVE_INFINITY) => {
      const older = logAt(offset).filter(({ chain }) => chain.offset < offset)
      return ok(seenPage({ batches: older.slice(-pageBatches).reverse(), more: older.length > pageBatches }))
    },
    matcher: compileFilter(filter.value),
    from: new Map([['development', positionOf('development', newest.chain)]]),
    rows: 100,
    bytes: 1_000_000,
    stale: () => false,
  })
  if (!read.ok) throw new Error('not read')
  return read.value.matches.flatMap(({ batch, picks }) => picks.map(({ span }) => batch.impression(span, 0).key))
}

test('F26 a log that begins anew while its past is read brings none of its new rows among the old', async () => {
  const old = log(['a', 'b', 'c', 'd', 'e', 'f'], 'old')
  const anew = log(['x', 'y', 'z'], 'new')
  expect(await readBack(old, () => old)).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
  expect(await readBack(old, (offset) => (offset > 5 ? old : anew))).toEqual(['f', 'e'])
  expect(await readBack(old, () => anew)).toEqual([])
})

test('F26 and a batch that could not be read and was left out does not end the reading', async () => {
  const whole = log(['a', 'b', 'c', 'd', 'e', 'f'], 'old')
  const left = whole.filter(({ chain }) => chain.offset !== 4)
  expect(await readBack(whole, () => left)).toEqual(['f', 'e', 'c', 'b', 'a'])
})

const startMs = 1_795_514_524_000

/** Logs whose posts, two rows each, came in at these seconds; the rows are named after log and second. */
async function givenLogs(posts: Readonly<Record<string, readonly number[]>>, replayPageBatches = 3) {
  const bus = openMemoryBus({ limits: { ...defaultLimits, replayPageBatches }, environments: 1, now: Date.now })
  onTestFinished(() => bus.close())
  for (const [environmentId, seconds] of Object.entries(posts)) {
    for (const second of seconds) {
      const groups = groupsOf({ a: rowsNamed(`${environmentId}${second}-`, 2), b: rowsNamed('other', 1) })
      await bus.append(environmentId, batchesOf(groups, { environmentId, receptionTimestamp: startMs + second * 1000 }))
    }
  }
  const heads = Object.keys(posts).map(async (id): Promise<[string, Position]> => [id, valueIn(await bus.head(id))])
  const from: NewestParts['from'] = new Map(await Promise.all(heads))
  const seen = seeUnfollowed(bus, Object.keys(posts))
  const read = (parts: Partial<NewestParts> = {}) =>
    newestMatches({
      before: seen.before.bind(seen),
      matcher: matcherOf('flag:a'),
      from,
      rows: 1000,
      bytes: 1_000_000,
      stale: () => false,
      ...parts,
    })
  return { bus, seen, from, read }
}

function matcherOf(text: string) {
  return compileFilter(valueIn(parseFilter(text)))
}

function keysOf(matches: readonly Match[]): string[][] {
  return matches.map((match) => [...matchedImpressions(match)].map(({ impression }) => impression.key))
}

/** The posts of whole matches, by their first row. */
function postsOf({ matches }: Newest): string[] {
  return keysOf(matches).map(([first]) => first?.replace(/-0$/, '') ?? '')
}

test('the newest matches of several logs come by reception time, then by environment', async () => {
  const { read } = await givenLogs({ x: [1, 3, 5, 6], z: [3], y: [2, 3, 4] })
  const newest = valueIn(await read())
  expect(postsOf(newest)).toEqual(['x6', 'x5', 'y4', 'z3', 'y3', 'x3', 'y2', 'x1'])
  expect(newest.complete).toBe(true)
})

test('each log keeps its own order, whatever its clock said', async () => {
  const { read } = await givenLogs({ x: [1, 9, 2, 3], y: [5] })
  expect(postsOf(valueIn(await read()))).toEqual(['y5', 'x3', 'x2', 'x9', 'x1'])
})

test('of more rows than there is room for the newest come, and it is said that there are older ones', async () => {
  const { read } = await givenLogs({ x: [1, 2, 3, 4, 5] })
  const three = valueIn(await read({ rows: 3 }))
  expect(keysOf(three.matches)).toEqual([['x5-0', 'x5-1'], ['x4-1']])
  expect(three).toMatchObject({ complete: false, matches: [{ impressions: 2 }, { impressions: 1 }] })
  const four = valueIn(await read({ rows: 4 }))
  expect(keysOf(four.matches)).toEqual([
    ['x5-0', 'x5-1'],
    ['x4-0', 'x4-1'],
  ])
  expect(four.complete).toBe(false)
})

test('as many rows as there is room for are complete', async () => {
  const { read } = await givenLogs({ x: [1, 2, 3] })
  const all = valueIn(await read({ rows: 6 }))
  expect(postsOf(all)).toEqual(['x3', 'x2', 'x1'])
  expect(all.complete).toBe(true)
})

test('no more of the log is looked through than so many bytes, matching or not', async () => {
  const { bus, read } = await givenLogs({ x: [1, 2, 3, 4, 5] }, 2)
  const { batches } = valueIn(await bus.before('x', undefined))
  const bytes = batches.reduce((sum, { rows }) => sum + rows.length, 0)
  const two = valueIn(await read({ bytes }))
  expect(postsOf(two)).toEqual(['x5', 'x4'])
  expect(two.complete).toBe(false)
  expect(postsOf(valueIn(await read({ bytes: bytes - 1 })))).toEqual(['x5'])
  const nowhere = await read({ bytes, matcher: matcherOf('flag:nowhere') })
  expect(nowhere).toMatchObject(ok({ matches: [], complete: false }))
})

test('what matches nowhere is complete when the log has been looked through', async () => {
  const { read } = await givenLogs({ x: [1, 2, 3, 4, 5] })
  expect(await read({ matcher: matcherOf('flag:nowhere') })).toMatchObject(ok({ matches: [], complete: true }))
})

test('newest matches are read from a position on, this one included, or from the head', async () => {
  const { bus, read } = await givenLogs({ x: [1, 2, 3, 4, 5] })
  const page = valueIn(await bus.before('x', 4))
  const third = page.batches[0]
  if (!third) throw new Error('no third batch')
  const from = new Map([['x', positionOf('x', third.chain)]])
  expect(postsOf(valueIn(await read({ from })))).toEqual(['x3', 'x2', 'x1'])
  expect(postsOf(valueIn(await read({ from: new Map([['x', undefined]]) })))).toEqual(['x5', 'x4', 'x3', 'x2', 'x1'])
})

test('a log of which nothing was read has nothing older, and is not asked', async () => {
  const { bus, read } = await givenLogs({ x: [1] })
  await bus.close()
  const from = new Map([['x', beginning('x')]])
  expect(await read({ from })).toMatchObject(ok({ matches: [], complete: true }))
})

test('a log is asked once for each page, and no more', async () => {
  const { seen, read } = await givenLogs({ x: [1, 2, 3, 4] })
  const offsets: (number | undefined)[] = []
  const before: NewestParts['before'] = (id, offset) => {
    offsets.push(offset)
    return seen.before(id, offset)
  }
  expect(postsOf(valueIn(await read({ before })))).toHaveLength(4)
  expect(offsets).toEqual([5, 2])
})

test('a log that went another way, or has an empty page, is not asked again while others are read', async () => {
  const { bus, from, read } = await givenLogs({ x: [1, 2, 3, 4, 5], y: [1, 2] })
  let asked = 0
  const readY = async (page: (real: OlderPage) => OlderPage) => {
    asked = 0
    const before: NewestParts['before'] = async (id, offset) => {
      const real = valueIn(await bus.before(id, offset))
      if (id === 'y') asked++
      return ok(seenPage(id === 'y' ? page(real) : real))
    }
    return postsOf(valueIn(await read({ before, from })))
  }
  const onlyX = ['x5', 'x4', 'x3', 'x2', 'x1']
  const changed = (chain: Partial<Chain>) => (real: OlderPage) => ({
    ...real,
    more: true,
    batches: real.batches.map((batch) => ({ ...batch, chain: { ...batch.chain, ...chain } })),
  })
  expect([await readY(changed({ epoch: 'other' })), asked]).toEqual([onlyX, 1])
  expect([await readY(changed({ id: 'of another branch' })), asked]).toEqual([onlyX, 1])
  expect([await readY(() => ({ batches: [], more: true })), asked]).toEqual([onlyX, 1])
})

/** Where the batch of a post stands, of logs that have one batch per post. */
async function pointsOf(bus: Bus, environmentId: string): Promise<readonly Position[]> {
  const { batches } = valueIn(await bus.before(environmentId, undefined))
  return batches.map(({ chain }) => positionOf(environmentId, chain)).reverse()
}

test('how far back it came is told of each log, and a log that is used up stands at its beginning', async () => {
  const { bus, read } = await givenLogs({ x: [1, 4, 5], y: [2, 3], z: [6] }, 100)
  const [x1, x4] = await pointsOf(bus, 'x')
  const [y2, y3] = await pointsOf(bus, 'y')
  const [z6] = await pointsOf(bus, 'z')
  const reachedBy = async (parts: Partial<NewestParts>) => valueIn(await read(parts)).reached
  const begun = (position: Position | undefined) => beginning(position?.environmentId ?? '', position?.epoch)
  expect(await reachedBy({ rows: 0 })).toEqual([expect.objectContaining({ offset: 3 }), y3, z6])
  expect(await reachedBy({ rows: 2 })).toEqual([expect.objectContaining({ offset: 3 }), y3, begun(z6)])
  expect(await reachedBy({ rows: 6 })).toEqual([x1, y3, begun(z6)])
  expect(await reachedBy({ rows: 7 })).toEqual([x1, y3, begun(z6)]) // one row of y3 is there
  expect(await reachedBy({ rows: 8 })).toEqual([x1, y2, begun(z6)])
  expect(await reachedBy({})).toEqual([begun(x1), begun(y2), begun(z6)])
  expect(await reachedBy({ from: new Map([['x', x4]]), rows: 3 })).toEqual([x1])
  expect(await reachedBy({ from: new Map([['x', undefined]]) })).toEqual([begun(x1)])
})

test('how far back it came is told where a page ends, and where nothing matches', async () => {
  const { bus, read } = await givenLogs({ x: [1, 2, 3, 4] }, 2)
  const { batches } = valueIn(await bus.before('x', undefined))
  const [, third] = batches
  const bytes = batches.reduce((sum, { rows }) => sum + rows.length, 0)
  const before = third && positionBefore('x', third)
  expect(valueIn(await read({ rows: 4 })).reached).toEqual([before])
  expect(valueIn(await read({ bytes, matcher: matcherOf('flag:nowhere') })).reached).toEqual([before])
})

test('whole batches alone are taken where that is asked for, and one whatever its size', async () => {
  const { read } = await givenLogs({ x: [1, 2, 3, 4, 5] })
  const whole = (rows: number, rowBytes = 1_000_000) => read({ rows, whole: { rowBytes } })
  expect(postsOf(valueIn(await whole(5)))).toEqual(['x5', 'x4'])
  expect(valueIn(await whole(5)).reached).toMatchObject([{ offset: 3 }])
  expect(keysOf(valueIn(await whole(1)).matches)).toEqual([['x5-0', 'x5-1']])
  const all = valueIn(await whole(1000))
  expect(all).toMatchObject({ complete: true, matches: { length: 5 } })
  const bytes = all.matches.slice(0, 2).reduce((sum, match) => sum + groupBytes(match), 0)
  expect(postsOf(valueIn(await whole(1000, bytes)))).toEqual(['x5', 'x4'])
  expect(postsOf(valueIn(await whole(1000, bytes - 1)))).toEqual(['x5'])
  expect(valueIn(await whole(1000, 1))).toMatchObject({ matches: { length: 1 }, complete: false })
})

test('one batch is looked at however few bytes of log may be', async () => {
  const { read } = await givenLogs({ x: [1, 2] })
  expect(valueIn(await read({ bytes: 1 }))).toMatchObject({ matches: { length: 1 }, reached: [{ offset: 1 }] })
})

test('other work has its turn after so many batches, however large the page', async () => {
  const { read } = await givenLogs({ x: Array.from({ length: 40 }, (_, index) => index) }, 100)
  const turns = countTurns()
  const at: number[] = []
  const stale = () => {
    at.push(turns())
    return false
  }
  await read({ matcher: matcherOf('flag:nowhere'), stale })
  expect(at).toHaveLength(41)
  expect(at[15]).toBe(at[1])
  expect(at[16]).toBeGreaterThan(at[15] ?? 0)
})

test('who wants something else gets none of what was read, and a log that is away fails', async () => {
  const { bus, read } = await givenLogs({ x: [1, 2, 3, 4, 5] })
  let asked = 0
  expect(await read({ stale: () => asked++ > 2 })).toMatchObject(ok({ matches: [], complete: false }))
  await bus.close()
  expect(await read()).toMatchObject({ ok: false })
})

test('the last rows of a match keep their order, their flags and their treatments', () => {
  const groups = groupsOf({
    a: [{ k: 'a0', t: 'on' }, { k: 'a1' }, { k: 'a2', t: 'off' }],
    b: [{ k: 'b0', t: 'x' }, { k: 'b1' }, { k: 'b2', t: 'y' }, { k: 'b3', t: 'z' }],
  })
  const [batch] = chained(batchesOf(groups))
  const match = batch && matchBatch(matcherOf('-treatment:x'), new HeardBatch(batch))
  if (!match) throw new Error('no match')
  const last = (rows: number) => {
    const { impressions, treatments, picks } = newestRows(match, rows)
    const keys = keysOf([newestRows(match, rows)])[0]
    return { impressions, keys, picks: picks.map((pick) => pick.rows), sorted: treatments.map(([t]) => t).sort() }
  }
  expect(last(2)).toEqual({ impressions: 2, keys: ['b2', 'b3'], picks: [[2, 3]], sorted: ['y', 'z'] })
  expect(last(3)).toEqual({ impressions: 3, keys: ['b1', 'b2', 'b3'], picks: [[1, 2, 3]], sorted: ['on', 'y', 'z'] })
  expect(last(4)).toEqual({
    impressions: 4,
    keys: ['a2', 'b1', 'b2', 'b3'],
    picks: [[2], [1, 2, 3]],
    sorted: ['off', 'on', 'y', 'z'],
  })
  expect(last(6)).toMatchObject({ impressions: 6, picks: ['all', [1, 2, 3]] })
  expect(last(9)).toMatchObject({ impressions: 6, picks: ['all', [1, 2, 3]] })
  expect(newestRows(match, 2).treatments).toEqual(expect.arrayContaining([['z', 1]]))
})
