import { useState } from 'react'
import type { Evidence } from '../../domain/evidence.ts'
import { Icon, type IconName } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { type Check, checklistOf, hasTrouble, patienceMs } from './checklist.ts'

type Props = { readonly evidence: Evidence; readonly origin: string; readonly waitedMs: number }

/** Why nothing may come, with what the server has seen of it. Unfolds by itself after a while, or when something is seen. */
export function Checklist({ evidence, origin, waitedMs }: Props) {
  const [asked, setAsked] = useState<boolean>()
  const [due, setDue] = useState(false)
  const checks = checklistOf(evidence, origin)
  if (!due && (waitedMs >= patienceMs || hasTrouble(checks))) setDue(true) // and it stays: nothing folds by itself
  const open = asked ?? due
  return (
    <section aria-label="Nothing arrives?" className="rounded-lg border border-line">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setAsked(!open)}
          className="flex h-10 w-full items-center gap-2 rounded-lg px-4 font-semibold hover:bg-hover max-sm:h-12"
        >
          <Icon name="chevron" className={`size-3.5 text-muted ${open ? '' : '-rotate-90'}`} />
          Nothing arrives?
          <span className="min-w-0 truncate font-normal text-muted text-xs">what this server has seen so far</span>
        </button>
      </h3>
      {open && (
        <ul className="border-line border-t py-1">
          {checks.map((check) => (
            <Line key={check.id} check={check} />
          ))}
        </ul>
      )}
    </section>
  )
}

const signs: Readonly<Record<Check['kind'], { icon: IconName; tone: string; word: string }>> = {
  found: { icon: 'warning', tone: 'text-caution', word: 'Seen' },
  clear: { icon: 'check', tone: 'text-live', word: 'Not the cause' },
  unseen: { icon: 'question', tone: 'text-muted', word: 'Cannot be seen from here' },
}

function Line({ check: { kind, seen, advice, path } }: { readonly check: Check }) {
  const { icon, tone, word } = signs[kind]
  return (
    <li className="flex items-start gap-3 px-4 py-2">
      <span role="img" aria-label={word} title={word} className={`mt-0.5 ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="min-w-0 flex-1">
        <p className={kind === 'clear' ? 'text-muted' : ''}>
          <span className={kind === 'found' ? 'font-medium' : ''}>{seen}</span>
          {path !== undefined && (
            <code className="ml-2 break-all font-mono text-[12px]">
              <Shown text={path} />
            </code>
          )}
        </p>
        {kind !== 'clear' && <p className="text-muted text-xs leading-[18px]">{advice}</p>}
      </div>
    </li>
  )
}
