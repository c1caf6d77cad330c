import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock } from '../tail/clock.ts'
import { type AccessStore, type AccessView, browserAccess } from './access-store.ts'
import { takeArrival } from './arrival.ts'

const Access = createContext<AccessStore | undefined>(undefined)

/** Around all that may ask who is signed in. */
export const AccessOf = Access.Provider

/** One store for the page's life. */
export function useNewAccess(): AccessStore {
  const [access] = useState(() => browserAccess(browserClock))
  useEffect(() => {
    const { token, problem } = takeArrival()
    void access.open(token, problem)
    return () => access.close()
  }, [access])
  return access
}

export function useAccess(): AccessStore {
  const access = useContext(Access)
  if (!access) throw new Error('nothing is asked outside of the doors')
  return access
}

export function useAccessView(access: AccessStore): AccessView {
  return useSyncExternalStore(access.subscribe, access.view, access.view)
}
