import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filterOf, typings } from './arbitraries.fixture.ts'
import { dropValue } from './edit.ts'
import { readTerms } from './lex.ts'
import { parseFilter } from './parse.ts'
import { flipToken, readTokens, withoutLast, withoutTerm, withoutToken } from './tokens.ts'
import { isEmptyTerm, isUnfinished } from './unfinished.ts'

const parsable = typings.filter((text) => parseFilter(text).ok)

test('Q3 a mistake spoils its own term only: the others are read as they stand', () => {
  const spans = (text: string) =>
    readTokens(text).map(({ start, end, read }) => `${'error' in read ? '!' : ''}${text.slice(start, end)}`)
  expect(spans('flag:a  flga:x -key:(a|b) "c d"')).toEqual(['flag:a', '!flga:x', '-key:(a|b)', '"c d"'])
  expect(spans('- flag:')).toEqual(['!-', '!flag:'])
  expect(spans('flag:a "c d')).toEqual(['flag:a', '!"c d'])
  expect(spans('key:a"b c')).toEqual(['!key:a"b', 'c'])
  expect(spans('')).toEqual([])
  fc.assert(
    fc.property(fc.oneof(typings, fc.string({ unit: 'binary' })), (text) => {
      let end = 0
      for (const token of readTokens(text)) {
        expect(token.start).toBeGreaterThanOrEqual(end)
        expect(token.end).toBeGreaterThan(token.start)
        expect(token.end).toBeLessThanOrEqual(text.length)
        end = token.end
      }
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(parsable, (text) => {
      const read = readTerms(text)
      const terms = readTokens(text).map((token) => 'term' in token.read && token.read.term)
      expect(terms).toEqual(read.ok && read.value.map(({ term }) => term))
    }),
    { numRuns: 2000 },
  )
})

test('Q4 a term is taken away or turned round, and the others stay as they were typed', () => {
  expect(withoutToken('flag:a  x\\  "b c"', { start: 8, end: 11 })).toBe('flag:a  "b c"')
  expect(flipToken('flag:a -key:b', { start: 7, end: 13 })).toBe('flag:a key:b')
  expect(withoutTerm('flag:a FOO flag:"a" foo -flag:a', 'flag:a')).toBe('FOO foo -flag:a')
  expect(withoutTerm('flag:a FOO flga:x foo', 'foo')).toBe('flag:a flga:x ')
  expect(withoutLast('flag:a  "b c" ')).toBe('flag:a  ')
  expect(flipToken('--b', { start: 0, end: 3 })).toBe('\\-b')
  fc.assert(
    fc.property(
      parsable.filter((text) => readTokens(text).length > 0),
      fc.nat(),
      (text, which) => {
        const tokens = readTokens(text)
        const at = which % tokens.length
        const token = tokens[at]
        if (!token) return
        const termsOf = (typed: string) => readTokens(typed).map(({ read }) => read)
        const others = tokens.filter((_, index) => index !== at).map(({ read }) => read)
        expect(termsOf(withoutToken(text, token))).toEqual(others)
        const turned = flipToken(text, token)
        expect(termsOf(flipToken(turned, token))).toEqual(termsOf(text))
        expect(termsOf(turned)[at]).toMatchObject({
          term: { exclude: !('term' in token.read && token.read.term.exclude) },
        })
      },
    ),
    { numRuns: 2000 },
  )
})

test('Q5 a term that only lacks its end is unfinished, one that is wrong or whole is not', () => {
  for (const term of [
    'f',
    'flag',
    '-fl',
    'flag:',
    '-flag:',
    '-',
    'label:"default ru',
    'flag:(a|',
    'flag:(',
    'flag:(a|"b',
  ])
    expect(isUnfinished(term), term).toBe(true)
  for (const term of ['lag:', 'lag:>', 'lag:>=5.', 'change:<', 'prop', 'prop.plan', 'prop.plan:', 'a\\', '"a'])
    expect(isUnfinished(term), term).toBe(true)
  for (const term of [
    'flag:a',
    'flga:',
    'flga:x',
    'on',
    'lag:5',
    'lag:>x',
    'checkout',
    'STAFF',
    '"flag"',
    'prop.:x',
    '',
  ])
    expect(isUnfinished(term), term).toBe(false)
  for (const term of ['-', 'flag:', '-flag:', 'prop.a\\ b:']) expect(isEmptyTerm(term), term).toBe(true)
  for (const term of ['flag:"', 'flag:(', 'f', 'flag:a', '"a:', 'a\\:']) expect(isEmptyTerm(term), term).toBe(false)
})

test('Q6 a value is dropped from what includes and what excludes it, and the rest stays as typed', () => {
  expect(dropValue('x  flag:(a|b) -flag:a', 'flag', 'a')).toBe('x  flag:b')
  expect(dropValue('flag:a* flag:"a"  y', 'flag', 'a')).toBe('flag:a*  y')
  expect(dropValue('-label:"not ready"', 'label', 'not ready')).toBe('')
  expect(dropValue('"x', 'flag', 'a')).toBe('"x')
  expect(dropValue('flag:a "x', 'flag', 'a')).toBe('"x')
  expect(filterOf(dropValue('flag:(a|b|c)', 'flag', 'b')).terms).toEqual(filterOf('flag:(a|c)').terms)
})
