import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterLimits } from '../limits.ts'
import { anyStrings, filterOf, filters, texts, typings } from './arbitraries.fixture.ts'
import type { FilterError, Pattern, Term } from './filter.ts'
import { parseFilter } from './parse.ts'
import { printFilter } from './print.ts'

function errorOf(text: string): FilterError {
  const parsed = parseFilter(text)
  if (parsed.ok) throw new Error(`${text} is a filter`)
  return parsed.error
}

function onlyTerm(text: string): Term {
  const [term, ...more] = filterOf(text).terms
  if (term === undefined || more.length > 0) throw new Error(`${text} is not one term`)
  return term
}

const literal = (text: string): Pattern => ({ kind: 'literal', text })
const glob = (text: string): Pattern => ({ kind: 'glob', glob: text })
const word = (text: string): Term => ({ kind: 'word', exclude: false, text })

function patternsOf(text: string): readonly Pattern[] {
  const term = onlyTerm(text)
  return term.kind === 'text' ? term.patterns : []
}

test('L1 ASCII white space separates terms; without any term there is the empty filter', () => {
  expect(filterOf('')).toEqual({ terms: [] })
  expect(filterOf(' \t\n\v\f\r ')).toEqual({ terms: [] })
  expect(filterOf('\ta\nb\r\nc\fd ').terms).toEqual([word('a'), word('b'), word('c'), word('d')])
  expect(filterOf('a\u00a0b').terms).toEqual([word('a\u00a0b')])
})

describe('L2 a - that begins a term excludes', () => {
  test.each(['-flag:a', '-a', '-"a b"', '-lag:>5', '-flag:(a|b)', '-prop.x:1'])('%s', (text) => {
    expect(onlyTerm(text).exclude).toBe(true)
  })
  test('and nowhere else', () => {
    expect(onlyTerm('"-x"')).toEqual(word('-x'))
    expect(onlyTerm('\\-x')).toEqual(word('-x'))
    expect(onlyTerm('a-x')).toEqual(word('a-x'))
    expect(onlyTerm('--x')).toEqual({ ...word('-x'), exclude: true })
    expect(patternsOf('flag:-x')).toEqual([literal('-x')])
  })
})

test('a text is bare or quoted, and \\ takes the next character as it is', () => {
  expect(patternsOf('key:acct:42')).toEqual([literal('acct:42')])
  expect(patternsOf('flag:a|b')).toEqual([literal('a|b')])
  expect(patternsOf('flag:)a(')).toEqual([literal(')a(')])
  expect(patternsOf('flag:\\(a\\ b\\"\\\\')).toEqual([literal('(a b"\\')])
  expect(patternsOf('flag:"a \\"b\\" \\\\ | ) :"')).toEqual([literal('a "b" \\ | ) :')])
  expect(patternsOf('flag:""')).toEqual([literal('')])
  expect(onlyTerm('"a:b"')).toEqual(word('a:b'))
  expect(onlyTerm('a\\:b')).toEqual(word('a:b'))
})

test('an unescaped * or ? makes a glob; quoted, escaped and in words they are plain', () => {
  expect(patternsOf('flag:a*b?')).toEqual([glob('a*b?')])
  expect(patternsOf('flag:"a*b?"')).toEqual([literal('a*b?')])
  expect(patternsOf('flag:a\\*b\\?')).toEqual([literal('a*b?')])
  expect(patternsOf('flag:a\\*b*\\"')).toEqual([glob('a\\*b*"')])
  expect(onlyTerm('a*b?')).toEqual(word('a*b?'))
})

test('white space around | and inside the brackets of a list is dropped', () => {
  expect(patternsOf('flag:( a |"b c"\t|\n d* )')).toEqual([literal('b c'), literal('a'), glob('d*')])
  expect(patternsOf('flag:(a:b|\\||-c|"")')).toEqual(
    [literal('|'), literal(''), literal('-c'), literal('a:b')].sort(bySpelling),
  )
})

function bySpelling(a: Pattern, b: Pattern): number {
  const spelled = (pattern: Pattern) =>
    pattern.kind === 'literal' && /^[^|]+$/.test(pattern.text)
      ? pattern.text
      : `"${pattern.kind === 'literal' ? pattern.text : ''}"`
  return spelled(a) < spelled(b) ? -1 : 1
}

test('a property is named after prop. , with case, dots and escapes', () => {
  expect(onlyTerm('prop.Plan.v2:pro')).toMatchObject({ field: { prop: 'Plan.v2' } })
  expect(onlyTerm('prop.a\\ b\\:c\\"\\\\:pro')).toMatchObject({ field: { prop: 'a b:c"\\' } })
})

describe('comparisons of change and lag', () => {
  test.each([
    ['lag:>5', '>', 5],
    ['lag:>=5ms', '>=', 5],
    ['lag:<2.5s', '<', 2500],
    ['lag:<=-1m', '<=', -60_000],
    ['lag:>2h', '>', 7_200_000],
    ['lag:>1d', '>', 86_400_000],
    ['lag:>0.0004s', '>', 0],
    ['lag:>-0', '>', 0],
    ['change:>=1720000000000', '>=', 1_720_000_000_000],
    ['change:<0.5', '<', 0.5],
    ['change:>007', '>', 7],
  ])('%s', (text, operator, number) => {
    expect(onlyTerm(text)).toMatchObject({ kind: 'comparison', comparison: { operator, number } })
  })
  test('quoted, escaped or in a list, a change that begins with > or < is text', () => {
    expect(patternsOf('change:">5"')).toEqual([literal('>5')])
    expect(patternsOf('change:\\>5')).toEqual([literal('>5')])
    expect(patternsOf('change:(>5|v2)')).toEqual([literal('>5'), literal('v2')])
    expect(patternsOf('flag:>5')).toEqual([literal('>5')])
  })
})

describe('L10 an error names the token and its position and says what would be right', () => {
  test('in one sentence', () => {
    const right = 'unknown field "flga" at 0: did you mean flag?'
    expect(errorOf('flga:x')).toEqual({ message: right, token: 'flga', position: 0 })
  })
  test.each([
    ['😀 -Flag:x', 'Flag', 4, 'did you mean flag?'],
    ['environment:x', 'environment', 0, 'did you mean env?'],
    ['treatement:x', 'treatement', 0, 'did you mean treatment?'],
    ['props.cart:x', 'props.cart', 0, 'did you mean prop.cart?'],
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
  test('and keeps its message short, however long the token', () => {
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

describe('L12 a filter has limits, and what is at one is still a filter', () => {
  const { bytes, terms, members, textChars, stars } = filterLimits
  const many = (count: number, separator: string) =>
    Array.from({ length: count }, (_, index) => `t${index}`).join(separator)
  test.each([
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
  ])('%s', (_, within, beyond, token) => {
    expect(parseFilter(within).ok).toBe(true)
    const error = errorOf(beyond)
    expect(error).toMatchObject({ token, position: beyond.lastIndexOf(token) })
    expect(error.message).toContain('at most ')
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
  test('a hostile megabyte is refused without being read through', () => {
    const error = errorOf('('.repeat(2 ** 24))
    expect(error.position).toBe(bytes)
    expect(error.token.length).toBeLessThanOrEqual(textChars)
  })
})

describe('L13 filters that say the same, term by term, have the same canonical text', () => {
  test.each([
    ['  b   a ', 'a b'],
    ['CHECKOUT Checkout', 'checkout'],
    ['"two words" flag:"one"', 'flag:one "two words"'],
    ['flag:(b|a|"b") flag:(c)', 'flag:(a|b) flag:c'],
    ['flag:(a|"a")', 'flag:a'],
    ['flag:a flag:a -flag:a', 'flag:a -flag:a'],
    ['flag:a**b***', 'flag:a*b*'],
    ['flag:(a**|a*)', 'flag:a*'],
    ['lag:>1.5s lag:>1500ms', 'lag:>1500'],
    [
      'word -word lag:>1 change:2 repeat:true prop.b:1 prop.a:1 mode:x env:p -env:p key:k flag:f',
      'env:p -env:p flag:f key:k mode:x prop.a:1 prop.b:1 repeat:true change:2 lag:>1 word -word',
    ],
    ['change:>5 change:"<5" change:6', 'change:"<5" change:6 change:>5'],
    ['flag:\\"\\\\a', 'flag:"\\"\\\\a"'],
    ['flag:"a*" flag:"a?"', 'flag:"a*" flag:"a?"'],
    ['flag:a\\"\\(\\)\\|\\ \\*\\?\\\\*', 'flag:a\\"\\(\\)\\|\\ \\*\\?\\\\*'],
    ['change:\\>\\>*', 'change:\\>>*'],
    ['flag:("a|b"|"(c")', 'flag:("(c"|"a|b")'],
    ['flag:("a|b")', 'flag:a|b'],
    ['"-a" -"-a" \\(b \\:c "*d"', '"(b" "-a" ":c" *d --a'],
    ['change:>1000000000000000000000000', 'change:>1000000000000000000000000'],
    ['change:>0.00000012', 'change:>0.00000012'],
    ['lag:<-0.0001', 'lag:<0'],
  ])('%s', (typed, canonical) => {
    expect(printFilter(filterOf(typed))).toBe(canonical)
  })
  test('whatever the order of terms and members', () => {
    fc.assert(
      fc.property(filters, fc.infiniteStream(fc.boolean()), (filter, coin) => {
        const mixed = <Item>(items: readonly Item[]) => [...items].sort(() => (coin.next().value ? 1 : -1))
        const terms = mixed([...filter.terms, ...filter.terms]).map((term) =>
          term.kind === 'text' ? { ...term, patterns: mixed([...term.patterns, ...term.patterns]) } : term,
        )
        expect(printFilter({ terms })).toBe(printFilter(filter))
      }),
    )
  })
})

describe('L14 the canonical text reads back as the same filter', () => {
  test('parse(print(f)) = f', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(filterOf(printFilter(filter))).toEqual(filter)
      }),
      { numRuns: 2000 },
    )
  })
  test('whatever was typed', () => {
    fc.assert(
      fc.property(typings, (typed) => {
        const parsed = parseFilter(typed)
        if (parsed.ok) expect(filterOf(printFilter(parsed.value))).toEqual(parsed.value)
      }),
      { numRuns: 5000 },
    )
  })
  test('a literal is printed bare whenever it can be', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bare = parseFilter(`flag:${text}`)
        const [term] = bare.ok && bare.value.terms.length === 1 ? bare.value.terms : []
        const same = term?.kind === 'text' && term.patterns[0]?.kind === 'literal' && term.patterns[0].text === text
        const filter = { terms: [{ kind: 'text', exclude: false, field: 'flag', patterns: [literal(text)] }] } as const
        expect(printFilter(filter).startsWith('flag:"')).toBe(!same)
      }),
    )
  })
})
