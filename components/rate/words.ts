import { count } from '../tail/numbers.ts'
import { chartSeconds, peakColumn, type RateChart, type SecondState, secondAt, secondOf } from '../tail/rate-chart.ts'
import { timeOfDay, type Zone } from '../times.ts'
import { visibleText } from '../visible-text.ts'

/** What a state means, in words; nothing where there is nothing to say. */
export const stateWords: Readonly<Record<SecondState, string>> = {
  known: '',
  unwatched: 'not watched yet',
  gap: 'not all of it is known by the second',
  lost: 'not connected',
}

/** `14:02:11` of a column. */
export function columnTime(chart: RateChart, column: number, zone: Zone): string {
  return timeOfDay(secondOf(chart, column) * 1000, zone).slice(0, 8)
}

/** How many came in a second: exactly, or at least, or that nobody knows. */
export function totalText(chart: RateChart, column: number): string {
  const { total, state } = secondAt(chart, column)
  if (state === 'known') return count(total)
  return total > 0 ? `at least ${count(total)}` : '–'
}

/** Everything that a second says: `14:02:11: 1,204 impressions; on 800, off 404`. */
export function columnText(chart: RateChart, column: number, zone: Zone): string {
  const { total, perSeries, state } = secondAt(chart, column)
  const parts = perSeries.flatMap((impressions, place) =>
    impressions > 0 ? `${seriesName(chart, place)} ${count(impressions)}` : [],
  )
  const amount = `${totalText(chart, column)} ${total === 1 ? 'impression' : 'impressions'}`
  const said = [state === 'known' || total > 0 ? amount : '', stateWords[state]].filter((part) => part !== '')
  return [`${columnTime(chart, column, zone)}: ${said.join(', ')}`, parts.join(', ')]
    .filter((part) => part !== '')
    .join('; ')
}

/** The name of a place in the stack. */
export function seriesName({ names }: RateChart, place: number): string {
  const name = names[place]
  return name === undefined ? 'other' : visibleText(name)
}

/** The chart in a sentence, for those who do not see it. */
export function summaryOf(chart: RateChart, zone: Zone): string {
  const last = totalText(chart, chartSeconds - 2)
  const peak = peakColumn(chart)
  const busiest =
    peak === -1
      ? 'nothing came'
      : `the busiest second was ${columnTime(chart, peak, zone)} with ${count(secondAt(chart, peak).total)}`
  return `Impressions per second in the last 5 minutes: ${last} in the last second, ${busiest}.`
}
