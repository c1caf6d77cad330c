import { expect, test } from 'vitest'
import type { Loaded } from '../../domain/protocol.ts'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

/** A cursor with what the log took so far. */
const counted = (offset: number, cumulative: number) => at(offset, 'e1', 'prod', cumulative)
const trimmed = (impressions: number) => ({ environmentId: 'prod', reason: 'trimmed', impressions }) as const

function loadedOf(parts: Partial<Loaded>): Loaded {
  return { from: at(1), to: at(2), rows: [], complete: true, gaps: [], ...parts }
}

/** A page on which two frames were lost: one of 3 rows, then one of 2 rows with 3 that were sampled out. */
function twoHoles(capacity = 1000): Stage {
  const stage = new Stage({ capacity })
  stage.begin({ cursor: at(1) })
  stage.frame({ ...totals(5), sequence: 2, cursor: at(3), rows: [group(3, ['a', 'b'])] })
  stage.frame({ ...totals(12, 9), sequence: 4, cursor: at(5), rows: [group(5, ['c', 'd'])] })
  return stage
}

test('each row that stands for rows which were not sent has the count of its own', () => {
  const stage = twoHoles()
  expect(stage.lines()).toEqual(['d', 'c', '<skipped>', 'b', 'a', '<skipped>'])
  expect(stage.view.list.at(2)).toMatchObject({ rows: 2, sampledOut: 3, from: at(3), to: at(5) })
  expect(stage.view.list.at(5)).toMatchObject({ rows: 3, sampledOut: 0, from: at(1), to: at(3) })
})

test('rows that are loaded were skipped, then sampled out, then evicted', () => {
  const load = (keys: readonly string[]) => {
    const stage = twoHoles()
    stage.store.load(stage.view.list.at(2)?.id ?? '')
    stage.hears.loaded(loadedOf({ to: at(5), rows: [group(4, keys)] }))
    stage.paint()
    const { held, skipped, sampledOut, evicted } = stage.view.books
    return [held, skipped, sampledOut, evicted]
  }
  expect(load([])).toEqual([4, 5, 3, 0])
  expect(load(['x'])).toEqual([5, 4, 3, 0])
  expect(load(['x', 'y', 'z'])).toEqual([7, 3, 2, 0])
  expect(load(['x', 'y', 'z', 'u', 'v'])).toEqual([9, 3, 0, 0])
})

test('what is loaded for a row that the page let go meanwhile changes nothing', () => {
  const stage = twoHoles(6)
  stage.store.load(stage.view.list.at(5)?.id ?? '')
  stage.frame({ ...totals(15, 12), sequence: 5, cursor: at(6), rows: [group(6, ['e', 'f', 'g'])] })
  const { books } = stage.view
  stage.hears.loaded(loadedOf({ to: at(3), rows: [group(2, ['x', 'y', 'z'])] }))
  stage.paint()
  expect(stage.lines()).toEqual(['g', 'f', 'e', 'd', 'c', '<skipped>'])
  expect(stage.view.books).toEqual(books)
})

test('rows skipped before a gap of known size, or before the log began anew, can still be asked for', () => {
  const stage = twoHoles()
  stage.hears.gap(trimmed(7))
  stage.hears.gap({ environmentId: 'prod', reason: 'restarted' })
  stage.paint()
  expect(stage.view.list.at(4)).toMatchObject({ kind: 'skipped', loadable: true })
})

test('on hold the page stays where it was: a gap is one row, and what was not sent is asked for from there', () => {
  const stage = new Stage({ capacity: 3 })
  stage.begin({ cursor: at(1) })
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(3), cursor: at(2), rows: [group(2, ['a', 'b', 'c'])] })
  stage.hears.gap(trimmed(100))
  stage.frame({ ...totals(9), sequence: 2, cursor: [] })
  stage.store.reader.setPaused(false)
  const replayed = { matched: 6, perTreatment: onlyOn(6) }
  stage.start({ ...totals(9), cursor: at(9), rows: [group(9, ['z'])], replayed, gaps: [trimmed(100)] })
  expect(stage.lines()).toEqual(['z', '<skipped>', '<gap>'])
  expect(stage.view.list.at(1)).toMatchObject({ rows: 5, from: at(2), to: at(9) })
})

test('a socket that was away for just two seconds leaves no mark', () => {
  const stage = new Stage()
  stage.begin()
  stage.lose()
  stage.clock.turn(2000)
  stage.begin()
  expect(stage.lines()).toEqual([])
  stage.lose()
  stage.clock.turn(2001)
  stage.begin()
  expect(stage.lines()).toEqual(['<resumed>'])
})

test('each silent loss is told once, also behind another, a gap, or one of unknown size', () => {
  const stage = new Stage()
  stage.begin({ cursor: counted(1, 10) })
  let matched = 0
  const hear = (offset: number, cumulative: number) => {
    matched++
    const rows = [group(offset, [`k${offset}`])]
    stage.frame({ ...totals(matched), sequence: offset, cursor: counted(offset, cumulative), rows })
    const entry = stage.view.list.at(1)
    return entry?.kind === 'unaccounted' ? entry.impressions : undefined
  }
  expect(hear(1, 11)).toBe(undefined)
  expect(hear(2, 19)).toBe(7)
  expect(hear(3, 25)).toBe(5)
  stage.hears.gap(trimmed(30))
  expect(hear(4, 58)).toBe(2)
  stage.hears.gap(trimmed(10))
  expect(hear(5, 70)).toBe(1)
  stage.hears.gap({ environmentId: 'prod', reason: 'forked' })
  expect(hear(6, 170)).toBe(undefined) // nobody can know
  expect(hear(7, 175)).toBe(4)
  expect(hear(8, 176)).toBe(undefined)
})

test('with a filter nobody knows what the logs should have brought', () => {
  const stage = new Stage({ link: { text: 'flag:checkout' } })
  stage.begin({ cursor: counted(1, 10) })
  stage.frame({ ...totals(1), cursor: counted(2, 99), rows: [group(2, ['a'])] })
  expect(stage.lines()).toEqual(['a'])
})

test('a log that began anew leaves its mark when it has its first batch, and behind a gap too', () => {
  const stage = new Stage()
  stage.begin({ cursor: at(1) })
  const empty = [{ environmentId: 'prod', offset: 0, cumulative: 0 }] as const
  stage.frame({ sequence: 1, cursor: empty })
  expect(stage.lines()).toEqual([])
  stage.frame({ ...totals(1), sequence: 2, cursor: at(1, 'e2'), rows: [group(1, ['a'], { epoch: 'e2' })] })
  expect(stage.lines()).toEqual(['a', '<restart>'])
  stage.hears.gap(trimmed(3))
  stage.frame({ ...totals(1), sequence: 3, cursor: at(5, 'e3') })
  expect(stage.lines()).toEqual(['<restart>', '<gap>', 'a', '<restart>'])
})

test('a gap names its environment, by its id where it has no name', () => {
  const stage = new Stage()
  const environments = [
    { id: 'prod', name: 'Production' },
    { id: 'stage', name: 'Staging' },
  ]
  stage.begin({ environments })
  for (const environmentId of ['stage', 'gone']) stage.hears.gap({ ...trimmed(1), environmentId })
  stage.paint()
  expect([stage.view.list.at(1), stage.view.list.at(0)]).toMatchObject([
    { environment: 'Staging' },
    { environment: 'gone' },
  ])
})

test('the last match is as old as the newest row of a backfill, whichever that is', () => {
  const stage = new Stage()
  const receivedAt = (offset: number, receptionTimestamp: number) => {
    const one = group(offset, [`k${offset}`])
    return { ...one, shared: { ...one.shared, receptionTimestamp } }
  }
  stage.begin({ rows: [receivedAt(1, 2000), receivedAt(2, 7000), receivedAt(3, 1500)] })
  expect(stage.view.rate.lastMatchMs).toBe(7000)
})
