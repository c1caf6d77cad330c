import { type FormEvent, useState } from 'react'
import type { Evidence } from '../../domain/evidence.ts'
import { strongButton } from '../styles.ts'
import { sendTestImpression, type TestOutcome } from './snippets.ts'

const outcomes: Readonly<Record<TestOutcome | 'ready' | 'sending' | 'no-key', string>> = {
  ready: '',
  sending: 'Sending…',
  sent: 'Sent, and taken. It appears at once.',
  'no-key': 'This server takes only the SDK keys of its config file: paste one of them first.',
  'unknown-key': 'Refused (401): no environment of this server has this SDK key. The pipe itself works.',
  failed: 'The server did not take it. Is it still running?',
}

/** Proves the pipe without an SDK. Where only some keys are taken it asks for one, and keeps it nowhere. */
export function TestImpression({ keys }: Pick<Evidence, 'keys'>) {
  const [key, setKey] = useState('')
  const [outcome, setOutcome] = useState<keyof typeof outcomes>('ready')
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (keys === 'configured' && key === '') return setOutcome('no-key')
    setOutcome('sending')
    setOutcome(await sendTestImpression(Date.now(), keys === 'configured' ? key : undefined))
  }
  const refused = outcome === 'failed' || outcome === 'unknown-key' || outcome === 'no-key'
  return (
    <form onSubmit={send} className="flex min-w-0 flex-wrap items-center gap-3">
      {keys === 'configured' && (
        <input
          type="password"
          aria-label="SDK key for the test impression"
          placeholder="An SDK key of the config file"
          autoComplete="off"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          className="h-8 w-60 rounded-md border border-edge bg-raised px-2.5 max-sm:h-11 max-sm:w-full max-sm:text-base"
        />
      )}
      <button type="submit" className={`${strongButton} max-sm:h-11`} disabled={outcome === 'sending'}>
        Send a test impression
      </button>
      <p
        aria-live="polite"
        className={`order-last min-w-0 basis-full empty:hidden ${refused ? 'text-caution' : 'text-muted'}`}
      >
        {outcomes[outcome]}
      </p>
    </form>
  )
}
