import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columns } from '../columns.ts'
import { type Display, displayFrom, paramsOf, usualDisplay, withParams } from './display.ts'

const names = columns.map(({ name }) => name)
const display: fc.Arbitrary<Display> = fc.record({
  columns: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
  widths: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 40, max: 1200 })).map((widths) => ({ ...widths })),
  zone: fc.constantFrom('local', 'utc'),
  time: fc.constantFrom('absolute', 'relative'),
  density: fc.constantFrom('compact', 'comfortable'),
  chart: fc.boolean(),
  facets: fc.boolean(),
  facetsPx: fc.integer({ min: 180, max: 420 }),
  calm: fc.boolean(),
  summaries: fc.boolean(),
  singleKeys: fc.boolean(),
})

test('Y1 what a link says of the display comes back as it was, and says nothing of what is as usual', () => {
  fc.assert(
    fc.property(display, (one) => {
      const { facets, facetsPx, calm, summaries, singleKeys } = usualDisplay
      expect(withParams(usualDisplay, paramsOf(one))).toEqual({ ...one, facets, facetsPx, calm, summaries, singleKeys })
    }),
  )
  expect(Object.values(paramsOf(usualDisplay))).toEqual(Array(6).fill(null))
})

test('Y2 what was kept comes back, and anything else is as usual', () => {
  fc.assert(fc.property(display, (one) => void expect(displayFrom(JSON.parse(JSON.stringify(one)))).toEqual(one)))
  fc.assert(
    fc.property(fc.jsonValue(), (kept) => {
      expect(Object.keys(displayFrom(kept)).sort()).toEqual(Object.keys(usualDisplay).sort())
      expect(displayFrom(kept).columns.length).toBeGreaterThan(0)
    }),
  )
  for (const wrong of [
    null,
    'x',
    [],
    { columns: [] },
    { columns: ['none'] },
    { zone: 3, widths: { flag: -1, none: 50 } },
  ])
    expect(displayFrom(wrong)).toEqual(usualDisplay)
  expect([-5, 419.6, 9000].map((facetsPx) => displayFrom({ facetsPx }).facetsPx)).toEqual([180, 420, 420])
})
