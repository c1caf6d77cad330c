import { type ComponentType, lazy, useEffect } from 'react'

const loads: (() => Promise<unknown>)[] = []
const afterMs = 2000

/** A part of the page whose code is not needed at first. Show it within `Suspense` and `Loading`. */
export function later<Props>(load: () => Promise<ComponentType<Props>>) {
  loads.push(load)
  return lazy(async () => ({ default: await load() }))
}

/** Fetches all of that once the page stands, so that it is there at once, also while the server is away. */
export function useLater(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const load of loads) load().catch(() => {}) // then it is tried again when somebody wants it
    }, afterMs)
    return () => clearTimeout(timer)
  }, [])
}
