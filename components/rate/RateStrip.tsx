import { memo, useEffect, useState } from 'react'
import { Icon } from '../Icon.tsx'
import type { RateChart } from '../tail/rate-chart.ts'
import type { Zone } from '../times.ts'
import { RateCursor } from './RateCursor.tsx'
import { RateLegend } from './RateLegend.tsx'
import { RatePlot } from './RatePlot.tsx'
import { RateTable } from './RateTable.tsx'

export type RateStripProps = {
  readonly chart: RateChart
  readonly zone: Zone
  /** Stands still at the newest row of a second. */
  readonly show: (second: number) => void
  readonly hide: () => void
}

const stillMs = 4000

/** How many came in each second of the last five minutes, by treatment; now is at the right. */
export const RateStrip = memo(function RateStrip({ chart, zone, show, hide }: RateStripProps) {
  const [still, hold] = useStill(chart)
  const shown = still ?? chart
  return (
    <section aria-label="Rate" className="flex h-full">
      <RateLegend chart={chart} />
      <div className="relative min-w-0 flex-1">
        <RatePlot chart={shown} zone={zone} />
        <RateCursor chart={shown} zone={zone} hold={hold} show={show} />
      </div>
      <button
        type="button"
        aria-label="Hide the chart"
        title="Hide the chart (t)"
        onClick={hide}
        className="mt-1 mr-2 inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text max-sm:hidden"
      >
        <Icon name="up" className="size-3.5" />
      </button>
      <RateTable chart={chart} zone={zone} />
    </section>
  )
})

/** Under the pointer the chart stands still, until it has left or has rested for a while. */
function useStill(chart: RateChart): readonly [RateChart | undefined, (wanted: boolean, forLong?: boolean) => void] {
  const [still, setStill] = useState<{ readonly chart: RateChart; readonly untilMs: number }>()
  useEffect(() => {
    if (!still || still.untilMs === Number.POSITIVE_INFINITY) return
    const timer = setTimeout(() => setStill(undefined), still.untilMs - Date.now())
    return () => clearTimeout(timer)
  }, [still])
  const hold = (wanted: boolean, forLong = false) =>
    setStill((before) =>
      wanted
        ? { chart: before?.chart ?? chart, untilMs: forLong ? Number.POSITIVE_INFINITY : Date.now() + stillMs }
        : undefined,
    )
  return [still?.chart, hold]
}
