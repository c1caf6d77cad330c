'use client'

import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Announcements } from './Announcements.tsx'
import { DemoBanner } from './demo/DemoBanner.tsx'
import { useDemo } from './demo/use-demo.ts'
import { readDismissed } from './dismissed.ts'
import { useDisplay } from './display/use-display.ts'
import { EmptyState } from './empty/EmptyState.tsx'
import { showExport } from './export/ExportButton.tsx'
import { Header } from './Header.tsx'
import { Icon } from './Icon.tsx'
import { Loading } from './Loading.tsx'
import { later, useLater } from './later.ts'
import { NoticeStrip } from './NoticeStrip.tsx'
import { type Overlay, Overlays } from './Overlays.tsx'
import { pageCommands } from './page-commands.ts'
import { QueryBar } from './QueryBar.tsx'
import { RowTable } from './RowTable.tsx'
import { Rate } from './rate/Rate.tsx'
import type { RowsHandle } from './rows-handle.ts'
import { StatusBar } from './StatusBar.tsx'
import { Toasts } from './Toasts.tsx'
import { browserClock } from './tail/clock.ts'
import { count } from './tail/numbers.ts'
import { useDebug } from './tail/use-debug.ts'
import { useAddress, useLink } from './tail/use-link.ts'
import { useStore, useView } from './tail/use-store.ts'
import { Toasts as ToastStore } from './toasts.ts'
import { useKeys } from './use-keys.ts'
import { useMedia, wideScreen } from './use-media.ts'
import { useTitle } from './use-title.ts'
import { ViewActions } from './ViewActions.tsx'
import { useOpenView, useViews } from './views/use-views.ts'

const FacetDrawer = later(async () => (await import('./facets/FacetDrawer.tsx')).FacetDrawer)
const FacetRail = later(async () => (await import('./facets/FacetRail.tsx')).FacetRail)

const FirstRun = later(async () => (await import('./first-run/FirstRun.tsx')).FirstRun)
const Detail = later(async () => (await import('./Detail.tsx')).Detail)

/** The live tail. Wires its parts, and is the only place that does. */
export function Tail() {
  const [link, setAddress] = useAddress()
  const [display, displays] = useDisplay()
  const [views, begin] = useViews(link)
  const real = useStore(begin)
  const realView = useView(real)
  const demo = useDemo(real, display.calm)
  const { store } = demo
  const view = useView(store)
  const filter = useRef<HTMLInputElement>(null)
  const rows = useRef<RowsHandle>(null)
  const [overlay, setOverlay] = useState<Overlay>()
  const show = useCallback((asked: Overlay) => setOverlay((now) => (now === asked ? undefined : asked)), [])
  const [toasts] = useState(() => new ToastStore(browserClock))
  const drawer = useRef<HTMLDialogElement>(null)
  const wide = useMedia(wideScreen)
  const toggleFacets = useCallback(() => {
    if (drawer.current) drawer.current.showModal()
    else displays.set({ facets: !displays.view().facets })
  }, [displays])
  useLink(real, realView, setAddress)
  const [saved, openView] = useOpenView(views, store, displays, view.search.text)
  const commands = useMemo(
    () =>
      pageCommands({
        store,
        display: displays,
        focusFilter: () => filter.current?.focus(),
        toasts,
        rows: () => rows.current,
        show,
        showExport,
        toggleFacets,
        views: saved,
        openView,
      }),
    [store, displays, toasts, show, toggleFacets, saved, openView],
  )
  // what lies over the page may still be on its way: what is typed meanwhile is not for the page
  const keyed = useMemo(() => (overlay ? commands.filter(({ id }) => id === 'palette') : commands), [overlay, commands])
  useKeys(keyed, display.singleKeys, filter)
  useDebug(real)
  useTitle(store)
  useLater()
  useEffect(() => store.dismissHint(readDismissed()), [store])
  const showSecond = useCallback((second: number) => store.showSecond(second), [store])
  const hideChart = useCallback(() => displays.set({ chart: false }), [displays])
  const showChart = useCallback(() => displays.set({ chart: true }), [displays])
  const close = () => {
    store.reader.leave()
    rows.current?.focus()
  }
  const { firstRun, opened, list, mode, waiting, search, facets, environments } = view
  const actions = { view, display, views, openView }
  const frozen = mode === 'reading' || mode === 'paused'
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <a
        href="#impressions"
        className="absolute -top-10 left-3 z-50 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:top-2"
      >
        Skip to the impressions
      </a>
      <Header store={store} view={view} show={show} />
      {demo.playing && <DemoBanner real={realView.firstRun.kind} stop={demo.stop} />}
      <QueryBar {...{ ...actions, store, toggleFacets }} input={filter} />
      {display.chart && <Rate chart={view.chart} zone={display.zone} show={showSecond} hide={hideChart} />}
      <NoticeStrip
        store={store}
        notice={view.notice}
        text={view.search.text}
        showChart={display.chart ? undefined : showChart}
      />
      <main id="impressions" tabIndex={-1} className="relative flex min-h-0 flex-1">
        {wide && display.facets && (
          <Loading>
            <Suspense fallback={<div className="w-[248px] shrink-0 border-line border-r bg-surface" />}>
              <FacetRail {...{ store, search, facets, environments }} hide={toggleFacets} />
            </Suspense>
          </Loading>
        )}
        {firstRun.kind !== 'over' ? (
          <Loading>
            <Suspense>
              <FirstRun view={view} state={firstRun} playDemo={demo.play} />
            </Suspense>
          </Loading>
        ) : (
          <section aria-label="Rows" className="relative min-w-0 flex-1">
            <RowTable {...{ store, view, display, displays, toasts }} handle={rows} />
            {list.count === 0 && <EmptyState store={store} view={view} madeUp={demo.playing} />}
            {frozen && waiting > 0 && <NewRows waiting={waiting} show={() => store.reader.goLive()} />}
          </section>
        )}
        {opened && (
          <Loading dismiss={close}>
            <Suspense>
              <Detail store={store} view={view} row={opened} zone={display.zone} close={close} />
            </Suspense>
          </Loading>
        )}
      </main>
      <Announcements view={view} summaries={display.summaries} />
      <StatusBar view={view} zone={display.zone} />
      <Toasts toasts={toasts} />
      {!wide && (
        <Loading>
          <Suspense>
            <FacetDrawer store={store} view={view} dialog={drawer}>
              <ViewActions {...actions} />
            </FacetDrawer>
          </Suspense>
        </Loading>
      )}
      <Overlays
        overlay={overlay}
        show={show}
        closed={(closed) => setOverlay((now) => (now === closed ? undefined : now))}
        playDemo={demo.play}
        displays={displays}
        {...{ commands, store, view, display }}
      />
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
