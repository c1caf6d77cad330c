import { expect, onTestFinished, test } from 'vitest'
import { beginning, type Cursor, type Position } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf } from './batches.fixture.ts'
import { groupBytes } from './frames.ts'
import { matchedImpressions } from './match.ts'
import { type Range, type RangeParts, readRange } from './range.ts'
import { seeUnfollowed } from './sight.fixture.ts'

/** Each post is a batch of two rows of flag `a` and one of `b`; a page has two batches, so that a range takes several. */
const pageBatches = 2
async function givenLogs(posts: Readonly<Record<string, number>>, limits: Partial<Limits> = {}) {
  const bounds = { ...defaultLimits, replayPageBatches: pageBatches, ...limits }
  const bus = openMemoryBus({ limits: bounds, environments: 1, now: Date.now })
  onTestFinished(() => bus.close())
  const at = new Map<string, readonly Position[]>()
  for (const [id, count] of Object.entries(posts)) {
    const positions: Position[] = [beginning(id)]
    for (let post = 1; post <= count; post++) {
      const groups = groupsOf({ a: rowsNamed(`${id}${post}-`, 2), b: rowsNamed('other', 1) })
      await bus.append(id, batchesOf(groups, { environmentId: id }))
      positions.push(valueIn(await bus.head(id)))
    }
    at.set(id, positions)
  }
  const point = (id: string, post: number): Position => at.get(id)?.[post] ?? beginning(id)
  const seen = seeUnfollowed(bus, Object.keys(posts))
  const read = (from: Cursor, to: Cursor, parts: Partial<RangeParts> = {}) =>
    readRange({ logs: seen, matcher: onlyA, from, to, rows: 1000, bytes: 1_000_000, stale: () => false, ...parts })
  return { bus, point, read }
}

const onlyA = compileFilter(valueIn(parseFilter('flag:a')))

/** The posts of which the range brought the rows, each of which has two. */
function postsIn({ matches }: Range): string[] {
  return matches.map((match) => {
    const keys = [...matchedImpressions(match)].map(({ impression }) => impression.key)
    const post = keys[0]?.split('-')[0] ?? ''
    expect(keys).toEqual([`${post}-0`, `${post}-1`])
    return post
  })
}

test('a range has every match behind the one cursor and up to the other, oldest first', async () => {
  const { point, read } = await givenLogs({ x: 9 })
  const range = valueIn(await read([point('x', 2)], [point('x', 7)]))
  expect(postsIn(range)).toEqual(['x3', 'x4', 'x5', 'x6', 'x7'])
  expect(range).toMatchObject({ reached: [point('x', 7)], complete: true, gaps: [] })
})

test('a range up to the head ends there', async () => {
  const { point, read } = await givenLogs({ x: 4 })
  const range = valueIn(await read([point('x', 1)], [point('x', 4)]))
  expect(postsIn(range)).toEqual(['x2', 'x3', 'x4'])
  expect(range).toMatchObject({ reached: [point('x', 4)], complete: true })
})

test('a range reads one log after the other, and from its beginning a log that the first cursor lacks', async () => {
  const { point, read } = await givenLogs({ x: 3, y: 3 })
  const to = [point('x', 3), point('y', 2)]
  const range = valueIn(await read([point('x', 1)], to))
  expect(postsIn(range)).toEqual(['x2', 'x3', 'y1', 'y2'])
  expect(range).toMatchObject({ reached: to, complete: true, gaps: [] })
})

test('a range between the same points is complete without a look at the log', async () => {
  const { bus, point, read } = await givenLogs({ x: 3 })
  await bus.close()
  const range = valueIn(await read([point('x', 2)], [point('x', 2)]))
  expect(range).toEqual({ matches: [], reached: [point('x', 2)], complete: true, gaps: [] })
})

test('a range stops with the batch that reaches its rows, and goes on from there', async () => {
  const { point, read } = await givenLogs({ x: 9 })
  const to = [point('x', 8)]
  const stops = async (rows: number) => valueIn(await read([point('x', 0)], to, { rows }))
  for (const rows of [5, 6]) {
    const range = await stops(rows)
    expect(postsIn(range)).toEqual(['x1', 'x2', 'x3'])
    expect(range).toMatchObject({ reached: [point('x', 3)], complete: false })
  }
  expect(postsIn(await stops(1))).toEqual(['x1'])
  expect(postsIn(await stops(7))).toEqual(['x1', 'x2', 'x3', 'x4'])
  const rest = valueIn(await read([point('x', 3)], to))
  expect(postsIn(rest)).toEqual(['x4', 'x5', 'x6', 'x7', 'x8'])
})

test('a range that reaches its rows with its last batch is complete', async () => {
  const { point, read } = await givenLogs({ x: 3 })
  expect(valueIn(await read([point('x', 0)], [point('x', 3)], { rows: 6 })).complete).toBe(true)
})

test('a range stops with the batch that reaches its bytes', async () => {
  const { point, read } = await givenLogs({ x: 9 })
  const whole = valueIn(await read([point('x', 0)], [point('x', 9)]))
  for (const count of [1, 2, 3]) {
    const bytes = whole.matches.slice(0, count).reduce((sum, match) => sum + groupBytes(match), 0)
    const range = valueIn(await read([point('x', 0)], [point('x', 9)], { bytes }))
    expect(range).toMatchObject({ matches: { length: count }, reached: [point('x', count)], complete: false })
    expect(valueIn(await read([point('x', 0)], [point('x', 9)], { bytes: bytes + 1 })).matches).toHaveLength(count + 1)
  }
})

test('the rows of a range are bounded over all logs: one that was not come to stays where it was', async () => {
  const { point, read } = await givenLogs({ x: 3, y: 3 })
  const range = valueIn(await read([point('y', 1)], [point('x', 3), point('y', 3)], { rows: 6 }))
  expect(postsIn(range)).toEqual(['x1', 'x2', 'x3'])
  expect(range).toMatchObject({ reached: [point('x', 3), point('y', 1)], complete: false })
  const bytes = valueIn(await read([point('y', 1)], [point('x', 1), point('y', 3)], { bytes: 1 }))
  expect(bytes).toMatchObject({ reached: [point('x', 1), point('y', 1)], complete: false })
})

test('where nothing matches a range is read to its end', async () => {
  const { point, read } = await givenLogs({ x: 9 })
  const matcher = compileFilter(valueIn(parseFilter('flag:c')))
  const range = valueIn(await read([point('x', 1)], [point('x', 7)], { matcher }))
  expect(range).toEqual({ matches: [], reached: [point('x', 7)], complete: true, gaps: [] })
})

test('what no log holds any more is a gap of a range, told once, and counts as read', async () => {
  const { point, read } = await givenLogs({ x: 12 }, { logBytes: 8000 })
  const range = valueIn(await read([point('x', 2)], [point('x', 12)]))
  const held = postsIn(range).length
  expect(held).toBeGreaterThan(pageBatches)
  const impressions = (10 - held) * 3
  expect(range.gaps).toEqual([{ environmentId: 'x', reason: 'trimmed', impressions }])
  expect(range).toMatchObject({ reached: [point('x', 12)], complete: true })
  const gone = valueIn(await read([point('x', 2)], [point('x', 4)]))
  expect(gone).toMatchObject({ matches: [], reached: [point('x', 4)], complete: true, gaps: [{ reason: 'trimmed' }] })
})

test('a range of a life of the log that has ended brings nothing of the new one', async () => {
  const { read } = await givenLogs({ x: 5 })
  const ended = (offset: number): Position => ({ environmentId: 'x', epoch: 'ended', offset, id: 'i', cumulative: 9 })
  const range = valueIn(await read([ended(2)], [ended(4)]))
  expect(range).toMatchObject({ matches: [], reached: [ended(4)], complete: true, gaps: [{ reason: 'restarted' }] })
})

test('a range beyond what is left of a log ends with it', async () => {
  const { point, read } = await givenLogs({ x: 5 })
  const lost: Position = { ...point('x', 5), offset: 9, id: 'lost' } as Position
  const range = valueIn(await read([point('x', 2)], [lost]))
  expect(postsIn(range)).toEqual(['x3', 'x4', 'x5'])
  expect(range).toMatchObject({ reached: [lost], complete: true })
})

test('a range of somebody who wants something else stops, and one of a log that is away fails', async () => {
  const { bus, point, read } = await givenLogs({ x: 9 })
  let asked = 0
  const stopped = valueIn(await read([point('x', 0)], [point('x', 9)], { stale: () => asked++ > 0 }))
  expect(postsIn(stopped)).toEqual(['x1', 'x2'])
  expect(stopped).toMatchObject({ reached: [point('x', 2)], complete: false })
  await bus.close()
  expect(await read([point('x', 0)], [point('x', 9)])).toMatchObject({ ok: false })
})
