import { expect, test } from 'vitest'
import { filterOf } from '../../domain/filter/arbitraries.fixture.ts'
import type { Facets } from '../../domain/protocol.ts'
import {
  actOn,
  environmentField,
  type FacetAct,
  type FacetField,
  facetFields,
  facetValues,
  inOrder,
} from './facet-fields.ts'

const none = { values: [], other: 0 }
const facets: Facets = {
  environments: { values: [['e1', 10]], other: 0 },
  flags: {
    values: [
      ['a', 6],
      ['b', 4],
    ],
    other: 3,
  },
  treatments: {
    values: [
      ['on', 9],
      ['off', 1],
    ],
    other: 0,
  },
  labels: none,
  sdks: { values: [['java', 10]], other: 0 },
  machines: none,
}
const environments = [
  { id: 'e1', name: 'Production' },
  { id: 'e2', name: 'Staging' },
]
const [, flag] = facetFields
if (!flag) throw new Error('no field of flags')

const factsOf = (text: string) => ({ facets, environments, filter: filterOf(text) })
const valuesOf = (field: FacetField, text: string) =>
  facetValues(field, factsOf(text)).map(({ value, impressions, mark }) => `${value} ${impressions ?? '—'} ${mark}`)

test('Q11 a facet has every value that was told and every one that the filter names, marked as the filter has them', () => {
  expect(valuesOf(flag, 'flag:(b|c) -flag:d flag:a*')).toEqual(['a 6 none', 'b 4 only', 'c 0 only', 'd 0 without'])
  expect(valuesOf(environmentField, '')).toEqual(['Production 10 none', 'Staging 0 none'])
  expect(valuesOf(environmentField, 'env:e1')).toEqual(['Production 10 only', 'Staging — none'])
})

test('Q12 values keep their places while somebody is there, those of which nothing comes any more too', () => {
  const values = facetValues(flag, factsOf(''))
  expect(inOrder(values, ['gone', 'b']).map(({ value, impressions }) => [value, impressions])).toEqual([
    ['gone', 0],
    ['b', 4],
    ['a', 6],
  ])
})

test('Q13 a click means only this value, with Ctrl this one too, the sign all but this one; a second click takes it off', () => {
  const acted = (text: string, act: FacetAct, name: string): string => {
    const values = facetValues(flag, factsOf(text))
    const value = values.find((one) => one.value === name)
    if (!value) throw new Error(`no ${name}`)
    const chosen = values.filter(({ mark }) => mark === 'only').map((one) => one.value)
    return actOn(text, flag, act, value, chosen)
  }
  expect(acted('key:x', 'only', 'a')).toBe('key:x flag:a')
  expect(acted('flag:a', 'only', 'b')).toBe('flag:b')
  expect(acted('flag:a', 'only', 'a')).toBe('')
  expect(acted('flag:(a|b)', 'only', 'a')).toBe('flag:a')
  expect(acted('flag:a', 'add', 'b')).toBe('flag:(a|b)')
  expect(acted('flag:(a|b)', 'add', 'b')).toBe('flag:a')
  expect(acted('flag:a', 'add', 'a')).toBe('')
  expect(acted('flag:a', 'exclude', 'a')).toBe('-flag:a')
  expect(acted('-flag:a x', 'exclude', 'a')).toBe('x')
  expect(acted('-flag:a', 'only', 'a')).toBe('')
  expect(acted('-flag:a', 'add', 'a')).toBe('flag:a')
})
