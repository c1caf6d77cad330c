'use client'

import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Announcements } from './Announcements.tsx'
import { DemoBanner } from './demo/DemoBanner.tsx'
import { useDemo } from './demo/use-demo.ts'
import { readDismissed } from './dismissed.ts'
import { useDisplay } from './display/use-display.ts'
import { showExport } from './export/ExportButton.tsx'
import { Header } from './Header.tsx'
import { Loading } from './Loading.tsx'
import { later, useLater } from './later.ts'
import { linkOf } from './link.ts'
import { NoticeStrip } from './NoticeStrip.tsx'
import { Overlays, useKeyed, useOverlays } from './Overlays.tsx'
import { pageCommands } from './page-commands.ts'
import { QueryBar } from './QueryBar.tsx'
import { Rate } from './rate/Rate.tsx'
import type { RowsHandle } from './rows-handle.ts'
import { Stage } from './Stage.tsx'
import { StatusBar } from './StatusBar.tsx'
import { Toasts } from './Toasts.tsx'
import { browserClock } from './tail/clock.ts'
import { useDebug } from './tail/use-debug.ts'
import { useAddress, useLink } from './tail/use-link.ts'
import { useStore, useView } from './tail/use-store.ts'
import { Toasts as ToastStore } from './toasts.ts'
import { useKeys } from './use-keys.ts'
import { useMedia, wideScreen } from './use-media.ts'
import { useTitle } from './use-title.ts'
import { useOpenView, useViews } from './views/use-views.ts'
import { ViewsMenu } from './views/ViewsMenu.tsx'

const FacetDrawer = later(async () => (await import('./facets/FacetDrawer.tsx')).FacetDrawer)

/** What the page is made of, and what it does. */
function usePage() {
  const [asked, setAddress] = useAddress()
  const [display, displays] = useDisplay()
  const [views, begin] = useViews(asked)
  const real = useStore(begin)
  const realView = useView(real)
  const demo = useDemo(real, display.calm)
  const { store } = demo
  const view = useView(store)
  const filter = useRef<HTMLInputElement>(null)
  const rows = useRef<RowsHandle>(null)
  const drawer = useRef<HTMLDialogElement>(null)
  const overlays = useOverlays()
  const [toasts] = useState(() => new ToastStore(browserClock))
  const toggleFacets = useCallback(() => {
    if (drawer.current) drawer.current.showModal()
    else displays.set({ facets: !displays.view().facets })
  }, [displays])
  useLink(real, realView, setAddress)
  const link = useCallback(() => linkOf(real.view()), [real]) // made-up rows are nobody else's
  const [saved, openView] = useOpenView(views, store, displays, view.search.text)
  const { show } = overlays
  const commands = useMemo(
    () =>
      pageCommands({
        ...{ store, link, toasts, show, showExport, toggleFacets, openView },
        display: displays,
        views: saved,
        focusFilter: () => filter.current?.focus(),
        rows: () => rows.current,
      }),
    [store, displays, link, toasts, show, toggleFacets, saved, openView],
  )
  useKeys(useKeyed(commands, overlays.overlay), display.singleKeys, filter)
  useDebug(real)
  useTitle(store)
  useLater()
  useEffect(() => store.dismissHint(readDismissed()), [store])
  const parts = { store, view, display, displays, toasts, rows, toggleFacets, playDemo: demo.play }
  return {
    ...parts,
    real: realView,
    demo,
    filter,
    drawer,
    overlays,
    commands,
    actions: { display, views, openView, link },
  }
}

/** The live tail. Wires its parts, and is the only place that does. */
export function Tail() {
  const page = usePage()
  const { store, view, display, displays, demo, overlays, actions, commands } = page
  const wide = useMedia(wideScreen)
  const showSecond = useCallback((second: number) => store.showSecond(second), [store])
  const hideChart = useCallback(() => displays.set({ chart: false }), [displays])
  const showChart = useCallback(() => displays.set({ chart: true }), [displays])
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <SkipLink />
      <Header store={store} view={view} show={overlays.show} link={actions.link} />
      {demo.playing && <DemoBanner real={page.real.firstRun.kind} stop={demo.stop} />}
      <QueryBar {...actions} store={store} view={view} toggleFacets={page.toggleFacets} input={page.filter} />
      {display.chart && <Rate chart={view.chart} zone={display.zone} show={showSecond} hide={hideChart} />}
      <NoticeStrip
        store={store}
        notice={view.notice}
        text={view.search.text}
        showChart={display.chart ? undefined : showChart}
      />
      <Stage {...page} wide={wide} madeUp={demo.playing} />
      <Announcements view={view} summaries={display.summaries} />
      <StatusBar view={view} zone={display.zone} />
      <Toasts toasts={page.toasts} />
      {!wide && (
        <Loading>
          <Suspense>
            <FacetDrawer store={store} view={view} dialog={page.drawer}>
              <ViewsMenu views={actions.views} text={view.search.text} display={display} open={actions.openView} />
            </FacetDrawer>
          </Suspense>
        </Loading>
      )}
      <Overlays {...overlays} {...{ commands, store, view, display, displays }} playDemo={demo.play} />
    </div>
  )
}

function SkipLink() {
  return (
    <a
      href="#impressions"
      className="absolute -top-10 left-3 z-50 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:top-2"
    >
      Skip to the impressions
    </a>
  )
}
