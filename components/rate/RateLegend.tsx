import { Shown } from '../Shown.tsx'
import { TreatmentGlyph } from '../Treatment.tsx'
import { count } from '../tail/numbers.ts'
import { lately, type RateChart } from '../tail/rate-chart.ts'
import { visibleText } from '../visible-text.ts'

/** Long enough to say something, short enough to see a change take. */
const seconds = 10

/** Which sign is which treatment, and the share that each had just now. */
export function RateLegend({ chart }: { readonly chart: RateChart }) {
  const recent = lately(chart, seconds)
  const total = recent.reduce((sum, impressions) => sum + impressions, 0)
  const hasOthers = chart.counts.at(-1)?.some((impressions) => impressions > 0)
  return (
    <div className="flex w-[248px] shrink-0 items-center border-line border-r px-3 text-xs max-wide:w-[208px] max-sm:hidden">
      {chart.names.length === 0 && !hasOthers ? (
        <p className="text-muted">
          {chart.states.every((state) => state === 'known') ? 'No match in the last 5 minutes' : 'No match seen yet'}
        </p>
      ) : (
        <ul
          aria-label={`Share of each treatment in the last ${seconds} seconds`}
          className="grid w-full grid-flow-col grid-cols-2 grid-rows-3 gap-x-4"
        >
          {chart.names.map((name, place) => (
            <Share key={name} name={name} impressions={recent[place] ?? 0} total={total} />
          ))}
          {hasOthers && <Share name={undefined} impressions={recent.at(-1) ?? 0} total={total} />}
        </ul>
      )}
    </div>
  )
}

type ShareProps = { readonly name: string | undefined; readonly impressions: number; readonly total: number }

function Share({ name, impressions, total }: ShareProps) {
  const words = name === undefined ? 'All others' : visibleText(name)
  return (
    <li
      className="flex h-5 min-w-0 items-center gap-1.5"
      title={`${words}: ${count(impressions)} of ${count(total)} in the last ${seconds} s`}
    >
      {name === undefined ? <OthersSign /> : <TreatmentGlyph treatment={name} />}
      <span className={`min-w-0 flex-1 truncate ${name === undefined ? 'text-muted' : ''}`}>
        {name === undefined ? 'other' : <Shown text={name} />}
      </span>
      <span className="shrink-0 text-muted tabular-nums">{share(impressions, total)}</span>
    </li>
  )
}

/** Striped, as in the chart. */
export function OthersSign() {
  return (
    <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0 text-muted">
      <path d="M0 4L4 0M0 10L10 0M6 10l4-4" stroke="currentColor" strokeWidth="1.800" />
    </svg>
  )
}

/** A share that is not nothing is never told as 0, and one that is not all never as 100. */
function share(impressions: number, total: number): string {
  if (total === 0) return '–'
  const percent = (100 * impressions) / total
  if (percent > 0 && percent < 1) return '<1 %'
  if (percent < 100 && percent > 99) return '>99 %'
  return `${Math.round(percent)} %`
}
