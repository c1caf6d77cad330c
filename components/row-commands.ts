import type { CellAct } from './cell-acts.ts'
import type { Command } from './commands.ts'
import { jsonText } from './json-text.ts'
import { clearView, copy, doAct, focusedCell, selectedRow } from './row-acts.ts'
import type { RowsHandle } from './rows-handle.ts'
import type { TailStore } from './tail/store.ts'
import { type Toasts, undoKey } from './toasts.ts'

export type RowCommandParts = {
  readonly store: TailStore
  readonly toasts: Toasts
  /** The table, while it is there. */
  readonly rows: () => RowsHandle | null
}

/** What can be done with rows, cells and markers. */
export function rowCommands(parts: RowCommandParts): readonly Command[] {
  return [...moveCommands(parts), ...cellCommands(parts), ...clearCommands(parts)]
}

function moveCommands({ store, rows, toasts }: RowCommandParts): readonly Command[] {
  const { reader } = store
  const move = (lines: () => number) => () => {
    rows()?.focus()
    reader.move(lines())
  }
  const page = () => rows()?.pageLines() ?? 1
  const toMarker = (step: 1 | -1) => () => {
    rows()?.focus()
    if (!reader.toMarker(step)) toasts.say(`No marker ${step === 1 ? 'further down' : 'further up'}`)
  }
  const leave = (): void => {
    if (reader.selection.opened) reader.closeRow()
    else reader.leave()
    window.getSelection()?.removeAllRanges()
    rows()?.focus()
  }
  const down = 'ArrowDown'
  const up = 'ArrowUp'
  return [
    { id: 'next', title: 'Next row', group: 'Rows', keys: ['j', down], run: move(() => 1), hidden: true },
    { id: 'previous', title: 'Previous row', group: 'Rows', keys: ['k', up], run: move(() => -1), hidden: true },
    { id: 'page-down', title: 'A page down', group: 'Rows', keys: ['PageDown'], run: move(page), hidden: true },
    { id: 'page-up', title: 'A page up', group: 'Rows', keys: ['PageUp'], run: move(() => -page()), hidden: true },
    { id: 'next-marker', title: 'Next gap or other marker', group: 'Rows', keys: ['n'], run: toMarker(1) },
    { id: 'previous-marker', title: 'Previous gap or other marker', group: 'Rows', keys: ['p'], run: toMarker(-1) },
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
  if (entry && entry.kind !== 'impression') store.load(entry.id)
  else store.reader.openSelected()
}

function cellCommands(parts: RowCommandParts): readonly Command[] {
  const { store, rows, toasts } = parts
  const act = (one: CellAct) => () => {
    const cell = focusedCell(store)
    if (cell) doAct(parts, one, cell)
    else toasts.say('No cell is chosen: ↑ ↓ choose a row, ← → a cell')
  }
  const copyRow = () => {
    const row = selectedRow(store)
    if (row) copy(toasts, jsonText(row), 'Row copied as JSON')
    else toasts.say('No row is chosen: ↑ ↓ choose one')
  }
  return [
    {
      id: 'cell-right',
      title: 'Next cell',
      group: 'Rows',
      keys: ['ArrowRight'],
      run: moveCell(parts, 1),
      hidden: true,
    },
    {
      id: 'cell-left',
      title: 'Previous cell',
      group: 'Rows',
      keys: ['ArrowLeft'],
      run: moveCell(parts, -1),
      hidden: true,
    },
    { id: 'include', title: 'Filter for the cell’s value', group: 'Rows', keys: ['i'], run: act('include') },
    { id: 'exclude', title: 'Filter out the cell’s value', group: 'Rows', keys: ['e'], run: act('exclude') },
    {
      id: 'cell-menu',
      title: 'Menu of the cell',
      group: 'Rows',
      keys: ['f'],
      run: () => {
        if (!rows()?.openMenu()) toasts.say('No row is chosen: ↑ ↓ choose one')
      },
    },
    { id: 'copy-cell', title: 'Copy the cell', group: 'Rows', keys: ['c'], run: act('copy') },
    { id: 'copy-row', title: 'Copy the row as JSON', group: 'Rows', keys: ['y'], run: copyRow },
  ]
}

/** To the cell beside the focused one; left of the first is the row as a whole. */
function moveCell({ store, rows }: RowCommandParts, step: 1 | -1): () => void {
  return () => {
    const names: readonly (string | undefined)[] = rows()?.columns() ?? []
    const { cell } = store.view()
    const from = names.indexOf(cell)
    rows()?.focus()
    store.reader.toCell(names[Math.min(names.length - 1, from + step)])
  }
}

function clearCommands(parts: RowCommandParts): readonly Command[] {
  const { toasts } = parts
  const undo = () => {
    const toast = toasts.view().findLast(({ act }) => act)
    if (toast) toasts.act(toast)
  }
  return [
    { id: 'clear-view', title: 'Clear the view', group: 'Watch', keys: ['Shift+X'], run: () => clearView(parts) },
    { id: 'undo', title: 'Undo the clear', group: 'Watch', keys: [undoKey], run: undo, hidden: true },
  ]
}
