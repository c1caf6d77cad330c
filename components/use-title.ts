import { useEffect } from 'react'
import { brief } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

const name = 'Flagtail'
const leastMs = 1000

/** What the browser's tab says: whether it runs and how fast, or why it does not. */
export function titleOf({ connection, mode, waiting, rate, firstRun }: View): string {
  if (connection.kind === 'offline') return `⏸ Offline · ${name}`
  if (connection.kind === 'reconnecting') return `⏸ Reconnecting · ${name}`
  if (connection.kind === 'connecting') return `Connecting · ${name}`
  if (mode === 'paused' || mode === 'reading') return `⏸ ${brief(waiting)} new · ${name}`
  if (firstRun.kind === 'waiting') return `Waiting · ${name}`
  return rate.perSecond >= 0.5 ? `▶ ${brief(rate.perSecond)}/s · ${name}` : `▶ Quiet · ${name}`
}

/** Keeps the title, also of a page that is hidden and so is never painted. */
export function useTitle(store: TailStore): void {
  useEffect(() => {
    const timer = setInterval(() => {
      const title = titleOf(store.glance())
      if (document.title !== title) document.title = title
    }, leastMs)
    return () => clearInterval(timer)
  }, [store])
}
