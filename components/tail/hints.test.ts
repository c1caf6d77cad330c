import { expect, test } from 'vitest'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Facets } from '../../domain/protocol.ts'
import { Hints } from './hints.ts'
import { at, group, Stage, totals } from './stage.fixture.ts'
import { suggestionsOf } from './suggestions.ts'

const calm = { perSecond: 10, oneIn: 1 }
const sampled = { perSecond: 10_000, oneIn: 10 }

const facets: Facets = {
  environments: { values: [['prod', 600_000]], other: 0 },
  flags: {
    values: [
      ['huge', 400_000],
      ['large', 50_000],
      ['small', 6000],
    ],
    other: 144_000,
  },
  treatments: {
    values: [
      ['on', 540_000],
      ['off', 59_000],
      ['control', 1000],
    ],
    other: 0,
  },
  labels: { values: [], other: 0 },
  sdks: { values: [], other: 0 },
  machines: { values: [], other: 0 },
}

function offered(filter: string): readonly string[] {
  const parsed = parseFilter(filter)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return suggestionsOf(facets, parsed.value).map(({ field, value }) => `${field}:${value}`)
}

test('V8 while rows are sampled the values are offered that bring the most rows of those that can be shown whole', () => {
  expect(offered('')).toEqual(['treatment:off', 'flag:large', 'flag:small'])
  expect(offered('flag:huge')).toEqual(['treatment:off', 'treatment:control', 'treatment:on'])
  const stage = new Stage()
  stage.begin()
  stage.hears.facets(facets)
  stage.clock.turn(1000)
  stage.frame({ ...totals(9000, 900), rows: [group(2, ['a'])] })
  expect(stage.view.notice.text).toContain('Showing about 1 in 10')
  expect(stage.view.notice.offers[0]).toMatchObject({ kind: 'narrow', to: { field: 'treatment', value: 'off' } })
})

test('V9 that every row is shown again, and that rows are too fast to read, is each told once', () => {
  const hints = new Hints()
  expect(hints.look(calm, 0)).toMatchObject({ tooFast: false, everyRowAgain: false })
  expect(hints.look(sampled, 1000)).toMatchObject({ tooFast: true, everyRowAgain: false })
  expect(hints.look(calm, 5000)).toMatchObject({ tooFast: true, everyRowAgain: true })
  expect(hints.look(calm, 16_000)).toMatchObject({ tooFast: false, everyRowAgain: false })
  expect(hints.look(sampled, 17_000)).toMatchObject({ tooFast: false, everyRowAgain: false })
})

test('V10 an SDK in OPTIMIZED mode is named until that is dismissed', () => {
  const stage = new Stage()
  const sent = group(2, ['a'])
  const shared = { ...sent.shared, sdk: 'nodejs', sdkVersion: '11.4.1', impressionsMode: 'OPTIMIZED' } as const
  stage.begin()
  stage.frame({ ...totals(1), cursor: at(2), rows: [{ ...sent, shared }] })
  expect(stage.view.notice.text).toBe(
    'nodejs-11.4.1 runs in OPTIMIZED mode: repeats within an hour are not sent. Showing every row',
  )
  stage.store.dismissHint(['nodejs-11.4.1'])
  expect(stage.view.notice).toMatchObject({ text: 'Showing every row', offers: [] })
})

test('V11 an error of the server can be tried again and copied', () => {
  const stage = new Stage()
  stage.begin()
  stage.hears.refused({ reason: 'unavailable', message: 'The log cannot be read', retryInMs: 60_000 })
  stage.paint()
  const { text, tone, offers } = stage.view.notice
  expect({ text, tone, kinds: offers.map(({ kind }) => kind) }).toEqual({
    text: 'The log cannot be read',
    tone: 'trouble',
    kinds: ['retry', 'copy'],
  })
  expect(offers.find((offer) => offer.kind === 'copy')).toMatchObject({
    details: expect.stringContaining('"reason":"unavailable"'),
  })
  stage.store.retry()
  expect(stage.said.filter(([name]) => name === 'watch')).toHaveLength(2)
})
