'use client'

import { Suspense, useSyncExternalStore } from 'react'
import { Shell } from './Shell.tsx'
import { Tail } from './Tail.tsx'

const never = () => () => {}

/** The tail where there is a browser, its empty strips until then: nothing of it can be rendered on a server. */
export function Live() {
  const isBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  if (!isBrowser) return <Shell />
  return (
    <Suspense fallback={<Shell />}>
      <Tail />
    </Suspense>
  )
}
