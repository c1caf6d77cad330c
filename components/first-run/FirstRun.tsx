import type { ReactNode } from 'react'
import type { Evidence } from '../../domain/evidence.ts'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { TreatmentGlyph } from '../Treatment.tsx'
import type { FirstRun as FirstRunState, View } from '../tail/view.ts'
import { Checklist } from './Checklist.tsx'
import { Connect, type PlayDemo } from './Connect.tsx'
import { listeningOrigin } from './snippets.ts'
import { useEvidence } from './use-evidence.ts'

type Props = { readonly view: View; readonly state: FirstRunState; readonly playDemo: PlayDemo }

/** In place of the table until the first impression: what to do, and whether it works. */
export function FirstRun({ view, state, playDemo }: Props) {
  const evidence = useEvidence()
  const origin = listeningOrigin(window.location)
  const connected = view.connection.kind === 'connected'
  const waitedMs = state.kind === 'waiting' ? view.nowMs - state.sinceMs : 0
  return (
    <div className="thin-scroll h-full w-full overflow-y-auto">
      <div className="mx-auto flex max-w-[920px] flex-col gap-5 px-6 py-9 max-sm:px-4 max-sm:pt-6 max-sm:pb-24">
        <Headline state={state} origin={origin} waitedMs={waitedMs} />
        <ol className="flex flex-wrap gap-x-6 gap-y-1 text-muted">
          <Step done={connected}>Connected</Step>
          <Step done={connected && evidence !== undefined && !view.busDown}>Receiver ready</Step>
          <Step done={state.kind === 'arrived'}>First impression</Step>
        </ol>
        <Connect origin={origin} keys={keysOf(evidence)} playDemo={playDemo} />
        {evidence && <Checklist evidence={evidence} origin={origin} waitedMs={waitedMs} />}
      </div>
    </div>
  )
}

/** Until the server has said so, nobody is asked for a key. */
export function keysOf(evidence: Evidence | undefined): Evidence['keys'] {
  return evidence?.keys ?? 'any'
}

type HeadlineProps = { readonly state: FirstRunState; readonly origin: string; readonly waitedMs: number }

function Headline({ state, origin, waitedMs }: HeadlineProps) {
  if (state.kind === 'arrived') {
    const { flag, treatment, key } = state.row.impression
    return (
      <div className="flex min-h-12 items-center gap-4">
        <span className="grid size-8 shrink-0 place-content-center rounded-full bg-live text-bg">
          <Icon name="check" className="size-5" />
        </span>
        <h2 role="status" className="min-w-0 break-words text-xl leading-7">
          First impression received:{' '}
          <b className="font-semibold">
            <Shown text={flag} /> → <TreatmentGlyph treatment={treatment} /> <Shown text={treatment} />
          </b>{' '}
          for <Shown text={key} />
        </h2>
      </div>
    )
  }
  return (
    <div className="flex min-h-12 items-center gap-4">
      <span className="grid size-8 shrink-0 place-content-center text-live">
        <span className="pulse size-3 rounded-full bg-current" />
      </span>
      <div className="min-w-0">
        <h2 className="font-semibold text-xl leading-7">Waiting for the first impression</h2>
        <p className="text-muted tabular-nums">
          listening on <span className="break-all font-mono text-[12px] text-text">{origin}</span> ·{' '}
          {stopwatch(waitedMs)}
        </p>
      </div>
    </div>
  )
}

function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

function Step({ done, children }: { readonly done: boolean; readonly children: ReactNode }) {
  return (
    <li className={`flex items-center gap-1.5 ${done ? 'text-text' : ''}`}>
      {done ? (
        <Icon name="check" className="size-4 text-live" />
      ) : (
        <span aria-hidden="true" className="size-4 text-center leading-4">
          …
        </span>
      )}
      {children}
      <span className="sr-only">{done ? 'done' : 'not yet'}</span>
    </li>
  )
}
