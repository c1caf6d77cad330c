import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterOf, filters, texts, typings } from './arbitraries.fixture.ts'
import type { Pattern } from './filter.ts'
import { parseFilter } from './parse.ts'
import { printFilter } from './print.ts'

const literal = (text: string): Pattern => ({ kind: 'literal', text })

describe('canonical text', () => {
  const cases = [
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
    ['change:(">5"|\\<a*)', 'change:(>5|\\<a*)'],
    ['change:\\>\\>*', 'change:\\>>*'],
    ['flag:("a|b"|"(c")', 'flag:("(c"|"a|b")'],
    ['flag:("a|b")', 'flag:a|b'],
    ['"-a" -"-a" \\(b \\:c "*d"', '"(b" "-a" ":c" *d --a'],
    ['change:>1000000000000000000000000', 'change:>1000000000000000000000000'],
    ['change:>0.00000012', 'change:>0.00000012'],
    ['lag:<-0.0001', 'lag:<0'],
  ] as const
  test('L13 filters that say the same, term by term, have the same canonical text', () => {
    for (const [typed, canonical] of cases) expect(printFilter(filterOf(typed)), typed).toBe(canonical)
  })
  test('it does not depend on the order of terms and members', () => {
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

  test('L14 the canonical text reads back as the same filter', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(filterOf(printFilter(filter))).toEqual(filter)
      }),
      { numRuns: 2000 },
    )
  })
  test('whatever was typed, it reads back as the same filter', () => {
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
