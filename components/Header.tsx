import { memo } from 'react'
import { Brand } from './Brand.tsx'
import { Icon } from './Icon.tsx'
import { Key } from './Key.tsx'
import { MoreMenu } from './MoreMenu.tsx'
import type { Overlay } from './Overlays.tsx'
import { Pill } from './Pill.tsx'
import { EnvironmentPicker } from './pickers.tsx'
import { pillOf } from './pill.ts'
import { pausedButton, plainButton, quietButton } from './styles.ts'
import { ThemeToggle } from './ThemeToggle.tsx'
import { compact, count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly show: (overlay: Overlay) => void
  readonly link: () => string
}

/** Name, environments, how it stands, and the way to stop it, which is the first thing that Tab reaches. */
export function Header({ store, view, show, link }: Props) {
  const { environments, facets, search, mode, waiting, firstRun } = view
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b bg-surface px-4 max-sm:gap-2 max-sm:pr-1 max-sm:pl-3">
      <PauseButton store={store} paused={mode === 'paused'} waiting={waiting} firstRun={firstRun.kind !== 'over'} />
      <Brand />
      <span className="contents max-sm:hidden">
        <EnvironmentPicker {...{ store, environments, facets, search }} />
      </span>
      <Pill pill={pillOf(view)} />
      <Tools show={show} link={link} />
    </header>
  )
}

const Tools = memo(function Tools({ show, link }: Pick<Props, 'show' | 'link'>) {
  return (
    <>
      <span className="order-9 flex items-center gap-0.5 max-sm:hidden">
        <button
          type="button"
          aria-label="Commands"
          title="Commands"
          aria-haspopup="dialog"
          className={`${plainButton} mr-1 w-auto! px-1`}
          onClick={() => show('palette')}
        >
          <Key name="Mod+k" />
        </button>
        <ThemeToggle />
        <button
          type="button"
          aria-label="Settings"
          title="Settings"
          aria-haspopup="dialog"
          className={plainButton}
          onClick={() => show('settings')}
        >
          <Icon name="gear" />
        </button>
      </span>
      <span className="order-9 ml-auto sm:hidden">
        <MoreMenu show={show} link={link} />
      </span>
    </>
  )
})

type PauseProps = Pick<Props, 'store'> & {
  readonly paused: boolean
  readonly waiting: number
  readonly firstRun: boolean
}

/** In the header, and on a small screen under the thumb. */
const PauseButton = memo(function PauseButton({ store, paused, waiting, firstRun }: PauseProps) {
  return (
    <button
      type="button"
      aria-pressed={paused}
      aria-keyshortcuts="Space"
      aria-label={paused ? `Resume, ${count(waiting)} new` : 'Pause'}
      onClick={() => store.reader.setPaused(!paused)}
      className={`${paused ? pausedButton : quietButton} pause order-8 ml-auto shrink-0 ${firstRun ? 'max-sm:hidden' : ''}`}
    >
      <Icon name={paused ? 'play' : 'pause'} className="size-3.5 max-sm:size-5" />
      <span className="max-sm:hidden">{paused ? 'Resume' : 'Pause'}</span>
      {paused && <span className="tabular-nums max-sm:hidden">{compact(waiting)} new</span>}
      <span className="max-sm:hidden">
        <Key name=" " />
      </span>
    </button>
  )
})
