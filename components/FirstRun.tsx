import { type ReactNode, useState } from 'react'
import { CopyButton } from './CopyButton.tsx'
import { Icon } from './Icon.tsx'
import { Shown } from './Shown.tsx'
import { curlSnippet, listeningOrigin, nodeSnippet, sendTestImpression } from './snippets.ts'
import { quietButton, strongButton } from './styles.ts'
import { TreatmentGlyph } from './Treatment.tsx'
import type { FirstRun as FirstRunState, View } from './tail/view.ts'

/** In place of the table until the first impression: what to do, and whether it works. */
export function FirstRun({ view, state }: { readonly view: View; readonly state: FirstRunState }) {
  const origin = listeningOrigin(window.location)
  const connected = view.connection.kind === 'connected'
  return (
    <div className="thin-scroll h-full w-full overflow-y-auto">
      <div className="mx-auto flex max-w-[1000px] flex-col gap-6 px-6 py-10 max-sm:px-4 max-sm:py-6">
        <Headline state={state} origin={origin} nowMs={view.nowMs} />
        <ol className="flex flex-wrap gap-x-6 gap-y-1 text-muted">
          <Step done={connected}>Connected</Step>
          <Step done={connected}>Receiver ready</Step>
          <Step done={state.kind === 'arrived'}>First impression</Step>
        </ol>
        <Snippets origin={origin} />
        <p className="flex items-start gap-2 rounded-lg bg-caution-bg px-3 py-2.5 text-caution">
          <Icon name="warning" className="mt-0.5 size-4" />
          <span>
            While <code className="font-mono text-[12px]">urls.events</code> points here, Split/Harness gets neither
            these impressions nor what you <code className="font-mono text-[12px]">track()</code>.
          </span>
        </p>
        <TestImpression />
      </div>
    </div>
  )
}

type HeadlineProps = { readonly state: FirstRunState; readonly origin: string; readonly nowMs: number }

function Headline({ state, origin, nowMs }: HeadlineProps) {
  if (state.kind === 'arrived') {
    const { flag, treatment, key } = state.row
    return (
      <div className="flex min-h-12 items-center gap-4">
        <span className="grid size-8 shrink-0 place-content-center rounded-full bg-live text-bg">
          <Icon name="check" className="size-5" />
        </span>
        <h2 className="min-w-0 break-words font-semibold text-xl leading-7">
          First impression received: <Shown text={flag} /> → <TreatmentGlyph treatment={treatment} />{' '}
          <Shown text={treatment} /> for <Shown text={key} />
        </h2>
      </div>
    )
  }
  const waitedMs = state.kind === 'waiting' ? nowMs - state.sinceMs : 0
  return (
    <div className="flex items-center gap-4">
      <span className="grid size-8 shrink-0 place-content-center text-live">
        <span className="pulse size-3 rounded-full bg-current" />
      </span>
      <div>
        <h2 className="font-semibold text-xl leading-7">Waiting for the first impression</h2>
        <p className="text-muted tabular-nums">
          listening on <span className="font-mono text-[12px] text-text">{origin}</span> · {stopwatch(waitedMs)}
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
        <span className="size-4 text-center leading-4">…</span>
      )}
      {children}
      <span className="sr-only">{done ? 'done' : 'not yet'}</span>
    </li>
  )
}

function Snippets({ origin }: { readonly origin: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Snippet title="Node" note="the SDK that you run already; only urls.events is new" code={nodeSnippet(origin)} />
      <Snippet title="curl" note="one impression, no SDK" code={curlSnippet(origin)} />
    </div>
  )
}

function Snippet({ title, note, code }: { readonly title: string; readonly note: string; readonly code: string }) {
  return (
    <section aria-label={title} className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="flex h-10 items-center gap-2 border-line border-b pr-2 pl-4">
        <h3 className="font-semibold">{title}</h3>
        <span className="min-w-0 flex-1 truncate text-muted text-xs">{note}</span>
        <CopyButton label={`Copy the ${title} snippet`} text="Copy" className={quietButton} value={() => code} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and keys must reach its end
        tabIndex={0}
        className="thin-scroll overflow-x-auto px-4 py-3 font-mono text-[12px] leading-[19px] -outline-offset-2"
      >
        <code>{code}</code>
      </pre>
    </section>
  )
}

const outcomes = {
  ready: '',
  sending: 'Sending…',
  sent: 'Sent. It was accepted.',
  'unknown-key':
    'The server answered 401: it takes only the SDK keys of its config file, and the key of this button is not one. Post with one of yours; the pipe itself works.',
  failed: 'The server did not take it. Is it still running?',
} as const

function TestImpression() {
  const [outcome, setOutcome] = useState<keyof typeof outcomes>('ready')
  const send = async () => {
    setOutcome('sending')
    setOutcome(await sendTestImpression(Date.now()))
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      <button type="button" className={strongButton} onClick={send} disabled={outcome === 'sending'}>
        Send a test impression
      </button>
      <p
        aria-live="polite"
        className={`min-w-0 flex-1 ${outcome === 'failed' || outcome === 'unknown-key' ? 'text-caution' : 'text-muted'}`}
      >
        {outcomes[outcome]}
      </p>
    </div>
  )
}
