import { type RefObject, Suspense } from 'react'
import type { Display } from './display/display.ts'
import type { DisplayStore } from './display/store.ts'
import { EmptyState } from './empty/EmptyState.tsx'
import type { PlayDemo } from './first-run/Connect.tsx'
import { Icon } from './Icon.tsx'
import { Loading } from './Loading.tsx'
import { later } from './later.ts'
import { RowTable } from './RowTable.tsx'
import type { RowsHandle } from './rows-handle.ts'
import { count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import type { Toasts } from './toasts.ts'

const FacetRail = later(async () => (await import('./facets/FacetRail.tsx')).FacetRail)
const FirstRun = later(async () => (await import('./first-run/FirstRun.tsx')).FirstRun)
const Detail = later(async () => (await import('./Detail.tsx')).Detail)

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly display: Display
  readonly displays: DisplayStore
  readonly toasts: Toasts
  readonly rows: RefObject<RowsHandle | null>
  readonly toggleFacets: () => void
  readonly playDemo: PlayDemo
  /** Whether the facets have room beside the rows. */
  readonly wide: boolean
  /** Whether the rows are a demonstration. */
  readonly madeUp: boolean
}

/** The middle of the page: facets, the rows or the first run, and the row that is open. */
export function Stage(props: Props) {
  const { store, view, display, displays, rows, toggleFacets, playDemo, wide } = props
  const { firstRun, opened, search, facets, environments } = view
  const close = () => {
    store.reader.leave()
    rows.current?.focus()
  }
  return (
    <main id="impressions" tabIndex={-1} className="relative flex min-h-0 flex-1">
      {wide && display.facets && (
        <Loading>
          <Suspense
            fallback={<div style={{ width: display.facetsPx }} className="shrink-0 border-line border-r bg-surface" />}
          >
            <FacetRail
              {...{ store, search, facets, environments, displays }}
              px={display.facetsPx}
              hide={toggleFacets}
            />
          </Suspense>
        </Loading>
      )}
      {firstRun.kind === 'over' ? (
        <Rows {...props} />
      ) : (
        <Loading>
          <Suspense>
            <FirstRun view={view} state={firstRun} playDemo={playDemo} />
          </Suspense>
        </Loading>
      )}
      {opened && (
        <Loading dismiss={close}>
          <Suspense>
            <Detail store={store} view={view} row={opened} zone={display.zone} close={close} />
          </Suspense>
        </Loading>
      )}
    </main>
  )
}

function Rows({ store, view, display, displays, toasts, rows, madeUp }: Props) {
  const { list, mode, waiting } = view
  const frozen = mode === 'reading' || mode === 'paused'
  return (
    <section aria-label="Rows" className="relative min-w-0 flex-1">
      <RowTable {...{ store, view, display, displays, toasts }} handle={rows} />
      {list.count === 0 && <EmptyState store={store} view={view} madeUp={madeUp} />}
      {frozen && waiting > 0 && <NewRows waiting={waiting} show={() => store.reader.goLive()} />}
    </section>
  )
}

function NewRows({ waiting, show }: { readonly waiting: number; readonly show: () => void }) {
  return (
    <button
      type="button"
      onClick={show}
      className="absolute bottom-4 left-1/2 z-20 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-accent px-3 font-medium text-on-accent tabular-nums shadow-lg"
    >
      <Icon name="up" className="size-3.5" />
      {count(waiting)} new
    </button>
  )
}
