import { expect, test } from 'vitest'
import { decoded } from './decode.fixture.ts'
import { impressionsOf, post, row } from './ingest.fixture.ts'

const long = (chars: number) => 'x'.repeat(chars)

test.each([
  ['key', [{ k: '' }, { k: undefined }, { k: 7 }, { k: long(1025) }, { b: long(1025) }]],
  ['treatment', [{ t: '' }, { t: null }, { t: long(257) }]],
  ['time', [{ m: 0 }, { m: -1 }, { m: '1795514523829' }, { m: undefined }, { m: null }]],
  ['label', [{ r: long(1025) }]],
  ['properties', [{ properties: long(32 * 1024 + 1) }, { properties: 'é'.repeat(16 * 1024 + 1) }]],
  ['size', [{ unknown: long(48 * 1024) }]],
  ['depth', [{ x: [[[[[1]]]]] }, { x: { a: { b: { c: { d: {} } } } } }]],
])('a row with a bad %s is skipped and counted', (reason, faults) => {
  const rows = [row({ k: 'good' }), ...faults.map((fault) => row(fault)), row({ k: 'better' })]
  const { batches, accepted, rejected } = decoded(post('a', ...rows))
  expect(rejected).toEqual(new Map([[reason, faults.length]]))
  expect(accepted).toBe(2)
  expect(impressionsOf(batches).map(({ key }) => key)).toEqual(['good', 'better'])
})

test('I12 bad impressions are skipped and counted by reason, and the rest of their post is accepted', () => {
  const groups = [
    { f: '', i: [row(), row()] },
    { f: long(257), i: [row()] },
    { i: [row()] },
    { f: 'a', i: [row(), null, 7, 'text', [row()], row({ m: 'x' }), row({ t: '' })] },
  ]
  const { batches, accepted, rejected } = decoded(JSON.stringify(groups))
  expect(accepted).toBe(1)
  expect(impressionsOf(batches)).toHaveLength(1)
  expect(rejected).toEqual(
    new Map([
      ['flag', 4],
      ['shape', 4],
      ['time', 1],
      ['treatment', 1],
    ]),
  )
})

test('what is as long as allowed is accepted', () => {
  const exact = { k: long(1024), b: long(1024), t: long(256), r: long(1024), properties: long(32 * 1024) }
  const nested = { x: [[[[1]]]] }
  expect(decoded(post(long(256), row(exact), row(nested))).accepted).toBe(2)
  expect(decoded('[{"f":"a","i":[{"k":"a","t":"b","m":1e999}]}]').rejected).toEqual(new Map([['time', 1]]))
})
