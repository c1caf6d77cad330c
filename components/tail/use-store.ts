import { useEffect, useState, useSyncExternalStore } from 'react'
import { browserLimits } from '../../domain/limits.ts'
import { browserClock } from './clock.ts'
import { type Link, type StoreParts, TailStore } from './store.ts'
import { browserNetwork, type Network, openTailSocket, type SocketParts } from './tail-socket.ts'
import type { View } from './view.ts'

const paintMs = { usual: 100, coarse: 250, calm: 1000 } as const
const flipMs = 800

/** One store for the page's life, open while it is shown; `doors` lets its sockets in. */
export function useStore(link: Link, doors: Doors): TailStore {
  const [store] = useState(() =>
    makeStore(link, (hears) =>
      openTailSocket({ hears, clock: browserClock, network: withHope(browserNetwork, doors), admit: doors.admit }),
    ),
  )
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

/** What lets sockets in, and calls back when somebody has signed in again. */
type Doors = Pick<SocketParts, 'admit'> & { readonly onSignIn: (run: () => void) => () => void }

/** Somebody who signs in again is a reason to try, too. */
function withHope({ online, hope }: Network, { onSignIn }: Doors): Network {
  return {
    online,
    hope: (run) => {
      const stops = [hope(run), onSignIn(run)]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

/** What there is to show, again whenever it is time to paint. */
export function useView(store: TailStore): View {
  return useSyncExternalStore(store.subscribe, store.view, store.view)
}

/** One thing of what there is to show, a value or the same object while it stays: who asks is painted only when it is another. */
export function useGlance<Seen>(store: TailStore, of: (view: View) => Seen): Seen {
  const seen = () => of(store.view())
  return useSyncExternalStore(store.subscribe, seen, seen)
}

/** Makes a store paint as often as this person wants, from now on. */
export function usePace(store: TailStore, calm: boolean): void {
  useEffect(() => store.setPaintMs(paceOf(calm)), [store, calm])
}

/** A store over whatever speaks for a server. */
export function makeStore(link: Link, connect: StoreParts['connect']): TailStore {
  return new TailStore({
    connect,
    clock: browserClock,
    capacity: isCoarse() ? browserLimits.phoneRows : browserLimits.rows,
    paintMs: paceOf(false),
    flipMs: isReduced() ? 0 : flipMs,
    link,
  })
}

function paceOf(calm: boolean): number {
  if (calm || isReduced()) return paintMs.calm
  return isCoarse() ? paintMs.coarse : paintMs.usual
}

function isCoarse(): boolean {
  return window.matchMedia('(pointer: coarse)').matches
}

function isReduced(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}
