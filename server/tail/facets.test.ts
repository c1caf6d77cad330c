import { expect, test } from 'vitest'
import { defaultLimits } from '../../domain/limits.ts'
import { batchesOf, sharedFields } from './batches.fixture.ts'
import { FacetCounter } from './facets.ts'
import { sightOf } from './sight.fixture.ts'

const received = sharedFields.receptionTimestamp
const row = (parts: object) => ({ k: 'x', t: 'on', m: 1, ...parts })

test('Q1 labels, SDKs and machines are counted over the last minute like flags and treatments', () => {
  let seconds = 0
  const clock = { now: () => received + seconds * 1000, monotonicMs: () => 1_000_000 + seconds * 1000 }
  const counter = new FacetCounter(defaultLimits, clock)
  const count = (groups: unknown, fields: object) => {
    for (const { header } of batchesOf(groups, { receptionTimestamp: clock.now(), ...fields })) counter.count(header)
  }
  count([{ f: 'a', i: [row({ r: 'killed' }), row({ r: 'default rule' }), row({})] }], { machineName: 'web-1' })
  seconds = 30
  count([{ f: 'b', i: [row({ r: 'default rule', t: 'off' })] }], { sdk: 'java', sdkVersion: undefined })
  const everything = counter.of(sightOf(['development']))
  expect(everything.labels.values).toEqual([
    ['default rule', 2],
    ['killed', 1],
  ])
  expect(everything.sdks.values).toEqual([
    ['nodejs-11.11.2', 3],
    ['java', 1],
  ])
  expect(everything.machines.values).toEqual([['web-1', 3]])
  seconds = 61
  const later = counter.of(sightOf(['development']))
  expect(later.labels.values).toEqual([['default rule', 1]])
  expect(later.machines.values).toEqual([])
  expect(counter.of(sightOf(['another'])).sdks.values).toEqual([])
})

test('Q2 what is told of a facet is bounded in values and in bytes, and the rest is other, to the impression', () => {
  const counter = new FacetCounter(defaultLimits, { now: () => received, monotonicMs: () => 0 })
  for (let label = 0; label < 1000; label++) {
    const i = [row({ r: `${label} ${'x'.repeat(label % 2 === 0 ? 1000 : 5)}` })]
    for (const { header } of batchesOf([{ f: `f${label}`, i }])) counter.count(header)
  }
  const facets = counter.of(sightOf(['development']))
  expect(facets.flags.values).toHaveLength(defaultLimits.facetTop)
  for (const { values, other } of [facets.flags, facets.labels]) {
    expect(values.reduce((sum, [, impressions]) => sum + impressions, 0) + other).toBe(1000)
  }
  expect(Buffer.byteLength(JSON.stringify(facets.labels))).toBeLessThan(defaultLimits.facetBytes + 10_000)
  expect(Buffer.byteLength(JSON.stringify(facets))).toBeLessThan(64 * 1024)
})
