import { lazy, Suspense, useEffect } from 'react'
import type { Command } from './commands.ts'
import type { Display } from './display/display.ts'
import type { DisplayStore } from './display/store.ts'
import type { PlayDemo } from './first-run/Connect.tsx'
import { Help } from './Help.tsx'
import { Loading } from './Loading.tsx'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

/** What may lie over the page; one at a time. */
export type Overlay = 'help' | 'palette' | 'settings' | 'connect'

const loadPalette = () => import('./palette/Palette.tsx').then(({ Palette }) => ({ default: Palette }))
const loadSettings = () => import('./settings/Settings.tsx').then(({ Settings }) => ({ default: Settings }))
const loadConnect = () =>
  import('./first-run/ConnectDialog.tsx').then(({ ConnectDialog }) => ({ default: ConnectDialog }))
const Palette = lazy(loadPalette)
const Settings = lazy(loadSettings)
const ConnectDialog = lazy(loadConnect)

const loadAfterMs = 2000

type Props = {
  readonly overlay: Overlay | undefined
  readonly show: (overlay: Overlay) => void
  /** This one is closed, whatever has been shown since. */
  readonly closed: (overlay: Overlay) => void
  readonly commands: readonly Command[]
  readonly store: TailStore
  readonly view: View
  readonly display: Display
  readonly displays: DisplayStore
  readonly playDemo: PlayDemo
}

/** Dialogs over the page. Their code comes once the page stands, so that they open also while the server is away. */
export function Overlays(props: Props) {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const load of [loadPalette, loadSettings, loadConnect]) load().catch(() => {}) // then it is tried when wanted
    }, loadAfterMs)
    return () => clearTimeout(timer)
  }, [])
  const { overlay, closed } = props
  if (overlay === undefined) return null
  return (
    <Loading key={overlay} dismiss={() => closed(overlay)}>
      <Suspense>
        <Open {...props} overlay={overlay} />
      </Suspense>
    </Loading>
  )
}

type OpenProps = Props & { readonly overlay: Overlay }

function Open({ overlay, show, commands, store, view, display, displays, playDemo, ...props }: OpenProps) {
  const closed = () => props.closed(overlay)
  switch (overlay) {
    case 'help':
      return <Help commands={commands} singleKeys={display.singleKeys} closed={closed} />
    case 'palette':
      return <Palette commands={commands} store={store} view={view} closed={closed} />
    case 'settings': {
      const [showKeys, connect] = [() => show('help'), () => show('connect')]
      return <Settings {...{ display, displays, showKeys, connect, closed }} />
    }
    case 'connect':
      return <ConnectDialog playDemo={playDemo} closed={closed} />
    default:
      return overlay satisfies never
  }
}
