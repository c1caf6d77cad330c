import { expect, test } from 'vitest'
import { impression } from '../../domain/filter/arbitraries.fixture.ts'
import type { RowEntry } from './entry.ts'
import { emptySearch, readSearch } from './search.ts'

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
