import { lazy, Suspense } from 'react'
import type { RateStripProps } from './RateStrip.tsx'

/** Loaded after the page, with the library that draws. */
const RateStrip = lazy(() => import('./RateStrip.tsx').then((module) => ({ default: module.RateStrip })))

/** The place of the chart, which has its height before the chart is there. */
export function Rate(props: RateStripProps) {
  return (
    <div className="h-[72px] shrink-0 border-line border-b max-sm:h-10">
      <Suspense fallback={null}>
        <RateStrip {...props} />
      </Suspense>
    </div>
  )
}
