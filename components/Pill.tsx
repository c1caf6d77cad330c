import { Icon } from './Icon.tsx'
import type { Pill as PillFacts } from './pill.ts'

const tones: Record<PillFacts['tone'], string> = {
  muted: 'text-muted',
  live: 'text-live',
  accent: 'text-accent',
  caution: 'text-caution',
  trouble: 'text-trouble',
}

/** The state of the tail: a sign and its words. Its numbers change too often to be read out; `Announcements` tells its state. */
export function Pill({ pill }: { readonly pill: PillFacts }) {
  return (
    <div className="flex min-w-0 items-center" data-testid="pill">
      <span
        className={`inline-flex h-7 min-w-0 items-center gap-2 rounded-full border border-line bg-raised px-3 font-medium tabular-nums ${tones[pill.tone]} ${pill.icon === 'nothing' ? 'invisible' : ''}`}
      >
        <Sign icon={pill.icon} />
        <span className="truncate">{pill.text}</span>
      </span>
    </div>
  )
}

function Sign({ icon }: { readonly icon: PillFacts['icon'] }) {
  switch (icon) {
    case 'nothing':
      return null
    case 'ring':
      return <span className="size-2 shrink-0 rounded-full border-[1.5px] border-current" />
    case 'dot':
      return <span className="size-2 shrink-0 rounded-full bg-current" />
    case 'pulse':
      return <span className="pulse size-2 shrink-0 rounded-full bg-current" />
    case 'bars':
      return <Icon name="pause" className="size-3.5" />
    case 'pause':
      return <Icon name="pause" className="size-3.5" />
    case 'turn':
      return <Icon name="turn" className="turn size-3.5" />
    case 'cross':
      return <Icon name="cross" className="size-3.5" />
    default:
      return icon satisfies never
  }
}
