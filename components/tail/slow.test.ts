import { expect, test } from 'vitest'
import type { Loaded } from '../../domain/protocol.ts'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

const acks = (stage: Stage): unknown[] => stage.said.filter(([name]) => name === 'ack').map(([, message]) => message)

function loadedOf(parts: Partial<Loaded>): Loaded {
  return { from: at(1), to: at(2), rows: [], complete: true, gaps: [], ...parts }
}

/** A page that got two rows of a frame after a frame of three was lost. */
function missingThree(capacity = 1000): Stage {
  const stage = new Stage({ capacity })
  stage.begin({ cursor: at(1) })
  stage.frame({ ...totals(5), sequence: 2, cursor: at(3), rows: [group(3, ['d', 'e'])] })
  return stage
}

test('U45 the page says that it reads on receiving a frame, at most once a second, and never otherwise', () => {
  const stage = new Stage()
  stage.begin()
  stage.frame({ sequence: 1 })
  stage.frame({ sequence: 2 })
  stage.clock.turn(5000)
  expect(acks(stage)).toEqual([{ sequence: 1 }])
  stage.frame({ sequence: 3 })
  expect(acks(stage)).toEqual([{ sequence: 1 }, { sequence: 3 }])
})

test('U46 a page that is told it was too slow goes on from its cursor, and its books with it', () => {
  const stage = new Stage()
  stage.begin()
  stage.frame({ ...totals(2), sequence: 1, cursor: at(2), rows: [group(2, ['a', 'b'])] })
  stage.hears.behind({})
  stage.frame({ ...totals(9), sequence: 5, cursor: at(4) })
  expect(stage.said.at(-1)).toEqual(['resume', { cursor: at(2) }])
  const replayed = { matched: 4, perTreatment: onlyOn(4) }
  stage.start({ ...totals(9), sequence: 6, cursor: at(5), rows: [group(5, ['c', 'd', 'e', 'f'])], replayed })
  expect(stage.lines()).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
  expect(stage.view.books).toMatchObject({ matched: 6, held: 6, skipped: 0 })
})

test('U47 rows that were not sent are loaded into their place, and move from skipped to held', () => {
  const stage = missingThree()
  const marker = stage.view.list.at(2)
  stage.store.load(marker?.id ?? '')
  stage.store.load(marker?.id ?? '')
  expect(stage.said.filter(([name]) => name === 'load')).toEqual([['load', { from: at(1), to: at(3) }]])
  stage.hears.loaded(loadedOf({ to: at(3), rows: [group(2, ['a', 'b', 'c']), group(3, ['d', 'e'])] }))
  stage.paint()
  expect(stage.lines()).toEqual(['e', 'd', 'c', 'b', 'a'])
  expect(stage.view.books).toMatchObject({ matched: 5, held: 5, skipped: 0 })
})

test('U48 what did not come at once is loaded on from where the last load came', () => {
  const stage = missingThree()
  stage.store.load(stage.view.list.at(2)?.id ?? '')
  stage.hears.loaded(loadedOf({ to: at(2), rows: [group(2, ['a'])], complete: false }))
  stage.paint()
  expect(stage.lines()).toEqual(['e', 'd', '<skipped>', 'a'])
  expect(stage.view.books).toMatchObject({ matched: 5, held: 3, skipped: 2 })
  stage.store.load(stage.view.list.at(2)?.id ?? '')
  expect(stage.said.at(-1)).toEqual(['load', { from: at(2), to: at(3) }])
})

test('U49 rows that no log holds any more stay skipped, and their row says so', () => {
  const stage = missingThree()
  stage.store.load(stage.view.list.at(2)?.id ?? '')
  stage.hears.loaded(loadedOf({ gaps: [{ environmentId: 'prod', reason: 'trimmed', impressions: 3 }] }))
  stage.paint()
  expect(stage.view.list.at(2)).toMatchObject({ kind: 'skipped', rows: 3, loadable: false })
  expect(stage.view.books).toMatchObject({ matched: 5, held: 2, skipped: 3 })
})

test('U49 rows skipped before a fork stay skipped, whatever a load asked for before it brings', () => {
  const stage = missingThree()
  stage.store.load(stage.view.list.at(2)?.id ?? '')
  stage.hears.gap({ environmentId: 'prod', reason: 'forked' })
  stage.hears.loaded(loadedOf({ to: at(3), rows: [group(2, ['a', 'b', 'c']), group(3, ['x', 'y'])] }))
  stage.paint()
  expect(stage.lines()).toEqual(['<unknown-gap>', 'e', 'd', '<skipped>'])
  expect(stage.view.list.at(3)).toMatchObject({ rows: 3, loadable: false })
  expect(stage.view.books).toMatchObject({ matched: 5, held: 2, skipped: 3 })
})

test('rows loaded while the list stands still appear in it, and what they push out is evicted', () => {
  const stage = missingThree(4)
  stage.store.reader.setPaused(true)
  stage.store.load(stage.view.list.at(2)?.id ?? '')
  stage.hears.loaded(loadedOf({ to: at(3), rows: [group(2, ['a', 'b', 'c'])] }))
  stage.paint()
  expect(stage.lines()).toEqual(['e', 'd', 'c', 'b', 'a'])
  expect(stage.view.books).toMatchObject({ matched: 5, held: 4, evicted: 1, skipped: 0 })
})

test('U50 impressions that the log took and the server told nobody of are found by the page itself', () => {
  const stage = new Stage()
  const counted = (offset: number, cumulative: number) => at(offset, 'e1', 'prod', cumulative)
  stage.begin({ cursor: counted(1, 10) })
  stage.frame({ ...totals(2), sequence: 1, cursor: counted(2, 12), rows: [group(2, ['a', 'b'])] })
  expect(stage.lines()).toEqual(['b', 'a'])
  stage.frame({ ...totals(3), sequence: 2, cursor: counted(4, 20), rows: [group(4, ['c'])] })
  expect(stage.lines()).toEqual(['c', '<unaccounted>', 'b', 'a'])
  expect(stage.view.list.at(1)).toMatchObject({ impressions: 7 })
  expect(stage.view.books).toMatchObject({ matched: 3, held: 3, skipped: 0, missed: { impressions: 7, unknown: 0 } })
  stage.hears.gap({ environmentId: 'prod', reason: 'trimmed', impressions: 30 })
  stage.frame({ ...totals(4), sequence: 3, cursor: counted(9, 51), rows: [group(9, ['d'])] })
  expect(stage.lines().slice(0, 2)).toEqual(['d', '<gap>'])
  stage.hears.gap({ environmentId: 'prod', reason: 'forked' })
  stage.frame({ ...totals(5), sequence: 4, cursor: counted(12, 99), rows: [group(12, ['e'])] })
  expect(stage.lines().slice(0, 2)).toEqual(['e', '<unknown-gap>'])
})
