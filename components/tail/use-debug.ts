import { useEffect } from 'react'
import type { TailStore } from './store.ts'

declare global {
  interface Window {
    /** The books and the number of paints, for tests: only under `?debug`. */
    __flagtail?: Readonly<
      Record<'matched' | 'held' | 'evicted' | 'sampledOut' | 'skipped' | 'missed' | 'paints', number>
    >
  }
}

/** Shows the store's figures to tests that ask for them by `?debug`. */
export function useDebug(store: TailStore): void {
  useEffect(() => {
    if (!new URLSearchParams(window.location.search).has('debug')) return
    Object.defineProperty(window, '__flagtail', {
      configurable: true,
      get: () => {
        const { books, paints } = store.view()
        const { matched, held, evicted, sampledOut, skipped, missed } = books
        return { matched, held, evicted, sampledOut, skipped, missed: missed.impressions, paints }
      },
    })
  }, [store])
}
