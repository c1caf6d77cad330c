import { expect, test } from 'vitest'
import type { Impression } from '../domain/impression.ts'
import { type CellAct, canAct, cellValue, filterAfter } from './cell-acts.ts'
import { type ColumnName, columnOf } from './columns.ts'
import { offeredOrder, withMoved, withToggled } from './columns-order.ts'
import { usualDisplay } from './display/display.ts'
import { rowLook, templatesOf } from './row-look.ts'
import { HandClock } from './tail/stage.fixture.ts'
import { Toasts } from './toasts.ts'

const impression: Impression = {
  environmentId: 'prod',
  environmentName: 'Production',
  flag: 'checkout',
  key: 'ann b',
  treatment: 'on',
  timestamp: 1_718_900_000_123,
  receptionTimestamp: 1_718_900_001_000,
  source: 'sdk',
  verified: true,
}

function column(name: ColumnName) {
  const found = columnOf(name)
  if (!found) throw new Error(name)
  return found
}

test('RW8 what a menu offers fits the cell: what has no value or no field is not filtered by', () => {
  const acts: readonly CellAct[] = ['only', 'exclude', 'copy', 'copy-row', 'this-key']
  const offered = (name: ColumnName) => acts.filter((act) => canAct(act, column(name), impression))
  expect(offered('flag')).toEqual(acts)
  expect(offered('time')).toEqual(['copy', 'copy-row', 'this-key'])
  expect(offered('label')).toEqual(['copy-row', 'this-key'])
  expect(cellValue(column('time'), impression)).toBe('2024-06-20T16:13:20.123Z')
  expect(cellValue(column('repeat'), impression)).toBeUndefined()
})

test('RW8 include adds to the filter, only replaces what was chosen of the field, exclude takes it out', () => {
  const after = (act: CellAct) => filterAfter(act, 'flag:search on', column('flag'), impression)
  expect(after('include')).toBe('flag:search on flag:checkout')
  expect(after('only')).toBe('flag:checkout on')
  expect(after('exclude')).toBe('flag:search on -flag:checkout')
  expect(after('copy')).toBe('flag:search on')
})

test('RW9 only this key across all flags takes off every term but those of the environment', () => {
  const after = (filter: string) => filterAfter('this-key', filter, column('flag'), impression)
  expect(after('')).toBe('key:"ann b"')
  expect(after('flag:a env:(prod|stage) -treatment:on  -env:dev* key:bob word')).toBe(
    'env:(prod|stage)  -env:dev* key:"ann b"',
  )
  expect(after('flga:x')).toBe('key:"ann b"')
})

test('RW10 columns are shown, hidden and moved in one order, and the last one stays', () => {
  const order = offeredOrder(['key', 'time'])
  expect(order.slice(0, 4)).toEqual(['key', 'time', 'env', 'flag'])
  expect(order).toHaveLength(15)
  expect(withToggled(order, ['key', 'time'], 'flag')).toEqual(['key', 'time', 'flag'])
  expect(withToggled(order, ['key', 'time'], 'key')).toEqual(['time'])
  expect(withToggled(order, ['time'], 'time')).toEqual(['time'])
  expect(withMoved(['key', 'time', 'env'], 'key', 1)).toEqual(['time', 'key', 'env'])
  expect(withMoved(['key', 'time', 'env'], 'env', 0)).toEqual(['env', 'key', 'time'])
  expect(withMoved(['key', 'time'], 'time', 9)).toEqual(['key', 'time'])
  expect(withMoved(['key', 'time'], 'time', -1)).toEqual(['time', 'key'])
})

test('RW11 widths stand in the templates alone, and nothing that a row looks at has them', () => {
  const { columns, zone, density } = usualDisplay
  expect(Object.keys(rowLook({ columns, zone, density }, { signsUnverified: false, cards: false }))).not.toContain(
    'widths',
  )
  expect(templatesOf({ columns: ['time', 'flag'], widths: { flag: 222 } })['--cols']).toBe('92px 222px')
  expect(templatesOf({ columns: ['time', 'flag'], widths: {} })['--cols']).toBe('92px minmax(150px, 1.4fr)')
})

test('RW13 a toast goes after its time, stays while somebody is at it, and acts once at most', () => {
  const clock = new HandClock()
  const toasts = new Toasts(clock)
  const did: string[] = []
  const texts = () => toasts.view().map(({ text }) => text)
  toasts.say('Copied')
  toasts.say('Cleared', { title: 'Undo', run: () => did.push('undone'), lapsed: () => did.push('lapsed') })
  clock.turn(2500)
  expect(texts()).toEqual(['Cleared'])
  const cleared = toasts.view()[0]
  if (!cleared) throw new Error('no toast')
  toasts.hold(cleared)
  clock.turn(60_000)
  expect(texts()).toEqual(['Cleared'])
  toasts.release(cleared)
  toasts.act(cleared)
  toasts.act(cleared)
  clock.turn(60_000)
  expect(did).toEqual(['undone'])
  toasts.say('Cleared', { title: 'Undo', run: () => {}, lapsed: () => did.push('lapsed') })
  clock.turn(10_000)
  expect(did).toEqual(['undone', 'lapsed'])
  for (const text of ['1', '2', '2', '3', '4']) toasts.say(text)
  expect(texts()).toEqual(['2', '3', '4'])
})
