import { type ReactNode, type RefObject, useState } from 'react'
import { Icon } from '../Icon.tsx'
import { quietButton } from '../styles.ts'
import { count } from '../tail/numbers.ts'
import type { TailStore } from '../tail/store.ts'
import type { View } from '../tail/view.ts'
import { Facets } from './Facets.tsx'

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly dialog: RefObject<HTMLDialogElement | null>
  /** On a small screen, where the bar has no room for them: the saved views. */
  readonly children: ReactNode
}

/** The facets where there is no room beside the rows: from the left, or on a small screen from below. */
export function FacetDrawer({ store, view, dialog, children }: Props) {
  const [open, setOpen] = useState(false)
  const { search, facets, environments, settled, matched } = view
  const close = () => dialog.current?.close()
  return (
    <dialog
      ref={dialog}
      aria-label="Filters"
      onToggle={(event) => setOpen(event.newState === 'open')}
      onClick={(event) => event.target === event.currentTarget && close()}
      onKeyDown={(event) => event.key === '[' && !(event.target instanceof HTMLInputElement) && close()}
      className="fixed top-0 bottom-0 left-0 m-0 h-dvh max-h-none w-80 max-w-none flex-col border-edge border-r bg-raised text-text shadow-2xl backdrop:bg-black/40 open:flex max-sm:top-auto max-sm:h-[85dvh] max-sm:w-full max-sm:rounded-t-2xl max-sm:border-t max-sm:border-r-0"
    >
      {open && (
        <>
          <div className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-1 pl-3">
            <h2 className="mr-auto font-semibold text-[15px]">Filters</h2>
            <div className="flex items-center gap-2 sm:hidden">{children}</div>
            {search.text !== '' && (
              <button type="button" className={quietButton} onClick={() => store.setText('')}>
                Clear all
              </button>
            )}
            <button
              type="button"
              aria-label="Close"
              onClick={close}
              className="grid size-11 place-content-center text-muted"
            >
              <Icon name="close" />
            </button>
          </div>
          <Facets store={store} search={search} facets={facets} environments={environments} frozen />
          <div className="shrink-0 border-line border-t p-3">
            <button
              type="button"
              onClick={close}
              className="h-11 w-full rounded-md bg-accent font-medium text-on-accent tabular-nums"
            >
              Show {settled ? `${count(matched)} matched` : 'matches'}
            </button>
          </div>
        </>
      )}
    </dialog>
  )
}
