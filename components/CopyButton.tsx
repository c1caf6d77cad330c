import { useEffect, useState } from 'react'
import { copyText } from './copy.ts'
import { Icon } from './Icon.tsx'

type Props = {
  /** What the button is for, read out: `Copy key`. */
  readonly label: string
  /** Beside the icon, where there is room for it. */
  readonly text?: string
  readonly icon?: 'copy' | 'link'
  /** What it says instead once it is copied. */
  readonly done?: string
  readonly value: () => string
  readonly className?: string
}

const shownMs = 1500

/** Copies a text and says so in its own place. */
export function CopyButton({ label, text, icon = 'copy', done = 'Copied', value, className = '' }: Props) {
  const [outcome, setOutcome] = useState<'ready' | 'copied' | 'refused'>('ready')
  useEffect(() => {
    if (outcome === 'ready') return
    const timer = setTimeout(() => setOutcome('ready'), shownMs)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async () => setOutcome((await copyText(value())) ? 'copied' : 'refused')
  const said = { ready: text, copied: done, refused: 'Not allowed' }[outcome]
  return (
    <button type="button" aria-label={label} title={label} className={className} onClick={copy}>
      <Icon name={outcome === 'copied' ? 'check' : outcome === 'refused' ? 'cross' : icon} />
      {text !== undefined && <span>{said}</span>}
      <span aria-live="polite" className="sr-only">
        {outcome === 'ready' ? '' : outcome === 'copied' ? done : 'The browser does not allow to copy'}
      </span>
    </button>
  )
}
