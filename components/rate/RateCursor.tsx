import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { Shown } from '../Shown.tsx'
import { TreatmentGlyph } from '../Treatment.tsx'
import { count } from '../tail/numbers.ts'
import { chartSeconds, type RateChart, secondAt, secondOf } from '../tail/rate-chart.ts'
import type { Zone } from '../times.ts'
import { columnShare, columnUnder } from './place.ts'
import { OthersSign } from './RateLegend.tsx'
import { columnText, columnTime, stateWords, totalText } from './words.ts'

type Props = {
  readonly chart: RateChart
  readonly zone: Zone
  /** Keeps the chart still while somebody points at it; for as long as it takes when by keyboard. */
  readonly hold: (wanted: boolean, forLong?: boolean) => void
  readonly show: (second: number) => void
}

const lastColumn = chartSeconds - 1
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }

/** Lies over the bars: says the numbers of the second that is pointed at, and goes to its rows. */
export function RateCursor({ chart, zone, hold, show }: Props) {
  const [second, setSecond] = useState<number>()
  const [brushFrom, setBrushFrom] = useState<number>()
  const column = second === undefined ? undefined : second - secondOf(chart, 0)
  const at = column !== undefined && column >= 0 && column <= lastColumn ? column : undefined
  const point = (next: number, forLong: boolean) => {
    hold(true, forLong)
    setSecond(secondOf(chart, next))
  }
  const leave = () => {
    hold(false)
    setSecond(undefined)
    setBrushFrom(undefined)
  }
  const press = (event: KeyboardEvent) => {
    const next = keyColumn(event.key, at ?? lastColumn)
    if (next !== undefined) point(next, true)
    else if (event.key === 'Escape' && at !== undefined) leave()
    else if ((event.key === 'Enter' || event.key === ' ') && second !== undefined) show(second)
    else return
    event.preventDefault()
  }
  const release = (event: PointerEvent) => {
    if (brushFrom !== undefined) show(secondOf(chart, Math.max(brushFrom, underPointer(event))))
    setBrushFrom(undefined)
  }
  return (
    <div
      role="slider"
      aria-label="Second of the chart"
      aria-valuemin={0}
      aria-valuemax={lastColumn}
      aria-valuenow={at ?? lastColumn}
      aria-valuetext={columnText(chart, at ?? lastColumn, zone)}
      tabIndex={0}
      className="absolute top-0 right-[46px] bottom-4 left-0 cursor-crosshair touch-pan-y -outline-offset-2 max-sm:right-0 max-sm:bottom-0"
      onPointerMove={(event) => point(underPointer(event), false)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setBrushFrom(underPointer(event))
      }}
      onPointerUp={release}
      onPointerLeave={leave}
      onBlur={leave}
      onKeyDown={press}
    >
      {at !== undefined && <Band from={Math.min(brushFrom ?? at, at)} to={Math.max(brushFrom ?? at, at)} />}
      {at !== undefined && <Numbers chart={chart} column={at} zone={zone} />}
    </div>
  )
}

function underPointer(event: PointerEvent): number {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return columnUnder(event.clientX - left, width)
}

function keyColumn(key: string, from: number): number | undefined {
  if (key === 'Home') return 0
  if (key === 'End') return lastColumn
  const step = steps[key]
  return step === undefined ? undefined : Math.min(lastColumn, Math.max(0, from + step))
}

function Band({ from, to }: { readonly from: number; readonly to: number }) {
  const left = columnShare(from) * 100
  return (
    <div
      className="pointer-events-none absolute inset-y-0 min-w-px bg-text/15 ring-1 ring-text/40"
      style={{ left: `${left}%`, width: `${columnShare(to + 1) * 100 - left}%` }}
    />
  )
}

type NumbersProps = { readonly chart: RateChart; readonly column: number; readonly zone: Zone }

/** Hangs below the strip, on the side where there is room. */
function Numbers({ chart, column, zone }: NumbersProps) {
  const { perSeries, state } = secondAt(chart, column)
  const share = columnShare(column)
  const side = share < 0.5 ? { left: `${share * 100}%` } : { right: `${(1 - columnShare(column + 1)) * 100}%` }
  return (
    <div
      aria-hidden="true"
      data-testid="rate-numbers"
      style={side}
      className="pointer-events-none absolute top-[calc(100%+20px)] z-30 min-w-44 max-w-72 rounded-lg border border-edge bg-raised px-3 py-2 text-xs shadow-black/15 shadow-xl max-sm:top-[calc(100%+4px)]"
    >
      <p className="flex justify-between gap-4 tabular-nums">
        <span className="text-muted">{columnTime(chart, column, zone)}</span>
        <b className="font-semibold">{totalText(chart, column)}</b>
      </p>
      {perSeries.map(
        (impressions, place) =>
          impressions > 0 && (
            <p key={chart.names[place] ?? ''} className="flex items-center gap-1.5">
              <Sign name={chart.names[place]} />
              <span className="ml-auto pl-4 tabular-nums">{count(impressions)}</span>
            </p>
          ),
      )}
      {state !== 'known' && <p className="mt-1 text-caution">{stateWords[state]}</p>}
    </div>
  )
}

function Sign({ name }: { readonly name: string | undefined }) {
  return (
    <>
      {name === undefined ? <OthersSign /> : <TreatmentGlyph treatment={name} />}
      <span className="min-w-0 truncate">{name === undefined ? 'other' : <Shown text={name} />}</span>
    </>
  )
}
