import { type ReactNode, Suspense, useState } from 'react'
import { Loading } from '../Loading.tsx'
import { later } from '../later.ts'
import { Shell } from '../Shell.tsx'
import { AccessOf, useAccessView, useNewAccess } from './use-access.ts'

const SignIn = later(async () => (await import('./SignIn.tsx')).SignIn)
const NothingToSee = later(async () => (await import('./SignIn.tsx')).NothingToSee)

/**
 * Lets the page be seen by who is signed in. A page that was seen stays, unseen and unreachable, while one signs in again: its
 * rows are still there afterwards.
 */
export function Doors({ children }: { readonly children: ReactNode }) {
  const access = useNewAccess()
  const view = useAccessView(access)
  const seen = view.kind === 'in' && view.sees
  const [wasSeen, setWasSeen] = useState(seen)
  if (seen && !wasSeen) setWasSeen(true)
  return (
    <AccessOf value={access}>
      {view.kind === 'asking' && <Shell />}
      {(seen || wasSeen) && <div {...(!seen && { inert: true, className: 'invisible' })}>{children}</div>}
      <Loading>
        <Suspense fallback={<Shell />}>
          {view.kind === 'out' && <SignIn access={access} out={view} />}
          {view.kind === 'in' && !view.sees && typeof view.person === 'object' && (
            <NothingToSee access={access} name={view.person.name} />
          )}
        </Suspense>
      </Loading>
    </AccessOf>
  )
}
