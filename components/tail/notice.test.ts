import { expect, test } from 'vitest'
import { emptyBooks } from '../../domain/ledger.ts'
import { type NoticeFacts, noticeOf } from './notice.ts'

function textOf(facts: Partial<NoticeFacts>): string {
  const connection = { kind: 'connected', sinceMs: 0 } as const
  const rate = { perSecond: 0, oneIn: 1 }
  const began = { atMs: 0, backfilled: 0, older: false }
  const still = {
    began,
    said: [],
    unknownEnvironments: [],
    holding: false,
    capacity: 50_000,
    suggestions: [],
    hints: { optimized: [], tooFast: false, everyRowAgain: false },
    rowIsGone: false,
    nowMs: 5000,
  }
  return noticeOf({ connection, rate, books: emptyBooks, ...still, ...facts }).text
}

test('U36 the notice always says whether every row is shown, and what keeps it from being so', () => {
  expect(textOf({})).toBe('Showing every row')
  expect(textOf({ rate: { perSecond: 10_012, oneIn: 5.02 } })).toBe(
    'Showing about 1 in 5 of 10,012/s. Counts and chart are exact. Narrow the filter to see every row.',
  )
  expect(textOf({ rate: { perSecond: 1250, oneIn: 1.25 } })).toContain('about 80 % of 1,250/s')
  expect(textOf({ books: { ...emptyBooks, sampledOut: 9402, missed: { impressions: 3210, unknown: 1 } } })).toBe(
    'Showing every row again. Earlier: 3,210 impressions missed in gaps, 1 gap of unknown size, 9,402 rows sampled out.',
  )
  expect(textOf({ books: { ...emptyBooks, evicted: 1 } })).toBe('Showing every row. The newest 50,000 are kept.')
  const began = { atMs: 0, backfilled: 500, older: true }
  expect(textOf({ began })).toMatch(/^Showing every row since \d\d:\d\d:\d\d, and the newest 500 of before$/)
  expect(textOf({ holding: true })).toContain('Rows wait on the server')
})

test('U37 what is worse comes first: a refusal, then a lost connection, then sampling', () => {
  const refusal = { reason: 'full', message: 'Server full (5,000 viewers)', retryInMs: 1 } as const
  const connection = { kind: 'reconnecting', sinceMs: 0, tries: 1 } as const
  const rate = { perSecond: 10_000, oneIn: 5 }
  expect(textOf({ refusal, connection, rate })).toBe('Server full (5,000 viewers)')
  expect(textOf({ connection, rate })).toContain('Not connected')
  expect(textOf({ said: [{ kind: 'bus-down', sinceMs: 1000 }], rate })).toContain('cut off from its log for 4 s')
  expect(textOf({ unknownEnvironments: ['prd'] })).toContain('called prd')
})
