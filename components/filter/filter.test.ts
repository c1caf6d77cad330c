import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { filterOf, typings } from '../../domain/filter/arbitraries.fixture.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { readTokens } from '../../domain/filter/tokens.ts'
import {
  chipsOf,
  completeWith,
  type Draft,
  draftAtEnd,
  editChip,
  flipChip,
  leaveDraft,
  rawOf,
  removeChip,
  typeInto,
} from './draft.ts'
import { recentQueries, rememberQuery } from './recent-queries.ts'
import { suggestionsFor } from './suggestions.ts'

/** A draft as it looks: chips in brackets, the raw part between bars. */
function look(draft: Draft): string {
  const { before, after } = chipsOf(draft)
  const shown = (chips: typeof before) =>
    chips.map(({ typed, read }) => ('error' in read ? `[!${typed}]` : `[${typed}]`))
  return [...shown(before), `|${rawOf(draft)}|`, ...shown(after)].join(' ')
}

/** Types one character after the other at the caret, as a person does. */
function typeAll(draft: Draft, text: string): Draft {
  let [now, caret] = [draft, rawOf(draft).length]
  for (const character of text) {
    const raw = rawOf(now)
    const next = typeInto(now, raw.slice(0, caret) + character + raw.slice(caret), caret + character.length)
    now = next.draft
    caret = next.caret
  }
  return now
}

test('Q8 whole terms become chips as they are typed or pasted, and the text stays exactly what was typed', () => {
  const empty = draftAtEnd('')
  expect(look(typeAll(empty, 'flag:a -key:b'))).toBe('[flag:a] |-key:b|')
  expect(look(typeAll(empty, 'label:"default rule" x'))).toBe('[label:"default rule"] |x|')
  expect(look(typeAll(empty, 'flga:x flag:(a | b)  '))).toBe('[!flga:x] [flag:(a | b)] ||')
  expect(look(typeInto(empty, 'flag:a key:b on', 15).draft)).toBe('[flag:a] [key:b] |on|')
  expect(look(typeInto(empty, 'flag:a key:b on', 9).draft)).toBe('[flag:a] |key:b| [on]')
  expect(typeAll(draftAtEnd('flag:a'), 'x').text).toBe('flag:a x')
  expect(typeAll(draftAtEnd('a\\ '), 'x').text).toBe('a\\  x')
  fc.assert(
    fc.property(typings, (text) => {
      expect(typeInto(empty, text, text.length).draft.text).toBe(text)
      expect(typeAll(empty, text).text.replaceAll(/\s+/g, ' ')).toBe(text.replaceAll(/\s+/g, ' '))
    }),
    { numRuns: 500 },
  )
})

test('Q9 a chip is edited in its place, taken away, and what is left unfinished without a value says nothing', () => {
  const draft = draftAtEnd('flag:a key:b on')
  const [, key] = readTokens(draft.text)
  if (!key) throw new Error('no second term')
  expect(look(editChip(draft, key))).toBe('[flag:a] |key:b| [on]')
  expect(look(typeInto(editChip(draft, key), 'key:bob', 7).draft)).toBe('[flag:a] |key:bob| [on]')
  expect(typeInto(editChip(draft, key), '', 0).draft.text).toBe('flag:a  on')
  expect(look(removeChip(draft, key))).toBe('[flag:a] [on] ||')
  expect(look(removeChip(typeAll(draft, ' lab'), key))).toBe('[flag:a] [on] |lab|')
  expect(look(flipChip(editChip(draft, key), { start: 0, end: 6 }))).toBe('[-flag:a] |key:b| [on]')
  expect(look(flipChip(editChip(draft, key), { start: 13, end: 15 }))).toBe('[flag:a] |key:b| [-on]')
  expect(look(leaveDraft(typeAll(draftAtEnd('flag:a '), 'label:')))).toBe('[flag:a] ||')
  expect(look(leaveDraft(typeAll(draftAtEnd('flag:a '), 'label:"x')))).toBe('[flag:a] [!label:"x] ||')
  expect(look(completeWith(typeAll(draft, ' tre'), 'treatment:on'))).toBe('[flag:a] [key:b] [on] [treatment:on] ||')
})

const facts = {
  facets: {
    environments: { values: [['e1', 9]], other: 0 },
    flags: {
      values: [
        ['checkout', 5],
        ['search "new"', 4],
      ],
      other: 0,
    },
    treatments: {
      values: [
        ['on', 7],
        ['control', 2],
      ],
      other: 0,
    },
    labels: { values: [['not ready', 2]], other: 0 },
    sdks: { values: [], other: 0 },
    machines: { values: [], other: 0 },
  },
  environments: [{ id: 'e1', name: 'Production' }],
  filter: filterOf(''),
} as const

function offered(raw: string, recent: readonly string[] = []): readonly string[] {
  return suggestionsFor(raw, facts, recent).flatMap(({ suggestions }) =>
    suggestions.map((one) =>
      one.kind === 'query' ? one.text : `${one.raw}${'impressions' in one ? ` ${one.impressions}` : ''}`,
    ),
  )
}

test('Q10 fields are suggested, then values with their counts of the last minute, then what was asked before', () => {
  expect(offered('').slice(0, 3)).toEqual(['flag:', 'key:', 'treatment:'])
  expect(offered('', ['flag:x'])).toContain('flag:x')
  expect(offered('-s')).toEqual(['-sdk:', '-source:', '-flag:"search \\"new\\"" 4'])
  expect(offered('con', ['treatment:control', 'flag:x'])).toEqual(['treatment:control 2', 'treatment:control'])
  expect(offered('flag:')).toEqual(['flag:checkout 5', 'flag:"search \\"new\\"" 4'])
  expect(offered('flag:checkout')).toEqual([])
  expect(offered('-treatment:(on|c')).toEqual(['-treatment:(on|control) 2'])
  expect(offered('label:"not')).toEqual(['label:"not ready" 2'])
  expect(offered('env:prod')).toEqual(['env:Production 9'])
  expect(offered('mode:d')).toEqual(['mode:OPTIMIZED', 'mode:DEBUG'])
  for (const raw of ['', 'f', 'flag:', 'flag:(a|', 'label:', '-e']) {
    for (const text of offered(raw)) {
      const term = text.replace(/ \d+$/, '')
      if (!term.endsWith(':') && !term.endsWith('.')) expect(parseFilter(term).ok, term).toBe(true)
    }
  }
})

test('Q14 the last eight filters that were used are offered again, the newest first, and no mistake is among them', () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  })
  for (let index = 1; index <= 10; index++) rememberQuery(`flag:f${index}`)
  for (const text of [' flag:f4 ', 'flga:x', '  ']) rememberQuery(text)
  expect(recentQueries()).toEqual([4, 10, 9, 8, 7, 6, 5, 3].map((index) => `flag:f${index}`))
  kept.set('flagtail-queries', '[3, "flag:a"]')
  expect(recentQueries()).toEqual(['flag:a'])
})
