import { useEffect, useState } from 'react'
import type { PlayDemo } from '../first-run/Connect.tsx'
import type { TailStore } from '../tail/store.ts'
import { makeStore, usePace } from '../tail/use-store.ts'

export type Demo = {
  /** The store to look at: the demo's while it plays. */
  readonly store: TailStore
  readonly playing: boolean
  readonly play: PlayDemo
  readonly stop: () => void
}

/** Made-up rows in a store of their own, beside the real one, which goes on behind them. */
export function useDemo(real: TailStore, calm: boolean): Demo {
  const [demo, setDemo] = useState<TailStore>()
  useEffect(() => {
    demo?.open()
    return () => demo?.close()
  }, [demo])
  const store = demo ?? real
  usePace(store, calm)
  return {
    store,
    playing: demo !== undefined,
    play: (connect) => setDemo(makeStore({ text: '', paused: false, openId: undefined }, connect)),
    stop: () => setDemo(undefined),
  }
}
