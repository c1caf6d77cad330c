import fc from 'fast-check'
import { type Impression, impressionsModes, sources } from '../impression.ts'
import {
  type Comparison,
  type Field,
  type Filter,
  type NumberField,
  type Pattern,
  type Term,
  textFields,
} from './filter.ts'
import { normalFilter } from './normal.ts'
import { parseFilter } from './parse.ts'

/** An impression that a test is not about, but for what it says. */
export function impression(particulars: Partial<Impression> = {}): Impression {
  return {
    environmentId: 'e1',
    environmentName: 'prod',
    source: 'sdk',
    verified: true,
    receptionTimestamp: 1_720_000_001_000,
    flag: 'checkout',
    key: 'user-42',
    treatment: 'on',
    timestamp: 1_720_000_000_000,
    ...particulars,
  }
}

/** The filter of a text that is known to be one. */
export function filterOf(text: string): Filter {
  const parsed = parseFilter(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

const letters = ['a', 'b', 'A', 'É', 'İ', '1', '*', '?', '\\', '"', '(', ')', '|', ':', '-', '>', '<', ' ', '\t', '😀']
const halves = ['\ud83d', '\ude00', '\u00a0', 'Σ', '.', '=', ',', '#', '_', '%']
const character = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b') }, fc.constantFrom(...letters, ...halves))
const common = [
  'a',
  'b',
  'ab',
  'on',
  'off',
  'checkout',
  'prod',
  'true',
  'false',
  '1',
  '2',
  'debug',
  'SDK',
  'nodejs',
  'nodejs-1',
  '',
]

/** Texts that meet each other often, and every character that the language treats specially. */
export const texts = fc.oneof(fc.constantFrom(...common), fc.string({ unit: character, maxLength: 6 }))

const globs = fc
  .array(
    fc.oneof(
      fc.constantFrom('*', '?'),
      character.map((one) => `\\${one}`),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .filter((pieces) => pieces.includes('*') || pieces.includes('?'))
  .map((pieces) => pieces.join(''))

const patterns: fc.Arbitrary<Pattern> = fc.oneof(
  texts.map((text): Pattern => ({ kind: 'literal', text })),
  globs.map((glob): Pattern => ({ kind: 'glob', glob })),
)

const propNames = fc.oneof(
  fc.constantFrom('plan', 'constructor', '__proto__'),
  texts.filter((name) => name !== ''),
)

export const fields: fc.Arbitrary<Field> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...textFields) },
  propNames.map((prop) => ({ prop })),
)

const operators = fc.constantFrom<Comparison['operator'][]>('>', '>=', '<', '<=')
const wholes = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.maxSafeInteger().map((number) => Math.round(number / 10)),
)
const decimals = fc.oneof(
  wholes,
  wholes.map((number) => number / 10 ** 6),
  fc.constantFrom(1e21, -1.5e300, 1e-7, 2e-300),
)

const comparisons = fc.oneof(comparing('lag', wholes), comparing('change', decimals))

function comparing(field: NumberField, numbers: fc.Arbitrary<number>): fc.Arbitrary<Term> {
  const comparison = fc.record({ operator: operators, number: numbers.filter(isShort) })
  return comparison.map((made): Term => ({ kind: 'comparison', exclude: false, field, comparison: made }))
}

function isShort(number: number): boolean {
  return Number(number.toPrecision(15)) === number
}

/** Any term, not yet in its normal form. */
export const terms: fc.Arbitrary<Term> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      { weight: 4, arbitrary: textTerms() },
      comparisons,
      texts.filter((text) => text !== '').map((text): Term => ({ kind: 'word', exclude: false, text })),
    ),
  )
  .map(([exclude, term]) => ({ ...term, exclude }))

function textTerms(): fc.Arbitrary<Term> {
  const lists = fc.array(patterns, { minLength: 1, maxLength: 4 })
  return fc.record({ field: fields, patterns: lists }).map((term) => ({ kind: 'text', exclude: false, ...term }))
}

/** Filters in their normal form. */
export const filters: fc.Arbitrary<Filter> = fc
  .array(terms, { maxLength: 4 })
  .map((some) => normalFilter({ terms: some }))

const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined })
const values = fc.oneof(texts, fc.boolean(), fc.constantFrom(0, 1, 2, -0.5, 1e21))
const times = fc.integer({ min: 1, max: 6 })

export const impressions: fc.Arbitrary<Impression> = fc.record({
  environmentId: texts,
  environmentName: texts,
  trafficTypeName: maybe(texts),
  sdk: maybe(texts),
  sdkVersion: maybe(texts),
  machineName: maybe(texts),
  machineIp: maybe(texts),
  impressionsMode: maybe(fc.constantFrom(...impressionsModes)),
  source: fc.constantFrom(...sources),
  verified: fc.boolean(),
  receptionTimestamp: times,
  flag: texts,
  key: texts,
  bucketingKey: maybe(texts),
  treatment: texts,
  label: maybe(texts),
  changeNumber: maybe(fc.oneof(texts, fc.integer({ min: -3, max: 3 }))),
  timestamp: times,
  previousTimestamp: maybe(times),
  properties: maybe(fc.oneof(texts, fc.dictionary(propNames, values, { maxKeys: 3 }))),
})

const pieces = [
  'flag',
  'flga',
  'prop.',
  'change',
  'lag',
  'env',
  ':',
  ':',
  '(',
  ')',
  '|',
  '"',
  '\\',
  '-',
  '>',
  '<=',
  '1',
  '.5',
  'ms',
  'd',
  ' ',
  ' ',
]

/** What somebody might type: pieces of the language in any order. */
export const typings = fc.string({ unit: fc.oneof(fc.constantFrom(...pieces), character), maxLength: 14 })

/** Every string that JavaScript can hold, halves of surrogate pairs included. */
export const anyStrings = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
