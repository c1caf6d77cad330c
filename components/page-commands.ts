import type { Command } from './commands.ts'
import type { DisplayStore } from './display/store.ts'
import { linkOf } from './link.ts'
import type { Overlay } from './Overlays.tsx'
import type { TailStore } from './tail/store.ts'
import { chooseTheme, themes } from './theme.ts'
import type { Toasts } from './toasts.ts'

export type CommandParts = {
  readonly store: TailStore
  readonly display: DisplayStore
  readonly focusFilter: () => void
  readonly focusRows: () => void
  readonly toasts: Pick<Toasts, 'say'>
  readonly show: (overlay: Overlay) => void
}

const pageLines = 20

/** Every command of the page. */
export function pageCommands(parts: CommandParts): readonly Command[] {
  return [watchCommands, rowCommands, filterCommands, viewCommands, moreCommands].flatMap((commands) => commands(parts))
}

function watchCommands({ store }: CommandParts): readonly Command[] {
  const { reader } = store
  return [
    {
      id: 'pause',
      title: 'Pause or resume',
      group: 'Watch',
      keys: [' '],
      run: () => reader.setPaused(store.view().mode !== 'paused'),
    },
    { id: 'live', title: 'Back to the newest rows', group: 'Watch', keys: ['Home', 'g'], run: () => reader.goLive() },
  ]
}

function rowCommands({ store, focusRows }: CommandParts): readonly Command[] {
  const { reader } = store
  const move = (lines: number) => () => {
    focusRows()
    reader.move(lines)
  }
  const leave = (): void => {
    if (reader.selection.opened) reader.closeRow()
    else reader.leave()
    focusRows()
  }
  return [
    { id: 'next', title: 'Next row', group: 'Rows', keys: ['j', 'ArrowDown'], run: move(1), hidden: true },
    { id: 'previous', title: 'Previous row', group: 'Rows', keys: ['k', 'ArrowUp'], run: move(-1), hidden: true },
    { id: 'page-down', title: 'A page down', group: 'Rows', keys: ['PageDown'], run: move(pageLines), hidden: true },
    { id: 'page-up', title: 'A page up', group: 'Rows', keys: ['PageUp'], run: move(-pageLines), hidden: true },
    { id: 'open', title: 'Open the row', group: 'Rows', keys: ['Enter'], run: () => openSelected(store), hidden: true },
    {
      id: 'leave',
      title: 'Close the row, then forget the selection',
      group: 'Rows',
      keys: ['Escape'],
      run: leave,
      hidden: true,
    },
  ]
}

/** Opens the selected row; a marker of rows that can be loaded is loaded. */
function openSelected(store: TailStore): void {
  const { list, selected } = store.view()
  const entry = selected && list.at(selected.index)
  if (entry?.kind === 'skipped') store.load(entry.id)
  else store.reader.openSelected()
}

function filterCommands({ store, focusFilter }: CommandParts): readonly Command[] {
  return [
    { id: 'filter', title: 'Go to the filter', group: 'Filter', keys: ['/'], run: focusFilter },
    { id: 'clear-filter', title: 'Clear the filter', group: 'Filter', keys: [], run: () => store.setText('') },
  ]
}

function viewCommands({ display }: CommandParts): readonly Command[] {
  const now = display.view
  return [
    {
      id: 'zone',
      title: 'Times in local time or UTC',
      group: 'View',
      keys: ['z'],
      run: () => display.set({ zone: now().zone === 'local' ? 'utc' : 'local' }),
    },
    {
      id: 'density',
      title: 'Compact or comfortable rows',
      group: 'View',
      keys: ['d'],
      run: () => display.set({ density: now().density === 'compact' ? 'comfortable' : 'compact' }),
    },
    {
      id: 'time',
      title: 'Times of day, or how long ago',
      group: 'View',
      keys: [],
      run: () => display.set({ time: now().time === 'absolute' ? 'relative' : 'absolute' }),
    },
    {
      id: 'calm',
      title: 'Calm on or off',
      group: 'View',
      keys: [],
      run: () => display.set({ calm: !now().calm }),
    },
    ...themes.map((theme): Command => {
      const title = theme === 'system' ? 'Theme of the system' : `${theme === 'light' ? 'Light' : 'Dark'} theme`
      return { id: `theme-${theme}`, title, group: 'View', keys: [], run: () => chooseTheme(theme) }
    }),
  ]
}

function moreCommands({ store, toasts, show }: CommandParts): readonly Command[] {
  const copyLink = () =>
    navigator.clipboard.writeText(linkOf(store.view())).then(
      () => toasts.say('Link copied'),
      () => toasts.say('The browser does not allow to copy'),
    )
  return [
    { id: 'copy-link', title: 'Copy link to this view', group: 'More', keys: ['Shift+L'], run: copyLink },
    { id: 'palette', title: 'All commands', group: 'More', keys: ['Mod+k'], run: () => show('palette'), hidden: true },
    { id: 'settings', title: 'Settings', group: 'More', keys: [], run: () => show('settings') },
    { id: 'connect', title: 'Connect an SDK', group: 'More', keys: [], run: () => show('connect') },
    { id: 'help', title: 'Keys', group: 'More', keys: ['?'], run: () => show('help') },
  ]
}
