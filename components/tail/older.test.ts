import { expect, test } from 'vitest'
import type { LoadedOlder, Start } from '../../domain/protocol.ts'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

/** A page whose backfill came to batch 9, in part; older matches are in the log. */
function begun(parts: Partial<Start> = {}, capacity = 1000): Stage {
  const stage = new Stage({ capacity })
  stage.begin({ cursor: at(10), rows: [group(10, ['i', 'j'])], complete: false, older: at(9), ...parts })
  return stage
}

function press(stage: Stage): void {
  stage.store.load(markerOf(stage)?.id ?? '')
}

function markerOf({ view: { list } }: Stage) {
  for (let index = list.count - 1; index >= 0; index--) {
    const entry = list.at(index)
    if (entry?.kind === 'older') return entry
  }
  return undefined
}

/** How it stands with the marker's Load. */
function loadOf(stage: Stage): string | undefined {
  const marker = markerOf(stage)
  return marker && stage.view.load(marker)
}

function answer(stage: Stage, parts: Partial<LoadedOlder>): void {
  stage.hears.older({ from: at(9), to: at(7), rows: [], complete: false, ...parts })
  stage.paint()
}

const asked = (stage: Stage) => stage.said.filter(([name]) => name === 'older').map(([, message]) => message)

test('U52 older matches are loaded below the list and counted, until the log has no more', () => {
  const stage = begun()
  expect(stage.lines()).toEqual(['j', 'i', '<older>'])
  expect(loadOf(stage)).toBe('offered')
  press(stage)
  expect(loadOf(stage)).toBe('under way')
  press(stage)
  expect(asked(stage)).toEqual([{ from: at(9) }])
  answer(stage, { rows: [group(8, ['e', 'f']), group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['j', 'i', 'h', 'g', 'f', 'e', '<older>'])
  expect(loadOf(stage)).toBe('offered')
  expect(stage.view.books).toMatchObject({ matched: 6, held: 6, perTreatment: onlyOn(6) })
  press(stage)
  expect(asked(stage).at(-1)).toEqual({ from: at(7) })
  answer(stage, { from: at(7), to: at(0), rows: [group(7, ['d'], { row: { t: 'off' } })], complete: true })
  expect(stage.lines()).toEqual(['j', 'i', 'h', 'g', 'f', 'e', 'd'])
  expect(stage.view.books).toMatchObject({ matched: 7, held: 7, evicted: 0, skipped: 0 })
  expect(stage.view.books.perTreatment.counts).toEqual([
    ['on', 6],
    ['off', 1],
  ])
})

test('U52 the notice says how far back the counts go, and every row once all were loaded', () => {
  const stage = begun()
  expect(stage.view.notice.text).toContain('the newest 2 of before')
  expect(stage.view.began.older).toBe(true)
  press(stage)
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.view.notice.text).toContain('the newest 4 of before')
  press(stage)
  answer(stage, { from: at(7), rows: [group(7, ['d'])], complete: true })
  expect(stage.view.notice.text).toBe('Showing every row')
  expect(stage.view.began.older).toBe(false)
})

test('U52 rows of a batch that had come in part are there once', () => {
  const stage = begun({ rows: [group(9, ['g', 'h']), group(10, ['i', 'j'])] })
  press(stage)
  answer(stage, { rows: [group(8, ['f']), group(9, ['g', 'h', 'h2'])] })
  expect(stage.lines().sort()).toEqual(['<older>', 'f', 'g', 'h', 'h2', 'i', 'j'])
  expect(stage.view.books).toMatchObject({ matched: 6, held: 6 })
})

test('U52 older rows come into a list that stands still, and are none that wait', () => {
  const stage = begun()
  stage.store.reader.scrolled(false)
  stage.frame({ ...totals(3), sequence: 1, cursor: at(11), rows: [group(11, ['k', 'l', 'm'])] })
  expect(stage.view.waiting).toBe(3)
  press(stage)
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['j', 'i', 'h', 'g', '<older>'])
  expect(stage.view).toMatchObject({ mode: 'reading', waiting: 3 })
  stage.store.reader.goLive()
  expect(stage.lines()).toEqual(['m', 'l', 'k', 'j', 'i', 'h', 'g', '<older>'])
  expect(stage.view.books).toMatchObject({ matched: 7, held: 7 })
})

test('U52 older rows are no rows per second', () => {
  const stage = begun()
  stage.frame({ ...totals(3), sequence: 1, cursor: at(11), rows: [group(11, ['k', 'l', 'm'])] })
  const { rate } = stage.view
  press(stage)
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  stage.frame({ ...totals(3), sequence: 2, cursor: at(12) })
  expect(stage.view.rate.perSecond).toBeLessThanOrEqual(rate.perSecond)
  expect(stage.view.rate.lastMatchMs).toBe(rate.lastMatchMs)
})

test('U52 whoever selected the marker finds the newest of the older rows in its place', () => {
  const stage = begun()
  stage.store.reader.toMarker(1)
  expect(stage.view.selected).toMatchObject({ index: 2, id: markerOf(stage)?.id })
  press(stage)
  answer(stage, { rows: [group(8, ['e', 'f']), group(9, ['g', 'h'])] })
  const { list, selected } = stage.view
  expect(list.at(selected?.index ?? -1)).toMatchObject({ impression: { key: 'h' } })
})

test('U52 where a stretch of the log brings nothing the next one is asked for, as long as it goes on', () => {
  const stage = begun()
  press(stage)
  answer(stage, { to: at(6) })
  expect(asked(stage)).toEqual([{ from: at(9) }, { from: at(6) }])
  expect(loadOf(stage)).toBe('under way')
  answer(stage, { from: at(6), to: at(6) }) // a server that does not come on is not asked for ever
  expect(asked(stage)).toHaveLength(2)
  expect(loadOf(stage)).toBe('offered')
  press(stage)
  answer(stage, { from: at(6), to: at(0), complete: true })
  expect(stage.lines()).toEqual(['j', 'i'])
})

test('U53 rows kept from the filter before that come again are counted once, above those that did not', () => {
  const stage = new Stage()
  stage.begin({ cursor: at(4), rows: [group(2, ['a', 'b']), group(3, ['c', 'd']), group(4, ['e'])] })
  stage.store.setText('-key:nobody')
  stage.clock.turn(150)
  stage.start({ revision: 2, cursor: at(4), rows: [group(4, ['e'])], complete: false, older: at(3) })
  expect(stage.lines()).toEqual(['e', '<kept>', 'd', 'c', 'b', 'a', '<older>'])
  press(stage)
  answer(stage, { from: at(3), to: at(2), rows: [group(3, ['c', 'd'])] })
  expect(stage.lines()).toEqual(['e', 'd', 'c', '<kept>', 'b', 'a', '<older>'])
  expect(stage.view.books).toMatchObject({ matched: 3, held: 3 })
  press(stage)
  answer(stage, { from: at(2), to: at(0), rows: [group(1, ['z']), group(2, ['a', 'b'])], complete: true })
  expect(stage.lines()).toEqual(['e', 'd', 'c', 'b', 'a', 'z'])
  expect(stage.view.books).toMatchObject({ matched: 6, held: 6 })
})

test('U54 of older rows that the list has no room for the oldest are evicted, and then it says that it is full', () => {
  const stage = begun({}, 5)
  stage.store.reader.setPaused(true)
  press(stage)
  answer(stage, { rows: [group(8, ['e', 'f']), group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['j', 'i', 'h', 'g', '<older>'])
  expect(stage.view.books).toMatchObject({ matched: 6, held: 4, evicted: 2 })
  expect(loadOf(stage)).toBe('full')
  press(stage)
  expect(asked(stage)).toHaveLength(1)
  stage.frame({ ...totals(1), sequence: 1, cursor: at(11), rows: [group(11, ['k'])] })
  expect(loadOf(stage)).toBe('full') // also when the marker had to go, and only the still picture has it
  expect(stage.view.books).toMatchObject({ matched: 7, held: 5, evicted: 2 })
})

test('an answer for a list that filled up meanwhile changes nothing', () => {
  const stage = begun({}, 4)
  stage.store.reader.setPaused(true)
  press(stage)
  stage.frame({ ...totals(2), sequence: 1, cursor: at(11), rows: [group(11, ['k', 'l'])] })
  const { books } = stage.view
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['j', 'i', '<older>'])
  expect(stage.view.books).toEqual(books)
  expect(loadOf(stage)).toBe('full')
})

test('U55 a load that a lost connection or a refusal ended is offered again', () => {
  const stage = begun()
  press(stage)
  stage.lose()
  stage.paint()
  expect(loadOf(stage)).toBe('offered')
  press(stage)
  expect(asked(stage)).toHaveLength(1) // there is nobody to ask
  stage.connect()
  stage.start({ cursor: at(10) })
  answer(stage, { rows: [group(9, ['g', 'h'])] }) // nobody asked on this connection
  expect(stage.view.books).toMatchObject({ matched: 2, held: 2 })
  press(stage)
  stage.hears.refused({ reason: 'unavailable', message: 'no connection to Redis', retryInMs: 60_000 })
  stage.paint()
  expect(loadOf(stage)).toBe('offered')
  expect(stage.view.notice.text).toContain('no connection to Redis')
  press(stage)
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.view.books).toMatchObject({ matched: 4, held: 4 })
})

test('U55 an answer to the filter before, or to a question of before, changes nothing', () => {
  const stage = begun()
  press(stage)
  stage.store.setText('key:x')
  stage.clock.turn(150)
  stage.start({ revision: 2, cursor: at(20), rows: [group(20, ['x'])], complete: false, older: at(19) })
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['x', '<older>'])
  press(stage)
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(loadOf(stage)).toBe('under way')
  expect(stage.view.books).toMatchObject({ matched: 1, held: 1 })
  answer(stage, { from: at(19), to: at(18), rows: [group(19, ['w'])], complete: true })
  expect(stage.lines()).toEqual(['x', 'w'])
})

test('U55 after a fork nothing older is loaded, whatever a question of before brings', () => {
  const stage = begun()
  press(stage)
  stage.hears.gap({ environmentId: 'prod', reason: 'forked' })
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['<unknown-gap>', 'j', 'i', '<older>'])
  expect(loadOf(stage)).toBe('no')
  expect(stage.view.books).toMatchObject({ matched: 2, held: 2 })
})

test('a server that does not say from where to load is not asked', () => {
  const stage = new Stage()
  stage.begin({ cursor: at(10), rows: [group(10, ['i', 'j'])], complete: false })
  expect(loadOf(stage)).toBe('no')
  press(stage)
  expect(asked(stage)).toEqual([])
})

test('a clear takes the marker with it, and its undo brings it back', () => {
  const stage = begun()
  press(stage)
  stage.store.clear()
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.view.books).toMatchObject({ matched: 2, held: 0, evicted: 2 })
  stage.store.bringBack()
  expect(stage.lines()).toEqual(['j', 'i', '<older>'])
  expect(loadOf(stage)).toBe('offered')
  press(stage)
  answer(stage, { rows: [group(9, ['g', 'h'])] })
  expect(stage.lines()).toEqual(['j', 'i', 'h', 'g', '<older>'])
  expect(stage.view.books).toMatchObject({ matched: 4, held: 4, evicted: 0 })
})
