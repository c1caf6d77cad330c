import { describe, expect, test } from 'vitest'
import { filterOf } from './arbitraries.fixture.ts'
import type { Pattern, Term } from './filter.ts'

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

test('L2 a - that begins a term excludes, and no other does', () => {
  for (const text of ['-flag:a', '-a', '-"a b"', '-lag:>5', '-flag:(a|b)', '-prop.x:1']) {
    expect(onlyTerm(text).exclude, text).toBe(true)
  }
  expect(onlyTerm('"-x"')).toEqual(word('-x'))
  expect(onlyTerm('\\-x')).toEqual(word('-x'))
  expect(onlyTerm('a-x')).toEqual(word('a-x'))
  expect(onlyTerm('--x')).toEqual({ ...word('-x'), exclude: true })
  expect(patternsOf('flag:-x')).toEqual([literal('-x')])
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
  expect(patternsOf('flag:(a:b|\\||-c|"")')).toEqual([literal(''), literal('|'), literal('-c'), literal('a:b')])
})

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
