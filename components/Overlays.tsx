import { Suspense } from 'react'
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
