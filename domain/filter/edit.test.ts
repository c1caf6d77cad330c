import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Impression } from '../impression.ts'
import { fields, filterOf, filters, impressions, texts, typings } from './arbitraries.fixture.ts'
import { compileFilter } from './compile.ts'
import { excludeValue, fieldValues, includeValue, narrows, setField } from './edit.ts'
import { ignoresCase, sameField } from './fields.ts'
import type { Field, Filter, Term } from './filter.ts'
import { parseFilter } from './parse.ts'

const parsable = typings.filter((text) => parseFilter(text).ok)

function literalTerm(field: Field, value: string, exclude = false): Term {
  return { kind: 'text', exclude, field, patterns: [{ kind: 'literal', text: value }] }
}

/** The field's terms that just name the value. */
function naming(
  filter: Filter,
  { field, value }: { readonly field: Field; readonly value: string },
  exclude: boolean,
): readonly Term[] {
  return filter.terms.filter(
    (term) =>
      term.kind === 'text' &&
      term.exclude === exclude &&
      sameField(term.field, field) &&
      term.patterns.some((pattern) => pattern.kind === 'literal' && pattern.text === value),
  )
}

/** The impression with the value in the field; not for fields whose values are a closed list. */
function holding(impression: Impression, field: Field, value: string): Impression {
  if (typeof field === 'object') return { ...impression, properties: { [field.prop]: value } }
  const parts: Partial<Record<typeof field, Partial<Impression>>> = {
    env: { environmentId: value },
    bucket: { bucketingKey: value },
    sdk: { sdk: value },
    machine: { machineName: value },
    ip: { machineIp: value },
    traffic: { trafficTypeName: value },
    change: { changeNumber: value },
  }
  return { ...impression, ...(parts[field] ?? { [field]: value }) }
}

describe('include and exclude', () => {
  const included = [
    ['', 'flag:a'],
    ['FOO  "bar" ', 'FOO  "bar" flag:a'],
    ['x  -flag:a  y', 'x  y flag:a'],
    [' -flag:"a"  y', 'y flag:a'],
    ['-flag:( b | a ) y', '-flag:b y flag:a'],
    ['-flag:(b|c) y', '-flag:(b|c) y flag:a'],
    ['-flag:a*', '-flag:a* flag:a'],
    ['y flag:"a"  ', 'y flag:"a"  '],
    ['flag:(a|b)', 'flag:(a|b) flag:a'],
    ['flga:x', 'flag:a flga:x'],
    ['"x', 'flag:a "x'],
    ['-flag:a  flga:x', 'flag:a flga:x'],
    ['flag:a "x', 'flag:a "x'],
    ['x\\ ', 'x\\  flag:a'],
  ] as const
  const excluded = [
    ['flag:a x', 'x -flag:a'],
    ['flag:(a|"b") x', 'flag:b x -flag:a'],
    ['-flag:a x', '-flag:a x'],
  ] as const
  test('L17 including or excluding a value adds its term, drops what said the opposite and keeps the rest as typed', () => {
    for (const [text, after] of included) expect(includeValue(text, 'flag', 'a'), text).toBe(after)
    for (const [text, after] of excluded) expect(excludeValue(text, 'flag', 'a'), text).toBe(after)
  })
  test('values are quoted where they must be', () => {
    expect(includeValue('', { prop: 'a b' }, 'x*')).toBe('prop.a\\ b:"x*"')
    expect(includeValue('', 'label', 'default rule')).toBe('label:"default rule"')
    expect(excludeValue('', 'change', '>5')).toBe('-change:">5"')
    expect(includeValue('-mode:debug', 'mode', 'DEBUG')).toBe('mode:DEBUG')
    expect(includeValue('-mode:DEBUG', 'mode', 'debug')).toBe('mode:debug')
  })
  test('whatever was typed', () => {
    fc.assert(
      fc.property(parsable, fields, texts, impressions, (text, field, value, impression) => {
        for (const [edit, exclude] of [
          [includeValue, false],
          [excludeValue, true],
        ] as const) {
          const after = filterOf(edit(text, field, value))
          expect(after.terms).toContainEqual(literalTerm(field, value, exclude))
          expect(naming(after, { field, value }, !exclude)).toEqual([])
          const others = filterOf(text).terms.filter((term) => term.kind !== 'text' || !sameField(term.field, field))
          expect(after.terms).toEqual(expect.arrayContaining([...others]))
        }
        const included = compileFilter({ terms: [literalTerm(field, value)] })
        if (!ignoresCase(field)) expect(included.matches(holding(impression, field, value))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('picked values', () => {
  const picked = [
    ['', ['a'], 'env:a'],
    ['x', ['b', 'a'], 'x env:(b|a)'],
    ['X  env:z  -y env:w*', ['a'], 'X  env:a  -y'],
    ['X  env:z  -y', [], 'X  -y'],
    ['env:z', [], ''],
    ['-env:a y', ['a'], 'y env:a'],
    ['-env:(a|b) env:z', ['a'], '-env:b env:a'],
    ['-env:b y', [], '-env:b y'],
    ['y', ['a b', 'a b', '*'], 'y env:("a b"|"*")'],
    ['"x', ['a'], 'env:a "x'],
    ['"x', [], '"x'],
    ['env:z "x', ['a'], 'env:a "x'],
    ['y env:z flga:x', [], 'y flga:x'],
  ] as const
  test('they become the field’s one include term, and the rest stays as typed', () => {
    for (const [text, values, after] of picked) expect(setField(text, 'env', values), text).toBe(after)
  })
  test('whatever was typed, and the field then has these values', () => {
    fc.assert(
      fc.property(parsable, fields, fc.uniqueArray(texts, { maxLength: 4 }), (text, field, values) => {
        const after = filterOf(setField(text, field, values))
        expect([...fieldValues(after, field)].sort()).toEqual([...values].sort())
        for (const value of values) expect(naming(after, { field, value }, true)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })
  test('fieldValues names literals of include terms only', () => {
    expect(fieldValues(filterOf('flag:(b|a|c*) flag:(b|d) -flag:e key:f'), 'flag')).toEqual(['a', 'b', 'd'])
  })
})

describe('narrowing', () => {
  test.each([
    ['a', ''],
    ['flag:a key:b', 'flag:a'],
    ['flag:a', 'flag:(a|b)'],
    ['flag:ab', 'flag:a*'],
    ['flag:(ab|a*)', 'flag:(a*|b)'],
    ['flag:x*', 'flag:*'],
    ['-flag:(a|b)', '-flag:a'],
    ['-flag:a*', '-flag:(ab|ac)'],
    ['mode:debug', 'mode:(DEBUG|none)'],
    ['checkout', 'CHECK'],
    ['-check', '-checkout'],
    ['lag:>5', 'lag:>4'],
    ['lag:>5', 'lag:>=5'],
    ['lag:<-5', 'lag:<=0'],
    ['-lag:>4', '-lag:>5'],
  ])('%s narrows %s', (narrower, wider) => {
    expect(narrows(filterOf(narrower), filterOf(wider))).toBe(true)
    expect(narrows(filterOf(wider), filterOf(narrower))).toBe(false)
  })
  test.each([
    ['flag:a', 'key:a'],
    ['flag:a', '-flag:b'],
    ['flag:A', 'flag:a'],
    ['lag:>5', 'lag:<9'],
    ['lag:>5', 'change:>5'],
    ['prop.a:1', 'prop.b:1'],
    ['flag:checkout', 'check'],
    ['change:5', 'change:>4'],
  ])('%s does not certainly narrow %s', (narrower, wider) => {
    expect(narrows(filterOf(narrower), filterOf(wider))).toBe(false)
  })
  const lists = fc.subarray(['a', 'b', 'ab', 'a*', '*', '?', 'a?', '"a*"'], { minLength: 1 })
  const textsOf = (field: string) => lists.map((some) => `${field}:(${some.join('|')})`)
  const comparisonsOf = (field: string) =>
    fc
      .tuple(fc.constantFrom('>', '>=', '<', '<='), fc.integer({ min: -2, max: 2 }))
      .map(([operator, number]) => `${field}:${operator}${number}`)
  const kinds = [
    ...['flag', 'env', 'sdk', 'label', 'prop.plan'].map(textsOf),
    ...['lag', 'change'].map(comparisonsOf),
    fc.constantFrom('mode:debug', 'mode:DEBUG', 'mode:(Debug|none)', 'mode:d*'),
    fc.constantFrom('a', 'ab', 'b', 'bab'),
  ]
  const filtersOf = (kind: fc.Arbitrary<string>) =>
    fc
      .array(fc.tuple(fc.constantFrom('', '-'), kind), { minLength: 1, maxLength: 2 })
      .map((terms) => filterOf(terms.map((term) => term.join('')).join(' ')))
  const pairs = fc.constantFrom(...kinds).chain((kind) => fc.tuple(filtersOf(kind), filtersOf(kind)))
  test('L18 a filter is called narrower only when whatever it matches, the wider one matches', () => {
    let certain = 0
    fc.assert(
      fc.property(pairs, fc.array(impressions, { maxLength: 10 }), ([a, b], some) => {
        if (!narrows(a, b)) return
        certain++
        const [narrower, wider] = [compileFilter(a), compileFilter(b)]
        for (const one of some) if (narrower.matches(one)) expect(wider.matches(one)).toBe(true)
      }),
      { numRuns: 5000 },
    )
    expect(certain).toBeGreaterThan(500)
  })
  test('every filter narrows itself', () => {
    fc.assert(fc.property(filters, (filter) => narrows(filter, filter)))
  })
})
