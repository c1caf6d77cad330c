'use client'

import { Suspense, useSyncExternalStore } from 'react'
import { Doors } from './access/Doors.tsx'
import { Shell } from './Shell.tsx'
import { Tail } from './Tail.tsx'

const never = () => () => {}

/** The tail where there is a browser and somebody is let in, its empty strips until then: nothing of it can be rendered on a server. */
export function Live() {
  const isBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  if (!isBrowser) return <Shell />
  return (
    <Doors>
      <Suspense fallback={<Shell />}>
        <Tail />
      </Suspense>
    </Doors>
  )
}
