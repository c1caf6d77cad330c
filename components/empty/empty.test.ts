import { expect, test } from 'vitest'
import { group, Stage } from '../tail/stage.fixture.ts'
import { emptinessOf } from './emptiness.ts'
import { mostHiding, readWithout } from './without.ts'

const facet = { values: [], other: 0 }
const facets = {
  environments: { values: [['prod', 90]], other: 0 },
  flags: facet,
  treatments: facet,
  labels: facet,
  sdks: facet,
  machines: facet,
} as const

test('Q17 no rows are told as no match only while it is known that nothing matches', () => {
  const stage = new Stage({ link: { text: 'key:x' } })
  expect(emptinessOf(stage.view).kind).toBe('unknown')
  stage.begin()
  stage.hears.facets(facets)
  stage.paint()
  expect(emptinessOf(stage.view)).toEqual({ kind: 'no-match', lastMinute: 90 })
  stage.hears.notice({ kind: 'bus-down', sinceMs: 0 })
  stage.paint()
  expect(emptinessOf(stage.view).kind).toBe('log-away')
  stage.hears.notice({ kind: 'bus-up' })
  stage.lose()
  stage.paint()
  expect(emptinessOf(stage.view)).toEqual({ kind: 'not-connected', offline: false })
  stage.connect()
  stage.hears.refused({ reason: 'unavailable', message: 'not now', retryInMs: 1000 })
  stage.paint()
  expect(emptinessOf(stage.view)).toEqual({ kind: 'refused', message: 'not now' })
})

test('Q17 an empty list that stands still or has no filter is no filter that finds nothing', () => {
  const stage = new Stage()
  stage.begin()
  expect(emptinessOf(stage.view).kind).toBe('quiet')
  stage.store.reader.setPaused(true)
  stage.frame({ matched: 1, sent: 1, rows: [group(2, ['a'])] })
  expect(emptinessOf(stage.view)).toEqual({ kind: 'still', waiting: 1 })
})

test('Q18 the one term that hides most is named, if a single one hides anything, and no answer names none', () => {
  const counts = readWithout({
    without: [
      { term: 'a', matched: 0, of: 9 },
      { term: 'b', matched: 3, of: 9 },
    ],
  })
  expect(counts.ok && mostHiding(counts.value)).toEqual({ term: 'b', matched: 3, of: 9 })
  expect(mostHiding([{ term: 'a', matched: 0, of: 9 }])).toBeUndefined()
  for (const wrong of [null, {}, { without: [{ term: 'a' }] }, { without: 'x' }]) {
    expect(readWithout(wrong)).toEqual({ ok: false, error: 'no-answer' })
  }
})
