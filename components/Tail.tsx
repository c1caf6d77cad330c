'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useAccess } from './access/use-access.ts'
import { useDemo } from './demo/use-demo.ts'
import { readDismissed } from './dismissed.ts'
import { useDisplay } from './display/use-display.ts'
import { showExport } from './export/ExportButton.tsx'
import { useLater } from './later.ts'
import { linkOf } from './link.ts'
import { useKeyed, useOverlays } from './Overlays.tsx'
import { pageCommands } from './page-commands.ts'
import type { RowsHandle } from './rows-handle.ts'
import { Screen, type ScreenProps } from './Screen.tsx'
import { browserClock } from './tail/clock.ts'
import { useDebug } from './tail/use-debug.ts'
import { useAddress, useLink } from './tail/use-link.ts'
import { useGlance, useStore } from './tail/use-store.ts'
import { Toasts as ToastStore } from './toasts.ts'
import { useKeys } from './use-keys.ts'
import { useTitle } from './use-title.ts'
import { useOpenView, useViews } from './views/use-views.ts'

/** What the page is made of, and what it does. */
function usePage(): ScreenProps {
  const [asked, setAddress] = useAddress()
  const [display, displays] = useDisplay()
  const [views, begin] = useViews(asked)
  const real = useStore(begin, useAccess())
  const demo = useDemo(real, display.calm)
  const { store } = demo
  const filter = useRef<HTMLInputElement>(null)
  const rows = useRef<RowsHandle>(null)
  const drawer = useRef<HTMLDialogElement>(null)
  const overlays = useOverlays()
  const [toasts] = useState(() => new ToastStore(browserClock))
  const toggleFacets = useCallback(() => {
    if (drawer.current) drawer.current.showModal()
    else displays.set({ facets: !displays.view().facets })
  }, [displays])
  useLink(real, setAddress)
  const link = useCallback(() => linkOf(real.view()), [real]) // made-up rows are nobody else's
  const [saved, openView] = useOpenView(
    views,
    store,
    displays,
    useGlance(store, ({ search }) => search.text),
  )
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
  const actions = { display, views, openView, link }
  return {
    store,
    real,
    display,
    displays,
    toasts,
    rows,
    toggleFacets,
    demo,
    filter,
    drawer,
    overlays,
    commands,
    actions,
  }
}

/** The live tail. Wires its parts, and is the only place that does; it is not painted when rows come, the screen below is. */
export function Tail() {
  return <Screen {...usePage()} />
}
