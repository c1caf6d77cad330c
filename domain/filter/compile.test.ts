import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Impression } from '../impression.ts'
import { filterOf, filters, impression, impressions, texts } from './arbitraries.fixture.ts'
import { compileFilter } from './compile.ts'
import type { Filter } from './filter.ts'
import { naiveMatches } from './naive.fixture.ts'

const matches = (text: string, particulars: Partial<Impression> = {}) =>
  compileFilter(filterOf(text)).matches(impression(particulars))

test('L1 all terms must hold, and the empty filter matches everything', () => {
  expect(matches('')).toBe(true)
  expect(matches('flag:checkout treatment:on')).toBe(true)
  expect(matches('flag:checkout treatment:off')).toBe(false)
  expect(matches('flag:checkout key:user-42 treatment:on -label:x checkout')).toBe(true)
  expect(matches('flag:checkout key:user-42 treatment:on -label:x search')).toBe(false)
})

test('L2 - excludes what the term finds', () => {
  expect(matches('-flag:checkout')).toBe(false)
  expect(matches('-flag:search')).toBe(true)
  expect(matches('-check')).toBe(false)
  expect(matches('-lag:>500')).toBe(false)
})

test('L3 a word is a case-insensitive substring of flag, key, treatment or label, with plain * and ?', () => {
  for (const word of ['CHECK', 'ser-4', 'ON', '"in segment"']) {
    expect(matches(word, { label: 'In Segment All' }), word).toBe(true)
  }
  expect(matches('prod')).toBe(false)
  expect(matches('out', { flag: 'CheckOUT' })).toBe(true)
  expect(matches('c*t')).toBe(false)
  expect(matches('c*t', { flag: 'abc*t?' })).toBe(true)
  expect(matches('"t?"', { flag: 'abc*t?' })).toBe(true)
})

test('L4 field:value is the whole value with its case, but for mode, source and repeat', () => {
  expect(matches('flag:checkout')).toBe(true)
  expect(matches('flag:Checkout')).toBe(false)
  expect(matches('flag:check')).toBe(false)
  expect(matches('mode:debug', { impressionsMode: 'DEBUG' })).toBe(true)
  expect(matches('mode:De*', { impressionsMode: 'DEBUG' })).toBe(true)
  expect(matches('source:SDK')).toBe(true)
  expect(matches('source:b?acon', { source: 'beacon' })).toBe(true)
  expect(matches('repeat:False')).toBe(true)
})

test('L5 a list matches when one member does, and an excluded list excludes each', () => {
  expect(matches('flag:(search|checkout)')).toBe(true)
  expect(matches('flag:(search|check*)')).toBe(true)
  expect(matches('flag:(search|home)')).toBe(false)
  expect(matches('-flag:(search|check*)')).toBe(false)
  expect(matches('-flag:(search|home)')).toBe(true)
})

test('L7 an absent value matches nothing but an exclusion', () => {
  for (const field of ['bucket', 'label', 'sdk', 'machine', 'ip', 'traffic', 'mode', 'prop.plan', 'change']) {
    expect(matches(`${field}:*`), field).toBe(false)
    expect(matches(`${field}:""`), field).toBe(false)
    expect(matches(`-${field}:*`), field).toBe(true)
    expect(matches(`-${field}:x`), field).toBe(true)
  }
  expect(matches('change:>0')).toBe(false)
  expect(matches('-change:>0')).toBe(true)
  expect(matches('undefined')).toBe(false)
  expect(matches('label:*', { label: 'default rule' })).toBe(true)
  expect(matches('-label:*', { label: 'default rule' })).toBe(false)
})

const full = impression({
  trafficTypeName: 'user',
  sdk: 'nodejs',
  sdkVersion: '11.11.2',
  machineName: 'web-1',
  machineIp: '10.0.0.7',
  impressionsMode: 'OPTIMIZED',
  bucketingKey: 'bucket-7',
  label: 'default rule',
  changeNumber: 1_720_000_000_000,
  previousTimestamp: 1_719_999_999_000,
  properties: { plan: 'pro', seats: 2, trial: true, page: '/cart', empty: '', half: 0.5 },
})

describe('fields', () => {
  const whole = (text: string) => compileFilter(filterOf(text)).matches(full)
  const found = [
    'env:e1',
    'env:prod',
    'env:(x|pr*)',
    'flag:checkout',
    'key:user-42',
    'bucket:bucket-7',
    'treatment:on',
    'label:"default rule"',
    'sdk:nodejs',
    'sdk:nodejs-11.11.2',
    'sdk:nodejs-11.*',
    'sdk:(go|nodejs-11.11.2)',
    'machine:web-1',
    'ip:10.0.*',
    'traffic:user',
    'mode:optimized',
    'source:sdk',
    'prop.plan:pro',
    'prop.seats:2',
    'prop.seats:?',
    'prop.trial:true',
    'prop.trial:(no|true)',
    'prop.page:/cart',
    'prop.empty:""',
    'prop.half:0.5',
    'repeat:true',
    'change:1720000000000',
    'change:172*',
    'change:>=1720000000000',
    'lag:>=1000',
  ]
  const notFound = [
    'env:prod-1',
    'sdk:nodejs-',
    'sdk:nodejs-11',
    'sdk:11.11.2',
    'sdk:nodejs_11.11.2',
    'prop.Plan:pro',
    'prop.seats:2.0',
    'prop.trial:True',
    'prop.constructor:*',
    'prop.__proto__:*',
    'repeat:false',
    'change:1.72e12',
  ]
  test('L8 each field looks at its own part of the impression', () => {
    expect(found.filter((text) => !whole(text) || whole(`-${text}`))).toEqual([])
    expect(notFound.filter((text) => whole(text) || !whole(`-${text}`))).toEqual([])
  })
  test('an SDK without a version goes by its name', () => {
    expect(matches('sdk:go*', { sdk: 'go' })).toBe(true)
    expect(matches('sdk:go-*', { sdk: 'go' })).toBe(false)
  })
  test('properties that are one raw string have no names', () => {
    expect(matches('prop.length:*', { properties: 'raw' })).toBe(false)
    expect(matches('-prop.length:*', { properties: 'raw' })).toBe(true)
  })
})

test('L9 change and lag are compared as numbers, and a lag may be negative', () => {
  const late = (lagMs: number) => ({ receptionTimestamp: 10_000 + lagMs, timestamp: 10_000 })
  expect(matches('lag:>1s', late(1000))).toBe(false)
  expect(matches('lag:>=1s', late(1000))).toBe(true)
  expect(matches('lag:<1s', late(999))).toBe(true)
  expect(matches('lag:<=-0.5s', late(-500))).toBe(true)
  expect(matches('lag:<0', late(-1))).toBe(true)
  expect(matches('lag:<0', late(0))).toBe(false)
  expect(matches('change:>9', { changeNumber: 10 })).toBe(true)
  expect(matches('change:<=9.5', { changeNumber: 10 })).toBe(false)
})

test('a change that is a text is matched as text and never compared', () => {
  expect(matches('change:v2.*', { changeNumber: 'v2.1' })).toBe(true)
  expect(matches('change:">5"', { changeNumber: '>5' })).toBe(true)
  expect(matches('change:12', { changeNumber: '12' })).toBe(true)
  expect(matches('change:>5', { changeNumber: '12' })).toBe(false)
  expect(matches('-change:>5', { changeNumber: '12' })).toBe(true)
})

test('L16 the compiled filter matches exactly what the definition, read term by term, matches', () => {
  fc.assert(
    fc.property(filters, fc.array(impressions, { minLength: 1, maxLength: 8 }), (filter, some) => {
      const matcher = compileFilter(filter)
      for (const one of some) expect(matcher.matches(one)).toBe(naiveMatches(filter, one))
    }),
    { numRuns: 3000 },
  )
})

test('the shared fields, the header’s counts and the row answer in parts what the filter answers whole', () => {
  fc.assert(
    fc.property(filters, fc.array(impressions, { minLength: 1, maxLength: 8 }), (filter, some) => {
      const { matches, shared, counted, row, environment, flags, keys } = compileFilter(filter)
      for (const one of some) {
        const whole = matches(one)
        const inParts = shared(one) && counted(one.flag, one.treatment, one.label) && (row?.(one) ?? true)
        expect(inParts).toBe(whole)
        if (whole) expect(environment({ id: one.environmentId, name: one.environmentName })).toBe(true)
        if (whole && flags) expect(flags.has(one.flag)).toBe(true)
        if (whole && keys) expect(keys.has(one.key)).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
})

test('only terms that need the row make a row part', () => {
  expect(
    compileFilter(filterOf('env:a flag:b treatment:c label:d sdk:e machine:f ip:g traffic:h mode:i source:j')).row,
  ).toBeUndefined()
  for (const text of ['key:a', 'bucket:a', 'prop.a:a', 'repeat:true', 'change:a', 'change:>1', 'lag:>1', 'a']) {
    expect(compileFilter(filterOf(text)).row).toBeDefined()
  }
})

test('keys are those that the exact key terms leave', () => {
  const keys = (text: string) => compileFilter(filterOf(text)).keys
  expect(keys('key:(a|b) -key:a flag:x')).toEqual(new Set(['b']))
  expect(keys('key:a*')).toBeUndefined()
  expect(keys('-key:a')).toBeUndefined()
})

test('flags are those that the exact flag terms leave', () => {
  const flags = (text: string) => compileFilter(filterOf(text)).flags
  expect(flags('flag:a')).toEqual(new Set(['a']))
  expect(flags('flag:(a|b) flag:(b|c) key:k')).toEqual(new Set(['b']))
  expect(flags('flag:(a|b) -flag:a')).toEqual(new Set(['b']))
  expect(flags('flag:(ab|b) flag:a*')).toEqual(new Set(['ab']))
  expect(flags('flag:a flag:b')).toEqual(new Set())
  expect(flags('flag:a*')).toBeUndefined()
  expect(flags('flag:(a|b*)')).toBeUndefined()
  expect(flags('-flag:a checkout')).toBeUndefined()
})

test('no impression of another flag matches when there are flags', () => {
  const flagTerms = fc.array(texts, { minLength: 1, maxLength: 3 }).map((names): Filter => {
    return {
      terms: [
        { kind: 'text', exclude: false, field: 'flag', patterns: names.map((text) => ({ kind: 'literal', text })) },
      ],
    }
  })
  fc.assert(
    fc.property(flagTerms, filters, impressions, texts, (exact, filter, one, flag) => {
      const { flags, matches: whole } = compileFilter({ terms: [...filter.terms, ...exact.terms] })
      expect(flags).toBeDefined()
      if (whole({ ...one, flag })) expect(flags?.has(flag)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
