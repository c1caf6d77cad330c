import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filterOf, filters } from './arbitraries.fixture.ts'
import type { Field, Filter, Pattern, Term } from './filter.ts'
import { hashedFilter } from './hashed.ts'
import { normalFilter } from './normal.ts'
import { parseFilter } from './parse.ts'
import { printFilter } from './print.ts'

function hash(text: string): string {
  return createHmac('sha256', 'a secret of the test').update(text).digest('hex').slice(0, 16)
}

/** Letters that no field's name and no hash has. */
const secret = fc.string({ unit: fc.constantFrom('ж', 'ш', 'ю', 'Щ', ' ', '"', '\\', '*', '|'), minLength: 1 })
const pattern = secret.map((text): Pattern => ({ kind: 'literal', text }))
const glob = secret.map((text): Pattern => ({ kind: 'glob', glob: `*${text.replaceAll(/[\\"| ]/g, '')}?` }))
const personal = fc.constantFrom<Field>('key', 'bucket', 'ip', { prop: 'plan' })

const personalTerm = fc.oneof(
  fc
    .record({ field: personal, patterns: fc.array(fc.oneof(pattern, glob), { minLength: 1, maxLength: 5 }) })
    .map((fields): Term => ({ kind: 'text', exclude: false, ...fields })),
  secret.map((text): Term => ({ kind: 'word', exclude: true, text })),
)

test('AU1 of the values of keys, buckets, addresses, properties and words not a letter remains', () => {
  fc.assert(
    fc.property(fc.array(personalTerm, { maxLength: 6 }), (terms) => {
      expect(hashedFilter({ terms }, hash)).not.toMatch(/[жшющЩ]/i)
    }),
    { numRuns: 1000 },
  )
})

test('AU1 a hashed filter reads back as a filter, and hashed twice alike', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const text = hashedFilter(filter, hash)
      const parsed = parseFilter(text)
      expect(parsed.ok && printFilter(parsed.value)).toBe(text)
      expect(hashedFilter(normalFilter(filter), hash)).toBe(text)
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['flag:checkout key:user-42', `flag:checkout key:${hash('user-42')}`],
  ['-bucket:b prop.plan:pro', `-bucket:${hash('b')} prop.plan:${hash('pro')}`],
  ['key:user-*', `key:${hash('user-*')}`],
  ['key:* -prop.plan:?*', 'key:* -prop.plan:?*'],
  ['Ada lag:>5s treatment:(on|off)', `treatment:(off|on) lag:>5000 ${hash('ada')}`],
  ['', ''],
])('AU1 %s is told as what it asks, without whom', (typed, told) => {
  expect(hashedFilter(filterOf(typed), hash)).toBe(told)
})

test('AU1 a filter that hashing would make too long is told with fewer hashes, and is a filter still', () => {
  const long = (filter: Filter): void => {
    const text = hashedFilter(filter, hash)
    expect(parseFilter(text).ok).toBe(true)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192)
    expect(text).not.toContain('ж')
  }
  const list = (name: string) => `prop.${name}:(${Array.from({ length: 100 }, (_, index) => `ж${index}`).join('|')})`
  const lists = filterOf(Array.from({ length: 15 }, (_, index) => list(`p${index}`)).join(' '))
  long(lists)
  expect(hashedFilter(lists, hash)).toMatch(/^prop\.p0:[0-9a-f]{16} prop\.p1:/)
  const longName = filterOf(`prop.${'n'.repeat(8180)}:ж`)
  long(longName)
  expect(hashedFilter(longName, hash) === hash(printFilter(longName))).toBe(true)
})
