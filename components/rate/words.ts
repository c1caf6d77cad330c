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

/** Everything that a second says: `14:02:11: 1,204 impressions; on 800, off 404`. */
export function columnText(chart: RateChart, column: number, zone: Zone): string {
  const { total, perSeries, state } = secondAt(chart, column)
  const parts = perSeries.flatMap((impressions, place) =>
    impressions > 0 ? `${seriesName(chart, place)} ${count(impressions)}` : [],
  )
  const known = state === 'known' ? '' : `, ${stateWords[state]}`
  const what = `${columnTime(chart, column, zone)}: ${count(total)} ${total === 1 ? 'impression' : 'impressions'}${known}`
  return parts.length > 0 ? `${what}; ${parts.join(', ')}` : what
}

/** The name of a place in the stack. */
export function seriesName({ names }: RateChart, place: number): string {
  const name = names[place]
  return name === undefined ? 'other' : visibleText(name)
}

/** The chart in a sentence, for those who do not see it. */
export function summaryOf(chart: RateChart, zone: Zone): string {
  const last = secondAt(chart, chartSeconds - 2).total
  const peak = peakColumn(chart)
  const busiest =
    peak === -1
      ? 'nothing came'
      : `the busiest second was ${columnTime(chart, peak, zone)} with ${count(secondAt(chart, peak).total)}`
  return `Impressions per second in the last 5 minutes: ${count(last)} in the last second, ${busiest}.`
}
