'use client'

import { useCallback, useMemo, useRef } from 'react'
import { Detail } from './Detail.tsx'
import { useDisplay } from './display/use-display.ts'
import { EmptyState } from './empty/EmptyState.tsx'
import { FirstRun } from './FirstRun.tsx'
import { FacetDrawer } from './facets/FacetDrawer.tsx'
import { FacetRail } from './facets/FacetRail.tsx'
import { Header } from './Header.tsx'
import { Help } from './Help.tsx'
import { Icon } from './Icon.tsx'
import { NoticeStrip } from './NoticeStrip.tsx'
import { pageCommands } from './page-commands.ts'
import { QueryBar } from './QueryBar.tsx'
import { RowTable } from './RowTable.tsx'
import { StatusBar } from './StatusBar.tsx'
import { count } from './tail/numbers.ts'
import { useDebug } from './tail/use-debug.ts'
import { useAddress, useLink } from './tail/use-link.ts'
import { useStore, useView } from './tail/use-store.ts'
import { useKeys } from './use-keys.ts'
import { useMedia, wideScreen } from './use-media.ts'

/** The live tail. Wires its parts, and is the only place that does. */
export function Tail() {
  const [link, setAddress] = useAddress()
  const [display, displays] = useDisplay()
  const store = useStore(link)
  const view = useView(store)
  const filter = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const help = useRef<HTMLDialogElement>(null)
  const drawer = useRef<HTMLDialogElement>(null)
  const wide = useMedia(wideScreen)
  const toggleFacets = useCallback(() => {
    if (drawer.current) drawer.current.showModal()
    else displays.set({ facets: !displays.view().facets })
  }, [displays])
  useLink(store, view, setAddress)
  const commands = useMemo(
    () =>
      pageCommands({
        store,
        display: displays,
        focusFilter: () => filter.current?.focus(),
        focusRows: () => grid.current?.focus(),
        showHelp: () => help.current?.showModal(),
        toggleFacets,
      }),
    [store, displays, toggleFacets],
  )
  useKeys(commands, display.singleKeys, filter)
  useDebug(store)
  const close = () => {
    store.reader.leave()
    grid.current?.focus()
  }
  const { firstRun, opened, list, mode, waiting, search, facets, environments } = view
  const frozen = mode === 'reading' || mode === 'paused'
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <a
        href="#impressions"
        className="absolute -top-10 left-3 z-50 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:top-2"
      >
        Skip to the impressions
      </a>
      <Header store={store} view={view} />
      <QueryBar {...{ store, view, toggleFacets }} input={filter} besideRows={display.facets} />
      <NoticeStrip notice={view.notice} />
      <main id="impressions" tabIndex={-1} className="relative flex min-h-0 flex-1">
        {wide && display.facets && <FacetRail {...{ store, search, facets, environments }} hide={toggleFacets} />}
        {firstRun.kind !== 'over' ? (
          <FirstRun view={view} state={firstRun} />
        ) : (
          <section aria-label="Rows" className="relative min-w-0 flex-1">
            <RowTable store={store} view={view} display={display} grid={grid} />
            {list.count === 0 && <EmptyState store={store} view={view} />}
            {frozen && waiting > 0 && <NewRows waiting={waiting} show={() => store.reader.goLive()} />}
          </section>
        )}
        {opened && <Detail store={store} row={opened} zone={display.zone} text={view.search.text} close={close} />}
      </main>
      <StatusBar view={view} zone={display.zone} />
      <Help dialog={help} commands={commands} />
      {!wide && <FacetDrawer store={store} view={view} dialog={drawer} />}
    </div>
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
