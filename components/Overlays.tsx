import { Suspense, useCallback, useMemo, useState } from 'react'
import type { Command } from './commands.ts'
import type { Display } from './display/display.ts'
import type { DisplayStore } from './display/store.ts'
import type { PlayDemo } from './first-run/Connect.tsx'
import { Loading } from './Loading.tsx'
import { later } from './later.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

/** What may lie over the page; one at a time. */
export type Overlay = 'help' | 'palette' | 'settings' | 'connect'

const Help = later(async () => (await import('./Help.tsx')).Help)
const Palette = later(async () => (await import('./palette/Palette.tsx')).Palette)
const Settings = later(async () => (await import('./settings/Settings.tsx')).Settings)
const ConnectDialog = later(async () => (await import('./first-run/ConnectDialog.tsx')).ConnectDialog)

export type OverlayState = {
  readonly overlay: Overlay | undefined
  /** Shows it, or closes it where it is shown. */
  readonly show: (overlay: Overlay) => void
  /** This one is closed, whatever has been shown since. */
  readonly closed: (overlay: Overlay) => void
}

/** Which one is shown. */
export function useOverlays(): OverlayState {
  const [overlay, setOverlay] = useState<Overlay>()
  const show = useCallback((asked: Overlay) => setOverlay((now) => (now === asked ? undefined : asked)), [])
  const closed = useCallback((gone: Overlay) => setOverlay((now) => (now === gone ? undefined : now)), [])
  return { overlay, show, closed }
}

/** The commands that keys may run: what lies over the page may be on its way, and what is typed meanwhile is not for the page. */
export function useKeyed(commands: readonly Command[], overlay: Overlay | undefined): readonly Command[] {
  return useMemo(() => (overlay ? commands.filter(({ id }) => id === 'palette') : commands), [commands, overlay])
}

type Props = OverlayState & {
  readonly commands: readonly Command[]
  readonly store: TailStore
  readonly view: View
  readonly display: Display
  readonly displays: DisplayStore
  readonly playDemo: PlayDemo
}

/** The dialog that is shown over the page, if one is. */
export function Overlays(props: Props) {
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
