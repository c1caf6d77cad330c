import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame, Start, TreatmentTotals } from '../../domain/protocol.ts'
import { chartSeconds, chooseNames, lately, type RateChart, secondAt, secondOf } from './rate-chart.ts'
import { RateHistory } from './rate-history.ts'
import { at, group, onlyOn } from './stage.fixture.ts'

const openedMs = 2_000_000_000
const openedS = openedMs / 1000

function startOf(parts: Partial<Start> = {}): Start {
  const rows = parts.rows?.flatMap(({ flags }) => flags.flatMap((flag) => flag.rows)).length ?? 0
  return {
    ...{ revision: 1, tail: 't1', sequence: 0, matched: 0, sent: 0, perTreatment: onlyOn(0), cursor: at(1) },
    ...{ environments: [], unknownEnvironments: [], rows: [], complete: true, gaps: [] },
    replayed: { matched: rows, perTreatment: onlyOn(rows) },
    ...parts,
  }
}

function frameOf(perTreatment: TreatmentTotals, parts: Partial<Frame> = {}): Frame {
  const matched = perTreatment.counts.reduce((sum, [, count]) => sum + count, perTreatment.other)
  return { tail: 't1', sequence: 1, matched, sent: 0, perTreatment, cursor: at(2), rows: [], ...parts }
}

function received(receptionMs: number, rows: number, offset = 1): Start['rows'][number] {
  const made = group(
    offset,
    Array.from({ length: rows }, (_, index) => `k${index}`),
  )
  return { ...made, shared: { ...made.shared, receptionTimestamp: receptionMs } }
}

/** The seconds that are not simply 0, counted from when the page was opened: what they say, and how well it is known. */
function told(chart: RateChart): Record<number, number | string> {
  const seconds: Record<number, number | string> = {}
  for (let column = 0; column < chartSeconds; column++) {
    const { total, state } = secondAt(chart, column)
    const second = secondOf(chart, column) - openedS
    if (state === 'gap' || state === 'lost') seconds[second] = total > 0 ? `${state} ${total}` : state
    else if (total > 0) seconds[second] = total
  }
  return seconds
}

test('V1 each second of the chart has exactly what the totals counted in it, however few rows were sent', () => {
  const frame = fc.record({
    afterMs: fc.integer({ min: 0, max: 1500 }),
    on: fc.nat(900),
    off: fc.nat(900),
    other: fc.nat(9),
  })
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
      const history = new RateHistory()
      history.begin(startOf(), openedMs)
      const expected: Record<number, number> = {}
      let nowMs = openedMs
      const [on, off, other] = [0, 0, 0]
      const totals = { on, off, other }
      for (const one of frames) {
        nowMs += one.afterMs
        totals.on += one.on
        totals.off += one.off
        totals.other += one.other
        const counts: TreatmentTotals['counts'] = [
          ['on', totals.on],
          ['off', totals.off],
        ]
        history.hear(frameOf({ counts, other: totals.other }), nowMs)
        const second = Math.floor(nowMs / 1000) - openedS
        const came = one.on + one.off + one.other
        if (came > 0) expected[second] = (expected[second] ?? 0) + came
      }
      expect(told(history.chart(nowMs))).toEqual(expected)
    }),
  )
})

test('V2 what came before the page looked is placed by its reception, where all of its second is known', () => {
  const rows = [received(openedMs - 9500, 3), received(openedMs - 4500, 2), received(openedMs - 500, 7)]
  const history = new RateHistory()
  history.begin(startOf({ rows }), openedMs)
  expect(told(history.chart(openedMs))).toEqual({ [-10]: 3, [-5]: 2, [-1]: 7 })
  history.begin(startOf({ rows, complete: false }), openedMs)
  const chart = history.chart(openedMs)
  expect(told(chart)).toEqual({ [-5]: 2, [-1]: 7 })
  expect(secondAt(chart, chartSeconds - 11).state).toBe('unwatched')
  expect(secondAt(chart, chartSeconds - 10).state).toBe('known')
})

test('V2 a server whose clock is ahead places nothing in the future', () => {
  const history = new RateHistory()
  history.begin(startOf({ rows: [received(openedMs + 55_000, 3), received(openedMs + 60_000, 2)] }), openedMs)
  expect(told(history.chart(openedMs))).toEqual({ [-5]: 3, 0: 2 })
})

test('V3 after a break what was missed is placed by its reception; what cannot be placed is a gap and never a bar', () => {
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  history.hear(frameOf(onlyOn(5)), openedMs + 1000)
  history.lose(openedMs + 2000)
  expect(told(history.chart(openedMs + 4000))).toEqual({ 1: 5, 2: 'lost', 3: 'lost', 4: 'lost' })
  const backMs = openedMs + 8000
  history.resume(startOf({ tail: 't7', rows: [received(openedMs + 5000, 3), received(openedMs + 7000, 4)] }), backMs)
  expect(told(history.chart(backMs))).toEqual({ 1: 5, 5: 3, 7: 4 })
  history.lose(backMs)
  const replayed = { matched: 7000, perTreatment: onlyOn(7000) }
  history.resume(startOf({ tail: 't8', rows: [received(backMs + 2000, 6)], replayed }), backMs + 3000)
  expect(told(history.chart(backMs + 3000))).toEqual({ 1: 5, 5: 3, 7: 4, 8: 'gap', 9: 'gap', 10: 'gap 6' })
})

test('V3 totals that come after a silence belong to no second in particular', () => {
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  history.hear(frameOf(onlyOn(5)), openedMs + 1000)
  history.hear(frameOf(onlyOn(900)), openedMs + 20_000)
  history.hear(frameOf(onlyOn(910)), openedMs + 21_000)
  const seconds = told(history.chart(openedMs + 21_000))
  expect(seconds[1]).toBe('gap 5')
  expect(seconds[20]).toBe('gap')
  expect(seconds[21]).toBe(10)
})

test('V3 frames that waited in a sleeping machine are counted in the seconds of which they tell', () => {
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  for (let second = 1; second <= 12; second++) {
    const heardMs = openedMs + 1000 * (second <= 4 ? second : 30) + 500
    const rows = [received(openedMs + 1000 * second + 480, 1, second)]
    history.hear(frameOf(onlyOn(second * 10), { rows }), heardMs)
  }
  const seconds = told(history.chart(openedMs + 30_500))
  expect(Object.values(seconds)).toEqual(Array.from({ length: 12 }, () => 10))
  expect(seconds[12]).toBe(10)
})

test('V4 the chart goes on while rows are on hold, and nothing is counted twice when they come', () => {
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  history.hear(frameOf(onlyOn(5)), openedMs + 1000)
  history.hear(frameOf(onlyOn(25), { cursor: [] }), openedMs + 2000)
  history.hear(frameOf(onlyOn(55), { cursor: [] }), openedMs + 3000)
  const rows = [received(openedMs + 2500, 50)]
  history.resume(startOf({ perTreatment: onlyOn(57), matched: 57, rows }), openedMs + 3500)
  expect(told(history.chart(openedMs + 3500))).toEqual({ 1: 5, 2: 20, 3: 32 })
})

test('V4 a connection that is lost on hold leaves a gap only where counts are not known', () => {
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  history.hear(frameOf(onlyOn(5)), openedMs + 1000)
  history.hear(frameOf(onlyOn(25), { cursor: [] }), openedMs + 2000)
  history.lose(openedMs + 2500)
  const rows = [received(openedMs + 1500, 20), received(openedMs + 6000, 4)]
  history.resume(startOf({ tail: 't9', rows }), openedMs + 9000)
  expect(told(history.chart(openedMs + 9000))).toEqual({ 1: 5, 2: 20, 6: 4 })
})

test('V5 treatments keep their places in the chart, and what is not told apart is drawn together', () => {
  const sizes = (entries: Record<string, number>) => new Map(Object.entries(entries))
  const first = chooseNames(sizes({ on: 50, off: 40, a: 30, b: 20, c: 10, d: 9 }), [])
  expect(first).toEqual(['on', 'off', 'a', 'b', 'c'])
  expect(chooseNames(sizes({ on: 9, off: 40, a: 30, b: 20, c: 10, d: 12 }), first)).toEqual(first)
  expect(chooseNames(sizes({ on: 50, off: 40, b: 20, c: 10, d: 9 }), first)).toEqual(['on', 'off', 'b', 'c', 'd'])
  expect(chooseNames(sizes({ on: 50, off: 40, a: 30, b: 20, c: 10, d: 16 }), first)).toEqual([
    'on',
    'off',
    'a',
    'b',
    'd',
  ])
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  const counts = ['on', 'off', 'a', 'b', 'c', 'd', 'e'].map((name, index) => [name, 100 - index] as const)
  history.hear(frameOf({ counts, other: 3 }), openedMs + 500)
  expect(lately(history.chart(openedMs + 500), 10)).toEqual([100, 99, 98, 97, 96, 95 + 94 + 3])
})

test('V6 there is at most one chart a second to draw, however many frames come', () => {
  const history = new RateHistory()
  history.begin(startOf(), openedMs)
  const charts = new Set<RateChart>()
  for (let index = 1; index <= 300; index++) {
    history.hear(frameOf(onlyOn(index)), openedMs + index * 10)
    charts.add(history.chart(openedMs + index * 10))
  }
  expect(charts.size).toBeLessThanOrEqual(4)
})
