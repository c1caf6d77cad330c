import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterLimits } from '../limits.ts'
import { anyStrings, typings } from './arbitraries.fixture.ts'
import type { FilterError } from './filter.ts'
import { parseFilter } from './parse.ts'

function errorOf(text: string): FilterError {
  const parsed = parseFilter(text)
  if (parsed.ok) throw new Error(`${text} is a filter`)
  return parsed.error
}

describe('errors', () => {
  test('L10 an error names the token and its position and says what would be right', () => {
    const right = 'unknown field "flga" at 0: did you mean flag?'
    expect(errorOf('flga:x')).toEqual({ message: right, token: 'flga', position: 0 })
  })
  test.each([
    ['😀 -Flag:x', 'Flag', 4, 'did you mean flag?'],
    ['environment:x', 'environment', 0, 'did you mean env?'],
    ['treatement:x', 'treatement', 0, 'did you mean treatment?'],
    ['props.cart:x', 'props.cart', 0, 'did you mean prop.cart?'],
    ['kye:x', 'kye', 0, 'did you mean key?'],
    ['prop:x', 'prop', 0, 'did you mean prop.<name>?'],
    ['http://x', 'http', 0, 'quote a word that has a :'],
    ['a :x', ':', 2, 'name a field'],
    ['prop.:x', 'prop.', 0, 'name the property'],
    ['fl\\ag:x', '\\', 2, 'only the name in prop.<name>'],
    ['a - b', '-', 2, 'a term follows'],
    ['-flag: x', 'flag:', 1, 'write one'],
    ['(a|b) c', '(a|b)', 0, 'name its field'],
    ['flag:( )', '( )', 5, 'write texts'],
    ['flag:(a||b)', '|', 8, 'write one'],
    ['flag:(a|)', ')', 8, 'write one'],
    ['flag:(a b)', 'b)', 8, '| goes between'],
    ['flag:("a"b)', 'b)', 9, '| goes between'],
    ['flag:(a(b)', '(', 7, 'escape it'],
    ['flag:(a', '(a', 5, 'end it with )'],
    ['flag:(a|', '(a|', 5, 'end it with )'],
    ['flag:(a)b', 'b', 8, 'white space'],
    ['flag:"a', '"a', 5, 'end the text with "'],
    ['flag:"a"b c', 'b', 8, 'white space'],
    ['flag:"a"|b', '|b', 8, 'white space'],
    ['a"b"', '"', 1, 'quote the whole text'],
    ['prop."a b":c', '"', 5, 'quote the whole text'],
    ['a\\', '\\', 1, 'write \\\\'],
    ['x ""', '""', 2, 'write something'],
    ['lag:5', '5', 4, 'lag takes a comparison'],
    ['lag:(>5|>6)', '(>5|>6)', 4, 'lag takes a comparison'],
    ['lag:>5 lag:>', '>', 11, 'lag takes a comparison'],
    ['lag:>5w', '>5w', 4, 'lag takes a comparison'],
    ['lag:=5', '=5', 4, 'lag takes a comparison'],
    ['lag:>.5', '>.5', 4, 'lag takes a comparison'],
    ['lag:>5.', '>5.', 4, 'lag takes a comparison'],
    ['lag:> 5', '>', 4, 'lag takes a comparison'],
    ['lag:>1e3', '>1e3', 4, 'lag takes a comparison'],
    ['lag:>toString', '>toString', 4, 'lag takes a comparison'],
    ['change:>5s', '>5s', 7, 'or quote the text'],
    ['change:>v2', '>v2', 7, 'or quote the text'],
    ['change:>1234567890123456', '>1234567890123456', 7, 'at most 15 significant digits'],
    ['lag:>123456789.123456d', '>123456789.123456d', 4, 'at most 15 significant digits'],
    [`change:>1${'0'.repeat(400)}`, `>1${'0'.repeat(400)}`, 7, 'at most 15 significant digits'],
  ])('%s', (text, token, position, right) => {
    const error = errorOf(text)
    expect(error).toMatchObject({ token, position })
    expect(error.message).toContain(` at ${position}: `)
    expect(error.message.slice(error.message.indexOf(': '))).toContain(right)
  })
  test('the message is short, however long the token', () => {
    expect(errorOf(`${'x'.repeat(3000)}:1`).message.length).toBeLessThan(300)
    expect(errorOf(`${'x'.repeat(39)}😀y:1`).message).toContain(`"${'x'.repeat(39)}…"`)
  })
})

test('L11 no string throws: it is a filter, or an error whose token stands at its position', () => {
  fc.assert(
    fc.property(fc.oneof(typings, anyStrings, fc.string({ unit: 'binary' })), (text) => {
      const parsed = parseFilter(text)
      if (parsed.ok) return
      const { token, position, message } = parsed.error
      expect(text.slice(position, position + token.length)).toBe(token)
      expect(message).not.toBe('')
    }),
    { numRuns: 2000 },
  )
})

describe('limits', () => {
  const { bytes, terms, members, textChars, stars } = filterLimits
  const many = (count: number, separator: string) =>
    Array.from({ length: count }, (_, index) => `t${index}`).join(separator)
  const cases = [
    ['terms', many(terms, ' '), many(terms + 1, ' '), 't32'],
    ['members', `flag:(${many(members, '|')})`, `flag:(${many(members + 1, '|')})`, 't100'],
    [
      'characters of a text',
      `key:${'é'.repeat(textChars)}`,
      `key:${'é'.repeat(textChars + 1)}`,
      'é'.repeat(textChars + 1),
    ],
    [
      'escaped characters',
      `key:${'\\ '.repeat(textChars)}`,
      `key:${'\\ '.repeat(textChars + 1)}`,
      '\\ '.repeat(textChars + 1),
    ],
    ['characters of a word in lower case', 'İ'.repeat(textChars / 2), 'İ'.repeat(textChars), 'İ'.repeat(textChars)],
    ['stars of a text', `key:${'*a'.repeat(stars)}`, `key:${'*a'.repeat(stars)}*`, `${'*a'.repeat(stars)}*`],
    ['bytes', `${'a'.repeat(1000)} `.repeat(9).slice(0, bytes), `${'a'.repeat(1000)} `.repeat(8) + 'é'.repeat(93), 'é'],
    ['bytes of pairs', `${'😀'.repeat(512)} `.repeat(4).slice(0, -4), `${'😀'.repeat(512)} `.repeat(4), '😀 '],
  ] as const
  test('L12 what passes a limit of the language is an error, and what is at the limit is a filter', () => {
    for (const [limit, within, beyond, token] of cases) {
      expect(parseFilter(within).ok, limit).toBe(true)
      const error = errorOf(beyond)
      expect(error, limit).toMatchObject({ token, position: beyond.lastIndexOf(token) })
      expect(error.message, limit).toContain('at most ')
    }
  })
  test('plain stars are not counted', () => {
    expect(parseFilter(`${'*a'.repeat(20)} flag:"${'*a'.repeat(20)}"`).ok).toBe(true)
  })
  test('bytes are those of the canonical text as well', () => {
    const member = (number: number) => `\\*${number.toString(36)}` // printed as "*…": a byte more
    const list = (first: number) =>
      `key:(${Array.from({ length: members }, (_, index) => member(first + index)).join('|')})`
    const typed = Array.from({ length: 15 }, (_, index) => list(36 + 50 * index)).join(' ')
    expect(new TextEncoder().encode(typed).length).toBeLessThan(bytes)
    expect(errorOf(typed)).toMatchObject({ token: typed, position: 0 })
  })
  test('a text of many megabytes is refused without being read through', () => {
    const error = errorOf('('.repeat(2 ** 24))
    expect(error.position).toBe(bytes)
    expect(error.token.length).toBeLessThanOrEqual(textChars)
  })
})
