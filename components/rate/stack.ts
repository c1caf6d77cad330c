import {
  chartSeconds,
  chartSeries,
  peakColumn,
  type RateChart,
  type SecondState,
  secondAt,
} from '../tail/rate-chart.ts'

/** Columns next to each other that are in the same state; both ends included. */
export type Run = { readonly from: number; readonly to: number; readonly state: SecondState }

/**
 * What is drawn, from the back to the front: the sum of all series first, then without the topmost, and so on. There are
 * always as many series as there are places, so that a new treatment needs no other plot.
 */
export function stackOf({ counts }: RateChart): readonly (readonly number[])[] {
  const places = Array.from({ length: chartSeries + 1 }, (_, place) => seriesAt(counts, place))
  const sums = places.map((_, place) => places[0]?.map((_, column) => sumUpTo(places, place, column)) ?? [])
  return sums.reverse()
}

const nothing: readonly number[] = Array.from({ length: chartSeconds }, () => 0)

/** The others are always in the last place, whether or not those before are taken. */
function seriesAt(counts: RateChart['counts'], place: number): readonly number[] {
  if (place === chartSeries) return counts.at(-1) ?? nothing
  return place < counts.length - 1 ? (counts[place] ?? nothing) : nothing
}

function sumUpTo(places: readonly (readonly number[])[], place: number, column: number): number {
  let sum = 0
  for (let index = 0; index <= place; index++) sum += places[index]?.[column] ?? 0
  return sum
}

/** The top of the scale: the next of 1, 2 or 5 times a power of ten, and never less than 5. */
export function topOf(chart: RateChart): number {
  const most = secondAt(chart, peakColumn(chart)).total
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)))
  const step = [1, 2, 5, 10].find((one) => one * power >= most) ?? 10
  return Math.max(5, step * power)
}

/** Where the chart is not simply known. */
export function runsOf({ states }: RateChart): readonly Run[] {
  const runs: Run[] = []
  for (const [column, state] of states.entries()) {
    const last = runs.at(-1)
    if (last?.state === state && last.to === column - 1) runs[runs.length - 1] = { ...last, to: column }
    else if (state !== 'known') runs.push({ from: column, to: column, state })
  }
  return runs
}
