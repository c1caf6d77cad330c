import { excludeValue, includeValue, onlyField, setField } from '../domain/filter/edit.ts'
import type { Impression } from '../domain/impression.ts'
import type { Column } from './columns.ts'
import { isoTime } from './times.ts'

/** What can be done about one cell. */
export type CellAct = 'only' | 'include' | 'exclude' | 'copy' | 'copy-row' | 'this-key'

/** The value of a cell as it is copied: times in full. */
export function cellValue(column: Column, impression: Impression): string | undefined {
  const ms = column.timeMs?.(impression)
  return ms === undefined ? column.text(impression) : isoTime(ms)
}

/** Whether a cell has what this needs: a value, and one that can be filtered by. */
export function canAct(act: CellAct, column: Column, impression: Impression): boolean {
  switch (act) {
    case 'only':
    case 'include':
    case 'exclude':
      return column.field !== undefined && column.text(impression) !== undefined
    case 'copy':
      return cellValue(column, impression) !== undefined
    case 'copy-row':
    case 'this-key':
      return true
    default:
      return act satisfies never
  }
}

/** The filter's text after this was done about a cell; the same where it is not about the filter, or cannot be. */
export function filterAfter(act: CellAct, filter: string, column: Column, impression: Impression): string {
  if (act === 'this-key') return includeValue(onlyField(filter, 'env'), 'key', impression.key)
  const { field } = column
  const value = column.text(impression)
  if (field === undefined || value === undefined) return filter
  if (act === 'only') return setField(filter, field, [value])
  if (act === 'include') return includeValue(filter, field, value)
  return act === 'exclude' ? excludeValue(filter, field, value) : filter
}
