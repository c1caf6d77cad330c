'use client'

import { Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { DemoBanner } from './demo/DemoBanner.tsx'
import { useDemo } from './demo/use-demo.ts'
import { useDisplay } from './display/use-display.ts'
import { EmptyState } from './EmptyState.tsx'
import { Header } from './Header.tsx'
import { Icon } from './Icon.tsx'
import { Loading } from './Loading.tsx'
import { later, useLater } from './later.ts'
import { NoticeStrip } from './NoticeStrip.tsx'
import { type Overlay, Overlays } from './Overlays.tsx'
import { pageCommands } from './page-commands.ts'
import { QueryBar } from './QueryBar.tsx'
import { RowTable } from './RowTable.tsx'
import { StatusBar } from './StatusBar.tsx'
import { Toasts } from './Toasts.tsx'
import { browserClock } from './tail/clock.ts'
import { count } from './tail/numbers.ts'
import { useDebug } from './tail/use-debug.ts'
import { useAddress, useLink } from './tail/use-link.ts'
import { useStore, useView } from './tail/use-store.ts'
import { Toasts as ToastStore } from './toasts.ts'
import { useKeys } from './use-keys.ts'

const FirstRun = later(async () => (await import('./first-run/FirstRun.tsx')).FirstRun)
const Detail = later(async () => (await import('./Detail.tsx')).Detail)

/** The live tail. Wires its parts, and is the only place that does. */
export function Tail() {
  const [link, setAddress] = useAddress()
  const [display, displays] = useDisplay()
  const real = useStore(link)
  const realView = useView(real)
  const demo = useDemo(real, display.calm)
  const { store } = demo
  const view = useView(store)
  const filter = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const [overlay, setOverlay] = useState<Overlay>()
  const show = useCallback((asked: Overlay) => setOverlay((now) => (now === asked ? undefined : asked)), [])
  const [toasts] = useState(() => new ToastStore(browserClock))
  useLink(real, realView, setAddress)
  const commands = useMemo(
    () =>
      pageCommands({
        store,
        display: displays,
        focusFilter: () => filter.current?.focus(),
        focusRows: () => grid.current?.focus(),
        toasts,
        show,
      }),
    [store, displays, toasts, show],
  )
  // what lies over the page may still be on its way: what is typed meanwhile is not for the page
  const keyed = useMemo(() => (overlay ? commands.filter(({ id }) => id === 'palette') : commands), [overlay, commands])
  useKeys(keyed, display.singleKeys, filter)
  useDebug(real)
  useLater()
  const close = () => {
    store.reader.leave()
    grid.current?.focus()
  }
  const { firstRun, opened, list, mode, waiting } = view
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
      <QueryBar store={store} view={view} input={filter} />
      <NoticeStrip notice={view.notice} />
      <main id="impressions" tabIndex={-1} className="relative flex min-h-0 flex-1">
        {firstRun.kind !== 'over' ? (
          <Loading>
            <Suspense>
              <FirstRun view={view} state={firstRun} playDemo={demo.play} />
            </Suspense>
          </Loading>
        ) : (
          <section aria-label="Rows" className="relative min-w-0 flex-1">
            <RowTable store={store} view={view} display={display} grid={grid} />
            {list.count === 0 && <EmptyState store={store} view={view} />}
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
      <StatusBar view={view} zone={display.zone} />
      <Toasts toasts={toasts} />
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
