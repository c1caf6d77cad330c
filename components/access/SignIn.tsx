import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Brand } from '../Brand.tsx'
import { quietButton, strongButton } from '../styles.ts'
import type { AccessStore, AccessView } from './access-store.ts'
import { tokenOf } from './arrival.ts'
import { leave } from './leave.ts'

type Out = Extract<AccessView, { kind: 'out' }>

/** In place of the page, for who is not signed in: why, and what to do. */
export function SignIn({ access, out }: { readonly access: AccessStore; readonly out: Out }) {
  const { signIn, reason, problem } = out
  return (
    <Doorstep title={reason === 'ended' ? 'Your session has ended' : 'Sign in'}>
      {reason === 'ended' && <p>Sign in again to go on. Rows that this tab holds are still here.</p>}
      {problem && (
        <p role="alert" className="rounded-md border border-caution bg-caution-bg px-3 py-2 text-caution">
          {problem}
        </p>
      )}
      {signIn.provider !== undefined && (
        <a className={`${strongButton} justify-center`} href={`/api/sign-in?to=${encodeURIComponent(here())}`}>
          Sign in with {signIn.provider}
        </a>
      )}
      {signIn.token && <ByToken access={access} />}
      {signIn.proxy && (
        <>
          <p>A proxy in front of Flagtail signs you in, and this request came without its word.</p>
          <button type="button" className={quietButton} onClick={() => window.location.reload()}>
            Reload
          </button>
        </>
      )}
    </Doorstep>
  )
}

/** In place of the page, for who is signed in and may see nothing. */
export function NothingToSee({ access, name }: { readonly access: AccessStore; readonly name: string }) {
  return (
    <Doorstep title="Nothing to see here yet">
      <p>
        You are signed in as <strong>{name}</strong>, and none of your groups has a role in an environment. Whoever runs
        Flagtail can give it one under <code>auth.roles</code>.
      </p>
      <button type="button" className={quietButton} onClick={() => void leave(access)}>
        Sign out
      </button>
    </Doorstep>
  )
}

function Doorstep({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="fixed inset-0 z-40 flex flex-col overflow-auto bg-bg text-text">
      <header className="flex h-12 shrink-0 items-center border-line border-b bg-surface px-4">
        <Brand />
      </header>
      <main className="mx-auto flex w-full max-w-md flex-col gap-4 px-4 py-16">
        <h1 className="font-semibold text-xl">{title}</h1>
        {children}
      </main>
    </div>
  )
}

function ByToken({ access }: { readonly access: AccessStore }) {
  const id = useId()
  const [asking, setAsking] = useState(false)
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const pasted = new FormData(event.currentTarget).get('token')
    setAsking(true)
    await access.signIn(tokenOf(String(pasted)))
    setAsking(false)
  }
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void send(event)}>
      <p>
        Open the link that the server printed when it started: it ends in <code>#token=…</code>. A restart makes a new
        one, unless <code>FLAGTAIL_TOKEN</code> is set.
      </p>
      <label htmlFor={id} className="font-medium">
        Or paste the link or its token
      </label>
      <input
        id={id}
        name="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        className="h-9 rounded-md border border-edge bg-raised px-3 max-sm:h-11"
      />
      <button type="submit" disabled={asking} className={`${strongButton} justify-center`}>
        Sign in
      </button>
    </form>
  )
}

/** The view that somebody wanted to see, to come back to. */
function here(): string {
  return `/${window.location.search}`
}
