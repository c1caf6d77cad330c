import { Icon } from '../Icon.tsx'
import { quietButton } from '../styles.ts'
import type { FirstRun } from '../tail/view.ts'

type Props = { readonly real: FirstRun['kind']; readonly stop: () => void }

/** Says for as long as they are shown that the rows are made up. */
export function DemoBanner({ real, stop }: Props) {
  const come = real !== 'waiting'
  return (
    <section
      aria-label="Demo data"
      className="flex min-h-9 shrink-0 items-center gap-3 border-accent border-b bg-chosen px-4 py-1 text-accent max-sm:px-3"
    >
      <Icon name="play" className="size-3" />
      <p aria-live="polite" className="min-w-0 flex-1">
        <b className="font-semibold">Demo data</b>{' '}
        {come ? '· real impressions are there now' : '· 50 rows a second, made up in this browser'}
      </p>
      <button type="button" className={`${quietButton} shrink-0`} onClick={stop}>
        {come ? 'Show the real ones' : 'Stop'}
      </button>
    </section>
  )
}
