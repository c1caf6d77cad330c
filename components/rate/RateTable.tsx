import { count } from '../tail/numbers.ts'
import { chartSeconds, type RateChart, secondAt } from '../tail/rate-chart.ts'
import type { Zone } from '../times.ts'
import { columnTime, seriesName, stateWords, summaryOf, totalText } from './words.ts'

const rows = 10

/** The newest seconds in numbers, and the whole in a sentence, for those who do not see the bars. */
export function RateTable({ chart, zone }: { readonly chart: RateChart; readonly zone: Zone }) {
  const columns = Array.from({ length: rows }, (_, row) => chartSeconds - 1 - row)
  return (
    <div className="sr-only">
      <table>
        <caption>{summaryOf(chart, zone)} The last 10 seconds by treatment, newest first:</caption>
        <thead>
          <tr>
            <th scope="col">Second</th>
            <th scope="col">All</th>
            {chart.counts.map((_, place) => (
              <th key={chart.names[place] ?? ''} scope="col">
                {seriesName(chart, place)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <Second key={column} chart={chart} column={column} zone={zone} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Second({ chart, column, zone }: { readonly chart: RateChart; readonly column: number; readonly zone: Zone }) {
  const { perSeries, state } = secondAt(chart, column)
  return (
    <tr>
      <th scope="row">{columnTime(chart, column, zone)}</th>
      <td>{state === 'known' ? totalText(chart, column) : `${totalText(chart, column)}, ${stateWords[state]}`}</td>
      {perSeries.map((impressions, place) => (
        <td key={chart.names[place] ?? ''}>{count(impressions)}</td>
      ))}
    </tr>
  )
}
