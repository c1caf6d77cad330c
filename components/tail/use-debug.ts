import { useEffect } from 'react'
import type { Gauge } from './gauge.ts'
import type { TailStore } from './store.ts'

type Figures = Readonly<
  Record<'matched' | 'held' | 'evicted' | 'sampledOut' | 'skipped' | 'missed' | 'paints', number>
> &
  Pick<Gauge, 'paintMs' | 'takes'>

declare global {
  interface Window {
    /** The books, the number of paints and what they cost, for tests: only under `?debug`. */
    __flagtail?: Figures
  }
}

/** Shows the store's figures to tests that ask for them by `?debug`. */
export function useDebug(store: TailStore): void {
  useEffect(() => {
    if (!new URLSearchParams(window.location.search).has('debug')) return
    Object.defineProperty(window, '__flagtail', {
      configurable: true,
      get: (): Figures => {
        const { books, paints } = store.view()
        const { matched, held, evicted, sampledOut, skipped, missed } = books
        const { paintMs, takes } = store.gauge
        return { matched, held, evicted, sampledOut, skipped, missed: missed.impressions, paints, paintMs, takes }
      },
    })
  }, [store])
}
