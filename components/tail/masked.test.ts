import { expect, test } from 'vitest'
import { impression } from '../../domain/filter/arbitraries.fixture.ts'
import { chipsOf, draftAtEnd } from '../filter/draft.ts'
import type { RowEntry } from './entry.ts'
import { emptySearch, readSearch } from './search.ts'
import { group, Stage } from './stage.fixture.ts'

const ada = 'user·9f3a5e0c1b2d4f60'
const rowOf = (key: string, masked?: true): RowEntry => ({
  ...{ kind: 'impression', id: `e:1:1:${key}`, row: {} },
  impression: impression({ key, masked }),
})
const masked = rowOf(ada, true)
const plain = rowOf('alice')

test('MK12 the page lets through only what it is certain of: which mask a key has, the server alone knows', () => {
  const passes = (text: string, row: RowEntry) => readSearch(text, emptySearch).passes(row)
  for (const text of ['key:alice', '-key:alice', 'bucket:x', '-bucket:x', 'key:(al*|bob)', `key:(alice|${ada})`]) {
    expect(passes(text, masked), text).toBe(false)
  }
  for (const text of ['key:al*', 'key:user*', 'user', '9f3a', 'key:*', 'prop.plan:x']) {
    expect(passes(text, masked), text).toBe(false)
  }
  for (const text of [`key:${ada}`, '-key:al*', '-key:user*', '-user', 'checkout', '-prop.plan:x', '-bucket:*']) {
    expect(passes(text, masked), text).toBe(true)
  }
  expect(passes('key:al*', plain)).toBe(true)
  expect(passes('-key:alice', plain)).toBe(false)
  expect(passes(`-key:${ada}`, masked)).toBe(false)
})

test('MK12 where everything is masked, a filter for what is hidden is a mistake, and the other terms apply', () => {
  const text = 'flag:checkout key:al* -prop.plan:x treatment:on'
  const search = readSearch(text, emptySearch, { masked: true })
  expect(search).toMatchObject({ canonical: 'flag:checkout treatment:on', error: { token: 'key:al*', position: 14 } })
  expect(readSearch(text, emptySearch).error).toBeUndefined()
  const typo = readSearch('flga:x key:al* flag:checkout', emptySearch, { masked: true })
  expect(typo).toMatchObject({ canonical: 'flag:checkout', error: { token: 'flga' } })
})

const [prod, clear] = [
  { id: 'prod', name: 'Production', masked: true },
  { id: 'prod', name: 'Production' },
] as const

function maskedGroup(offset: number, keys: readonly string[]) {
  const made = group(offset, keys)
  return { ...made, shared: { ...made.shared, masked: true as const } }
}

test('MK12 a key that is typed shows the rows that the server brings for it, and no other', () => {
  const stage = new Stage()
  const bob = 'user·0000000000000001'
  stage.begin({ environments: [prod], rows: [maskedGroup(1, [ada, bob])] })
  for (const [revision, text, rows] of [
    [2, 'key:ada', [ada]],
    [3, 'key:ada -key:bob', [ada]],
    [4, '-key:ada', [bob]],
    [5, `key:${ada}`, [ada]],
  ] as const) {
    stage.store.setText(text)
    if (revision < 5)
      expect(
        stage.lines().filter((line) => !line.startsWith('<')),
        text,
      ).toEqual([])
    stage.clock.turn(150)
    expect(stage.said.at(-1)).toEqual(['watch', { revision, filter: text }])
    stage.start({ revision, environments: [prod], rows: [maskedGroup(1, rows)] })
    expect(stage.lines(), text).toEqual(rows)
    expect(stage.view.books).toMatchObject({ matched: 1, held: 1 })
  }
})

test('MK12 what is a mistake while everything is masked is asked for when it is not any more', () => {
  const stage = new Stage()
  stage.begin({ environments: [prod] })
  stage.store.setText('key:al*')
  stage.clock.turn(1000)
  expect(stage.view.search).toMatchObject({ canonical: '', error: { token: 'key:al*' } })
  expect(stage.said.filter(([name]) => name === 'watch')).toHaveLength(1)
  stage.hears.behind({})
  stage.start({ environments: [clear] })
  expect(stage.view.search.error).toBeUndefined()
  expect(stage.said.at(-1)).toEqual(['watch', { revision: 2, filter: 'key:al*' }])
})

test('MK12 a link with a filter for what is hidden is refused, and its other terms are asked for', () => {
  const stage = new Stage({ link: { text: 'flag:checkout key:al*' } })
  stage.connect()
  const error = { message: 'masked', token: 'key:al*', position: 0 }
  stage.hears.refused({ reason: 'filter', revision: 1, error })
  stage.start({ revision: 2, environments: [prod], rows: [maskedGroup(1, [ada])] })
  expect(stage.said.filter(([name]) => name === 'watch')).toEqual([
    ['watch', { revision: 1, filter: 'flag:checkout key:al*' }],
    ['watch', { revision: 2, filter: 'flag:checkout' }],
  ])
  expect(stage.view.search.error).toMatchObject({ token: 'key:al*', position: 14 })
  expect(stage.view.refusal).toBeUndefined()
  expect(stage.lines()).toEqual([ada])
  expect(chipsOf(draftAtEnd('flag:checkout key:al*'), true).before.map(({ read }) => 'error' in read)).toEqual([
    false,
    true,
  ])
})
