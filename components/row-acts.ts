import { type CellAct, canAct, cellValue, filterAfter } from './cell-acts.ts'
import type { Column } from './columns.ts'
import { columnOf } from './columns.ts'
import { copyText } from './copy.ts'
import { jsonText } from './json-text.ts'
import type { RowEntry } from './tail/entry.ts'
import type { TailStore } from './tail/store.ts'
import type { Toasts } from './toasts.ts'

/** One cell of one row. */
export type CellOfRow = { readonly row: RowEntry; readonly column: Column }

type Parts = { readonly store: TailStore; readonly toasts: Toasts }

/** Does it to the filter or the clipboard, and says so; or says why it cannot be done. */
export function doAct({ store, toasts }: Parts, act: CellAct, { row, column }: CellOfRow): void {
  const { impression } = row
  if (!canAct(act, column, impression)) {
    const value = cellValue(column, impression)
    toasts.say(value === undefined ? `This row has no ${column.title}` : `${column.title} is nothing to filter by here`)
  } else if (act === 'copy') copy(toasts, cellValue(column, impression) ?? '', `${column.title} copied`)
  else if (act === 'copy-row') copy(toasts, jsonText(row), 'Row copied as JSON')
  else store.setText(filterAfter(act, store.view().search.text, column, impression))
}

/** Copies a text, and says how that went. */
export function copy(toasts: Toasts, text: string, done: string): void {
  void copyText(text).then((copied) => toasts.say(copied ? done : 'The browser does not allow to copy'))
}

/** The row that is selected; not a marker. */
export function selectedRow(store: TailStore): RowEntry | undefined {
  const { list, selected } = store.view()
  const entry = selected && list.at(selected.index)
  return entry?.kind === 'impression' ? entry : undefined
}

/** The cell that has the focus. */
export function focusedCell(store: TailStore): CellOfRow | undefined {
  const row = selectedRow(store)
  const column = columnOf(store.view().cell ?? '')
  return row && column && { row, column }
}

/** Empties the view, with a way back. */
export function clearView({ store, toasts }: Parts): void {
  store.clear()
  toasts.say('View cleared', {
    title: 'Undo',
    lapsed: () => store.forgetCleared(),
    run: () => {
      if (!store.bringBack()) toasts.say('The rows cannot come back: the filter was changed since')
    },
  })
}
