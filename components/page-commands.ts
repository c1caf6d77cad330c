import type { Command } from './commands.ts'
import { copyText } from './copy.ts'
import type { DisplayStore } from './display/store.ts'
import type { Overlay } from './Overlays.tsx'
import { type RowCommandParts, rowCommands } from './row-commands.ts'
import { chooseTheme, themes } from './theme.ts'
import type { SavedView } from './views/saved-views.ts'
import { savedViewCommands } from './views/view-query.ts'

export type CommandParts = RowCommandParts & {
  readonly display: DisplayStore
  readonly focusFilter: () => void
  readonly link: () => string
  readonly show: (overlay: Overlay) => void
  readonly showExport: () => void
  readonly toggleFacets: () => void
  readonly views: readonly SavedView[]
  readonly openView: (view: SavedView) => void
}

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

function filterCommands({ store, focusFilter, views, openView }: CommandParts): readonly Command[] {
  return [
    { id: 'filter', title: 'Go to the filter', group: 'Filter', keys: ['/'], run: focusFilter },
    { id: 'clear-filter', title: 'Clear the filter', group: 'Filter', keys: [], run: () => store.setText('') },
    ...savedViewCommands(views, openView),
  ]
}

function viewCommands({ display, rows, toggleFacets }: CommandParts): readonly Command[] {
  const now = display.view
  return [
    { id: 'facets', title: 'Show or hide the facets', group: 'View', keys: ['['], run: toggleFacets },
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
    { id: 'columns', title: 'Choose columns', group: 'View', keys: [], run: () => rows()?.openColumns() },
    {
      id: 'chart',
      title: 'Show or hide the chart',
      group: 'View',
      keys: ['t'],
      run: () => display.set({ chart: !now().chart }),
    },
    {
      id: 'summaries',
      title: 'Spoken summaries on or off',
      group: 'View',
      keys: [],
      run: () => display.set({ summaries: !now().summaries }),
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

function moreCommands({ link, toasts, show, showExport }: CommandParts): readonly Command[] {
  const copyLink = async () =>
    toasts.say((await copyText(link())) ? 'Link copied' : 'The browser does not allow to copy')
  return [
    { id: 'copy-link', title: 'Copy link to this view', group: 'More', keys: ['Shift+L'], run: copyLink },
    { id: 'palette', title: 'All commands', group: 'More', keys: ['Mod+k'], run: () => show('palette'), hidden: true },
    { id: 'export', title: 'Export rows', group: 'More', keys: [], run: showExport },
    { id: 'settings', title: 'Settings', group: 'More', keys: [], run: () => show('settings') },
    { id: 'connect', title: 'Connect an SDK', group: 'More', keys: [], run: () => show('connect') },
    { id: 'help', title: 'Keys', group: 'More', keys: ['?'], run: () => show('help') },
  ]
}
