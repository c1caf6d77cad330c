import { type ReactNode, Suspense } from 'react'
import { CopyButton } from '../CopyButton.tsx'
import { Icon } from '../Icon.tsx'
import { Loading } from '../Loading.tsx'
import { later } from '../later.ts'
import { Shown } from '../Shown.tsx'
import { quietButton } from '../styles.ts'
import { clockTime, count, plural } from '../tail/numbers.ts'
import type { TailStore } from '../tail/store.ts'
import type { View } from '../tail/view.ts'
import { type Emptiness, emptinessOf } from './emptiness.ts'

const NoMatch = later(async () => (await import('./NoMatch.tsx')).NoMatch)

type Props = {
  readonly store: TailStore
  readonly view: View
  /** Rows that are made up here are no matter of the server. */
  readonly madeUp: boolean
}

/** Why there are no rows. Quiet is healthy, trouble is told as such, and a filter that finds nothing can be taken off. */
export function EmptyState({ store, view, madeUp }: Props) {
  const emptiness = emptinessOf(view)
  if (emptiness.kind === 'unknown') return null
  return (
    <div className="pointer-events-none absolute inset-x-0 top-8 bottom-0 grid place-content-center justify-items-center gap-3 p-6 text-center">
      <Words {...{ emptiness, store, view, madeUp }} />
    </div>
  )
}

type WordsProps = Props & { readonly emptiness: Exclude<Emptiness, { kind: 'unknown' }> }

function Words({ emptiness, store, view, madeUp }: WordsProps) {
  switch (emptiness.kind) {
    case 'refused':
      return <Refused message={emptiness.message} details={() => detailsOf(view)} />
    case 'not-connected':
      return (
        <Trouble title={emptiness.offline ? 'Your browser has no network' : 'Not connected'}>
          Nobody knows what matches until the connection is back. It is tried again by itself.
        </Trouble>
      )
    case 'log-away':
      return (
        <Trouble title="The server is cut off from its log">
          Nobody knows what matches until it is back. SDKs keep their impressions and send them again.
        </Trouble>
      )
    case 'cleared':
      return (
        <p className="text-muted tabular-nums">
          Cleared at {clockTime(emptiness.atMs)} · new rows {emptiness.still ? 'wait until you go on' : 'appear here'}
        </p>
      )
    case 'still':
      return (
        <p className="text-muted">
          {emptiness.waiting === 0
            ? 'Nothing has come since the list stands still.'
            : `${plural(emptiness.waiting, 'new row')} wait until you go on.`}
        </p>
      )
    case 'quiet':
      return <Calm title="No impressions yet">New rows appear here as they arrive.</Calm>
    case 'rows-elsewhere':
      return (
        <Calm title="None of the rows is here">
          {count(emptiness.matched)} matched; the line below tells where they are. New rows appear here as they arrive.
        </Calm>
      )
    case 'no-match':
      return (
        <Loading>
          <Suspense>
            <NoMatch store={store} search={view.search} lastMinute={emptiness.lastMinute} asks={!madeUp} />
          </Suspense>
        </Loading>
      )
    default:
      return emptiness satisfies never
  }
}

function Calm({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <h2 className="font-semibold text-[15px]">{title}</h2>
      <p className="max-w-md text-muted">{children}</p>
    </>
  )
}

function Trouble({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <h2 className="flex items-center gap-2 font-semibold text-[15px] text-caution">
        <Icon name="warning" className="size-5" />
        {title}
      </h2>
      <p className="max-w-md text-muted">{children}</p>
    </>
  )
}

function Refused({ message, details }: { readonly message: string; readonly details: () => string }) {
  return (
    <>
      <h2 className="flex items-center gap-2 font-semibold text-[15px] text-trouble">
        <Icon name="warning" className="size-5" />
        The server does not take this
      </h2>
      <p className="max-w-md break-words text-muted">
        <Shown text={message} />
      </p>
      <div className="pointer-events-auto flex gap-2">
        <button type="button" className={quietButton} onClick={() => window.location.reload()}>
          Retry
        </button>
        <CopyButton label="Copy details" text="Copy details" className={quietButton} value={details} />
      </div>
    </>
  )
}

/** What somebody who is asked for help wants to know. */
function detailsOf({ refusal, connection, search, nowMs }: View): string {
  const at = new Date(nowMs).toISOString()
  return JSON.stringify({ refusal, connection, filter: search.text, at, page: window.location.href }, undefined, 2)
}
