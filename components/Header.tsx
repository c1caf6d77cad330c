import { Brand } from './Brand.tsx'
import { Icon } from './Icon.tsx'
import { Pill } from './Pill.tsx'
import { EnvironmentPicker } from './pickers.tsx'
import { pillOf } from './pill.ts'
import { pausedButton, plainButton, quietButton } from './styles.ts'
import { ThemeToggle } from './ThemeToggle.tsx'
import { count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

type Props = { readonly store: TailStore; readonly view: View }
type HeaderProps = Props & { readonly showHelp: () => void }

/** Name, environments, how it stands, and the way to stop it, which is the first thing that Tab reaches. */
export function Header({ store, view, showHelp }: HeaderProps) {
  return (
    <header className="flex h-12 items-center gap-3 border-line border-b bg-surface px-4 max-sm:gap-2 max-sm:px-3">
      <PauseButton store={store} view={view} />
      <Brand />
      <EnvironmentPicker store={store} view={view} />
      <Pill pill={pillOf(view)} />
      <span className="order-9 flex items-center">
        <ThemeToggle />
        <button
          type="button"
          className={plainButton}
          aria-label="Keys and more"
          title="Keys and more (?)"
          onClick={showHelp}
        >
          <Icon name="help" />
        </button>
      </span>
    </header>
  )
}

function PauseButton({ store, view }: Props) {
  const paused = view.mode === 'paused'
  return (
    <button
      type="button"
      aria-pressed={paused}
      aria-keyshortcuts="Space"
      aria-label={paused ? `Resume, ${count(view.waiting)} new` : 'Pause'}
      onClick={() => store.reader.setPaused(!paused)}
      className={`${paused ? pausedButton : quietButton} order-8 ml-auto shrink-0`}
    >
      <Icon name={paused ? 'play' : 'pause'} className="size-3.5" />
      <span className="max-sm:sr-only">{paused ? 'Resume' : 'Pause'}</span>
      {paused && <span className="tabular-nums">{count(view.waiting)} new</span>}
      <kbd className="rounded border border-edge px-1 font-sans text-[11px] text-muted leading-4 max-sm:hidden">
        Space
      </kbd>
    </button>
  )
}
