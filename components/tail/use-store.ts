import { useEffect, useState, useSyncExternalStore } from 'react'
import { browserLimits } from '../../domain/limits.ts'
import { browserClock } from './clock.ts'
import { type Link, TailStore } from './store.ts'
import { browserNetwork, openTailSocket } from './tail-socket.ts'
import type { View } from './view.ts'

const paintMs = { usual: 100, coarse: 250, calm: 1000 } as const
const flipMs = 800

/** One store for the page's life, open while it is shown. */
export function useStore(link: Link): TailStore {
  const [store] = useState(() => makeStore(link))
  useEffect(() => {
    store.open()
    return () => store.close()
  }, [store])
  useEffect(() => {
    const look = () => store.setHidden(document.hidden)
    look() // it may have been opened in the background
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [store])
  return store
}

/** What there is to show, again whenever it is time to paint. */
export function useView(store: TailStore): View {
  return useSyncExternalStore(store.subscribe, store.view, store.view)
}

function makeStore(link: Link): TailStore {
  const coarse = window.matchMedia('(pointer: coarse)').matches
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  return new TailStore({
    connect: (hears) => openTailSocket({ hears, clock: browserClock, network: browserNetwork }),
    clock: browserClock,
    capacity: coarse ? browserLimits.phoneRows : browserLimits.rows,
    paintMs: calm ? paintMs.calm : coarse ? paintMs.coarse : paintMs.usual,
    flipMs: calm ? 0 : flipMs,
    link,
  })
}
