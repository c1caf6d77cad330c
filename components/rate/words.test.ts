import { expect, test } from 'vitest'
import { chartSeconds, type RateChart } from '../tail/rate-chart.ts'
import { runsOf, stackOf, topOf } from './stack.ts'
import { columnText, summaryOf, totalText } from './words.ts'

const lastS = 1_800_000_000
const last = chartSeconds - 1

function chartOf(numbers: Readonly<Record<string, number>>, state: RateChart['states'][number] = 'known'): RateChart {
  const names = Object.keys(numbers).filter((name) => name !== 'other')
  const series = [...names, 'other'].map((name) =>
    Array.from({ length: chartSeconds }, (_, column) => (column === last ? (numbers[name] ?? 0) : 0)),
  )
  const states = Array.from({ length: chartSeconds }, (_, column) => (column === last ? state : 'known'))
  return { untilS: lastS, names, counts: series, states, treatments: new Set(names) }
}

test('V24 a second of which not all is known is never told as a plain number', () => {
  const text = (chart: RateChart) => columnText(chart, last, 'utc')
  expect(text(chartOf({ on: 800, off: 404 }))).toBe('08:00:00: 1,204 impressions; on 800, off 404')
  expect(text(chartOf({}))).toBe('08:00:00: 0 impressions')
  expect(text(chartOf({ on: 6 }, 'gap'))).toBe(
    '08:00:00: at least 6 impressions, not all of it is known by the second; on 6',
  )
  expect(text(chartOf({}, 'lost'))).toBe('08:00:00: not connected')
  expect(totalText(chartOf({}, 'unwatched'), last)).toBe('–')
  expect(summaryOf(chartOf({ on: 7 }), 'utc')).toContain('the busiest second was 08:00:00 with 7')
})

test('V5 what is drawn is stacked from the first treatment up, with the others on top', () => {
  const chart = chartOf({ on: 50, off: 30, other: 5 })
  expect(stackOf(chart).map((series) => series[last])).toEqual([85, 80, 80, 80, 80, 50])
  expect(topOf(chart)).toBe(100)
  expect(topOf(chartOf({}))).toBe(5)
  expect(runsOf(chartOf({}, 'lost'))).toEqual([{ from: last, to: last, state: 'lost' }])
})
