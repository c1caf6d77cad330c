import { parseAsString, useQueryStates } from 'nuqs'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { type Display, paramsOf } from './display.ts'
import { DisplayStore } from './store.ts'

const parsers = {
  cols: parseAsString,
  w: parseAsString,
  tz: parseAsString,
  time: parseAsString,
  d: parseAsString,
  t: parseAsString,
}

/** How the page shows things, kept in the address as far as it is not as usual. */
export function useDisplay(): readonly [Display, DisplayStore] {
  const [params, setParams] = useQueryStates(parsers)
  const [store] = useState(() => new DisplayStore(params))
  const display = useSyncExternalStore(store.subscribe, store.view, store.view)
  useEffect(() => {
    setParams(paramsOf(display), { history: 'replace' })
  }, [display, setParams])
  return [display, store]
}
