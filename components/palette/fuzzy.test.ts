import { expect, test } from 'vitest'
import { fuzzyMatch } from './fuzzy.ts'

const rank = (query: string, texts: readonly string[]) =>
  texts
    .flatMap((text) => {
      const match = fuzzyMatch(query, text)
      return match ? [{ text, score: match.score }] : []
    })
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text)

test('W7 what was typed is found in order, in any case, and best where words begin', () => {
  expect(rank('pr', ['Filter by flag checkout_redesign', 'Pause or resume', 'Watch only prod'])).toEqual([
    'Watch only prod',
    'Pause or resume',
  ])
  expect(rank('watch PROD', ['Watch only prod', 'Watch only stage', 'Watch only pre-prod'])[0]).toBe('Watch only prod')
  expect(fuzzyMatch('flag cr', 'Filter by flag checkout_redesign')?.marks).toEqual([10, 11, 12, 13, 15, 24])
  expect(fuzzyMatch('zz', 'Pause')).toBeUndefined()
  expect(fuzzyMatch('', 'Pause')).toEqual({ score: 0, marks: [] })
})
