import { expect, test } from 'vitest'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

function held(stage: Stage) {
  const { matched, held, evicted } = stage.view.books
  return { matched, held, evicted }
}

test('RW1 a clear empties the view alone: its rows are evicted in the books, and new ones stand above a mark', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])], replayed: { matched: 2, perTreatment: onlyOn(2) } })
  stage.store.clear()
  expect(stage.lines()).toEqual([])
  expect(stage.view.clearedAtMs).toBe(stage.clock.now())
  expect(held(stage)).toEqual({ matched: 2, held: 0, evicted: 2 })
  stage.frame({ ...totals(1), rows: [group(2, ['c'])] })
  expect(stage.lines()).toEqual(['c', '<cleared>'])
  expect(stage.view.clearedAtMs).toBeUndefined()
  expect(stage.view.notice.text).toMatch(/^Showing every row\. Cleared at /)
  expect(held(stage)).toEqual({ matched: 3, held: 1, evicted: 2 })
})

test('RW1 a clear ends reading and closes the row, and whoever paused it still has it paused', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a'])] })
  stage.store.reader.open(stage.view.list.at(0)?.id ?? '')
  stage.store.clear()
  expect(stage.view).toMatchObject({ mode: 'live', opened: undefined, selected: undefined })
  stage.store.reader.setPaused(true)
  stage.store.clear()
  stage.frame({ ...totals(1), rows: [group(2, ['b'])] })
  expect(stage.lines()).toEqual([])
  expect(stage.view).toMatchObject({ mode: 'paused', waiting: 1 })
})

test('RW2 an undone clear brings every row back below what came since, and the books with it', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])], replayed: { matched: 2, perTreatment: onlyOn(2) } })
  stage.store.clear()
  stage.frame({ ...totals(1), rows: [group(2, ['c'])] })
  expect(stage.store.bringBack()).toBe(true)
  expect(stage.lines()).toEqual(['c', 'b', 'a'])
  expect(held(stage)).toEqual({ matched: 3, held: 3, evicted: 0 })
  expect(stage.store.bringBack()).toBe(false)
})

test('RW2 what no longer fits is evicted again, and a paused list gets back what it showed', () => {
  const stage = new Stage({ capacity: 3 })
  stage.begin({ rows: [group(1, ['a', 'b'])], replayed: { matched: 2, perTreatment: onlyOn(2) } })
  stage.store.reader.setPaused(true)
  stage.store.clear()
  stage.frame({ ...totals(2), rows: [group(2, ['c', 'd'])] })
  stage.store.bringBack()
  expect(stage.lines()).toEqual(['b', 'a'])
  expect(held(stage)).toEqual({ matched: 4, held: 3, evicted: 1 })
  stage.store.reader.setPaused(false)
  expect(stage.lines()).toEqual(['d', 'c', 'b'])
})

test('RW3 a clear cannot be undone with another filter, nor after a fork, nor once its time is over', () => {
  const other = new Stage()
  other.begin({ rows: [group(1, ['a'])] })
  other.store.clear()
  other.store.setText('key:b')
  other.clock.turn(150)
  other.start({ revision: 2, rows: [group(1, ['b'])] })
  expect(other.store.bringBack()).toBe(false)
  expect(other.lines()).toEqual(['b'])

  const forked = new Stage()
  forked.begin({ rows: [group(1, ['a'])] })
  forked.store.clear()
  forked.hears.gap({ environmentId: 'prod', reason: 'forked' })
  expect(forked.store.bringBack()).toBe(false)

  const late = new Stage()
  late.begin({ rows: [group(1, ['a'])] })
  late.store.clear()
  late.store.forgetCleared()
  expect(late.store.bringBack()).toBe(false)
})

test('RW1 a clear before the rows of a new filter are there clears them too', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.store.setText('key:b')
  stage.store.clear()
  stage.clock.turn(150)
  stage.start({ revision: 2, rows: [group(1, ['b'])] })
  expect(stage.lines()).toEqual([])
  expect(stage.store.bringBack()).toBe(true)
  expect(stage.lines()).toEqual(['b'])
})

test('RW1 a new filter shows its backfill, cleared rows among it, and no mark of the clear', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.store.clear()
  stage.frame({ ...totals(1), rows: [group(2, ['b'])] })
  stage.store.setText('key:b')
  stage.clock.turn(150)
  stage.start({ revision: 2, cursor: at(2), rows: [group(1, ['b']), group(2, ['b'])] })
  expect(stage.lines()).toEqual(['b', 'b'])
})
