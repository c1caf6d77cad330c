import { Suspense, useId, useRef, useState, useSyncExternalStore } from 'react'
import type { Display } from '../display/display.ts'
import { Icon } from '../Icon.tsx'
import { Loading } from '../Loading.tsx'
import { later } from '../later.ts'
import { placeBelow } from '../place-below.ts'
import { Shown } from '../Shown.tsx'
import { chosenButton, quietButton } from '../styles.ts'
import { visibleText } from '../visible-text.ts'
import type { SavedView, SavedViews } from './saved-views.ts'
import { viewQuery } from './view-query.ts'

const ViewsPanel = later(async () => (await import('./ViewsPanel.tsx')).ViewsPanel)

type Props = {
  readonly views: SavedViews
  /** The filter as it was typed, and how its rows are shown. */
  readonly text: string
  readonly display: Display
  readonly open: (view: SavedView) => void
}

/** Saves what is looked at under a name, and brings back what was saved. */
export function ViewsMenu({ views, text, display, open }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState(false)
  const list = useSyncExternalStore(views.subscribe, views.list, views.list)
  const query = viewQuery(text, display)
  const current = list.find((view) => view.query === query)
  const close = () => panel.current?.hidePopover()
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={shown}
        aria-label={current ? `Saved view ${visibleText(current.name)}` : 'Save or open a view'}
        className={`${current ? chosenButton : quietButton} min-w-0 max-w-44`}
      >
        <Icon name={current ? 'starred' : 'star'} className="size-3.5" />
        <span className="truncate max-sm:hidden">{current ? <Shown text={current.name} /> : 'Save'}</span>
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label="Saved views"
        onToggle={(event) => {
          setShown(event.newState === 'open')
          placeBelow(button.current, panel.current)
        }}
        className="fixed m-0 w-80 max-w-[calc(100vw-16px)] rounded-lg border border-edge bg-raised p-1.5 text-text shadow-black/15 shadow-xl"
      >
        {shown && (
          <Loading dismiss={close}>
            <Suspense>
              <ViewsPanel {...{ views, list, current, query, open, close }} />
            </Suspense>
          </Loading>
        )}
      </div>
    </>
  )
}
