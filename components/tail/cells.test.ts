import { expect, test } from 'vitest'
import { at, group, Stage, totals } from './stage.fixture.ts'

test('RW4 a cell has the focus within the selected line, and keeps it from line to line', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.store.reader.toCell('flag')
  expect(stage.view).toMatchObject({ mode: 'reading', selected: { index: 0 }, cell: 'flag' })
  stage.store.reader.move(1)
  expect(stage.view).toMatchObject({ selected: { index: 1 }, cell: 'flag' })
  stage.store.reader.toCell(undefined)
  expect(stage.view.cell).toBeUndefined()
  stage.store.reader.open(stage.view.list.at(0)?.id ?? '', 'key')
  expect(stage.view).toMatchObject({ selected: { index: 0 }, cell: 'key' })
  stage.store.reader.goLive()
  expect(stage.view.cell).toBeUndefined()
})

test('RW4 a filter that is typed keeps the selection on its row, or beside where it was', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b', 'c', 'd'])] })
  stage.store.reader.move(0)
  stage.store.reader.move(2)
  expect(stage.view.selected).toMatchObject({ index: 2 }) // b
  stage.store.setText('-key:c')
  expect(stage.view.selected).toMatchObject({ index: 1 })
  stage.store.setText('-key:c -key:b')
  expect(stage.lines()).toEqual(['d', 'a'])
  expect(stage.view.selected).toMatchObject({ index: 1 })
  stage.store.setText('key:nobody')
  expect(stage.view.selected).toBeUndefined()
})

test('RW5 the next and the previous marker are found from where one stands', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a'])] })
  stage.hears.gap({ environmentId: 'prod', reason: 'trimmed', impressions: 2 })
  stage.frame({ ...totals(1), rows: [group(2, ['b'])] })
  stage.hears.gap({ environmentId: 'prod', reason: 'trimmed', impressions: 3 })
  stage.frame({ ...totals(2), sequence: 2, cursor: at(3), rows: [group(3, ['c'])] })
  expect(stage.lines()).toEqual(['c', '<gap>', 'b', '<gap>', 'a'])
  const { reader } = stage.store
  expect([reader.toMarker(1), stage.view.selected?.index]).toEqual([true, 1])
  expect([reader.toMarker(1), stage.view.selected?.index]).toEqual([true, 3])
  expect([reader.toMarker(1), stage.view.selected?.index]).toEqual([false, 3])
  expect([reader.toMarker(-1), stage.view.selected?.index]).toEqual([true, 1])
})

test('RW6 selected text stands still until the reader goes on', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a'])] })
  stage.store.reader.standStill()
  stage.frame({ ...totals(1), rows: [group(2, ['b'])] })
  expect(stage.lines()).toEqual(['a'])
  stage.store.reader.goLive()
  expect(stage.lines()).toEqual(['b', 'a'])
})

test('RW7 a row that came a moment ago is told while few come, and none while many do', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a'])] })
  expect(stage.view.fresh).toEqual([])
  stage.frame({ ...totals(1), rows: [group(2, ['b'])] })
  expect(stage.view.fresh).toEqual([{ id: 'prod:e1:2:0', index: 0 }])
  stage.clock.turn(300)
  stage.frame({ ...totals(2), sequence: 2, cursor: at(3), rows: [group(3, ['c'])] })
  expect(stage.view.fresh.map(({ index }) => index)).toEqual([0, 1])
  stage.clock.turn(2000)
  expect(stage.view.fresh).toEqual([])
  stage.frame({ ...totals(50), sequence: 3, cursor: at(4), rows: [group(4, Array(48).fill('d'))] })
  expect(stage.view.fresh).toEqual([])
})

test('RW12 the page knows whether any row is verified', () => {
  const stage = new Stage()
  const open = group(1, ['a'])
  stage.begin({ rows: [{ ...open, shared: { ...open.shared, verified: false } }] })
  expect(stage.view.verifies).toBe(false)
  stage.frame({ ...totals(1), rows: [group(2, ['b'])] })
  expect(stage.view.verifies).toBe(true)
})
