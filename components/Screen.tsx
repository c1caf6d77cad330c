import { type RefObject, Suspense, useCallback } from 'react'
import { Announcements } from './Announcements.tsx'
import type { Command } from './commands.ts'
import { DemoBanner } from './demo/DemoBanner.tsx'
import type { Demo } from './demo/use-demo.ts'
import type { DisplayStore } from './display/store.ts'
import { Header } from './Header.tsx'
import { Loading } from './Loading.tsx'
import { later } from './later.ts'
import { NoticeStrip } from './NoticeStrip.tsx'
import { type OverlayState, Overlays } from './Overlays.tsx'
import { QueryBar } from './QueryBar.tsx'
import { Rate } from './rate/Rate.tsx'
import type { RowsHandle } from './rows-handle.ts'
import { Stage } from './Stage.tsx'
import { StatusBar } from './StatusBar.tsx'
import { Toasts } from './Toasts.tsx'
import type { TailStore } from './tail/store.ts'
import { useGlance, useView } from './tail/use-store.ts'
import type { Toasts as ToastStore } from './toasts.ts'
import { useMedia, wideScreen } from './use-media.ts'
import type { ViewActionsProps } from './ViewActions.tsx'
import { ViewsMenu } from './views/ViewsMenu.tsx'

const FacetDrawer = later(async () => (await import('./facets/FacetDrawer.tsx')).FacetDrawer)

export type ScreenProps = {
  /** What is looked at: the real store, or the demo's while it plays. */
  readonly store: TailStore
  readonly real: TailStore
  readonly demo: Demo
  readonly display: ViewActionsProps['display']
  readonly displays: DisplayStore
  readonly toasts: ToastStore
  readonly rows: RefObject<RowsHandle | null>
  readonly filter: RefObject<HTMLInputElement | null>
  readonly drawer: RefObject<HTMLDialogElement | null>
  readonly toggleFacets: () => void
  readonly overlays: OverlayState
  readonly commands: readonly Command[]
  readonly actions: Omit<ViewActionsProps, 'text'>
}

/** Everything that is seen, painted again whenever there is something else to see. */
export function Screen(page: ScreenProps) {
  const { store, display, displays, demo, overlays, actions, commands } = page
  const view = useView(store)
  const wide = useMedia(wideScreen)
  const showSecond = useCallback((second: number) => store.showSecond(second), [store])
  const hideChart = useCallback(() => displays.set({ chart: false }), [displays])
  const showChart = useCallback(() => displays.set({ chart: true }), [displays])
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <SkipLink />
      <Header store={store} view={view} show={overlays.show} link={actions.link} />
      {demo.playing && <Playing real={page.real} stop={demo.stop} />}
      <QueryBar {...actions} store={store} view={view} toggleFacets={page.toggleFacets} input={page.filter} />
      {display.chart && <Rate chart={view.chart} zone={display.zone} show={showSecond} hide={hideChart} />}
      <NoticeStrip
        store={store}
        notice={view.notice}
        text={view.search.text}
        showChart={display.chart ? undefined : showChart}
      />
      <Stage {...page} view={view} playDemo={demo.play} wide={wide} madeUp={demo.playing} />
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

function Playing({ real, stop }: Pick<Demo, 'stop'> & { readonly real: TailStore }) {
  return <DemoBanner real={useGlance(real, ({ firstRun }) => firstRun.kind)} stop={stop} />
}
