import { type Column, columnsOf } from './columns.ts'
import type { Display } from './display/display.ts'
import type { Zone } from './times.ts'

/** What all rows have in common; the same object while nothing of it is different, so that no row is painted for it. */
export type RowLook = {
  readonly columns: readonly Column[]
  readonly zone: Zone
  readonly rowPx: number
  readonly rowClass: string
  /** Whether a column is still shown where there is little room. */
  readonly isNarrow: (column: Column) => boolean
  /** Templates of the grid that the head and every row share. */
  readonly template: string
  readonly narrowTemplate: string
}

const densities = {
  compact: { rowPx: 28, rowClass: 'h-7 leading-[27px]' },
  comfortable: { rowPx: 36, rowClass: 'h-9 leading-[35px]' },
} as const
const narrowNames: ReadonlySet<string> = new Set(['time', 'flag', 'key', 'treatment'])
const narrowMost = 4

export function rowLook({ columns: names, widths, zone, density }: Display): RowLook {
  const columns = columnsOf(names)
  const narrow = columns.filter(({ name }) => narrowNames.has(name))
  const few = new Set(narrow.length > 0 ? narrow : columns.slice(0, narrowMost))
  return {
    ...densities[density],
    columns,
    zone,
    isNarrow: (column) => few.has(column),
    template: columns.map(({ name, width }) => (widths[name] === undefined ? width : `${widths[name]}px`)).join(' '),
    narrowTemplate: columns
      .filter((column) => few.has(column))
      .map(narrowWidth)
      .join(' '),
  }
}

/** Where there is little room, what has a width keeps it and the rest share. */
function narrowWidth({ width }: Column): string {
  const share = /([\d.]+fr)/.exec(width)?.[1]
  return share === undefined ? width.replace(/^minmax\((.*), .*\)$/, 'minmax(64px, 0.8fr)') : `minmax(0, ${share})`
}
