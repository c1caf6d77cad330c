import { type Column, type ColumnName, columnsOf } from './columns.ts'
import type { Display } from './display/display.ts'
import type { Zone } from './times.ts'

/** What all rows have in common; the same object while nothing of it is different, so that no row is painted for it. */
export type RowLook = {
  readonly columns: readonly Column[]
  readonly zone: Zone
  readonly rowPx: number
  readonly rowClass: string
  /** How a row's cells are laid out: side by side, or on a small screen as a card of two lines. */
  readonly lineClass: 'cols' | 'card'
  /** Whether the names of the columns stand above them. */
  readonly head: boolean
  /** How much room there must be for a column to be shown: any, some, or that of a wide screen. */
  readonly roomClass: (column: Column) => '' | 'some-room' | 'wide'
  /** The class of a column's cells: made once, not for each of hundreds ten times a second. */
  readonly cellClass: ReadonlyMap<ColumnName, string>
  /** Rows that anybody could have posted bear a sign: where others do not, it tells something. */
  readonly signsUnverified: boolean
}

const densities = {
  compact: { rowPx: 28, rowClass: 'h-7 leading-[27px]' },
  comfortable: { rowPx: 36, rowClass: 'h-9 leading-[35px]' },
} as const
/** A card's cells, line by line; where they stand is the theme's. */
const cardColumns = columnsOf(['treatment', 'flag', 'time', 'key', 'label', 'env'])
const card = { rowPx: 56, rowClass: 'h-14 leading-5', lineClass: 'card', head: false } as const
const narrowNames: ReadonlySet<string> = new Set(['time', 'flag', 'key', 'treatment'])
const narrowMost = 4

export function rowLook(
  { columns: names, zone, density }: Pick<Display, 'columns' | 'zone' | 'density'>,
  { signsUnverified, cards }: { readonly signsUnverified: boolean; readonly cards: boolean },
): RowLook {
  if (cards) return { ...card, columns: cardColumns, zone, ...classesOf(cardColumns, () => ''), signsUnverified }
  const columns = columnsOf(names)
  const few = new Set(narrowOf(columns))
  const roomClass = (column: Column) => (few.has(column) ? '' : column.name === 'label' ? 'some-room' : 'wide')
  const classes = classesOf(columns, roomClass)
  return { ...densities[density], lineClass: 'cols', head: true, columns, zone, ...classes, signsUnverified }
}

function classesOf(
  columns: readonly Column[],
  roomClass: RowLook['roomClass'],
): Pick<RowLook, 'roomClass' | 'cellClass'> {
  const classes = columns.map((column): [ColumnName, string] => {
    const font = column.timeMs ? 'tabular-nums' : column.mono ? 'font-mono text-[12px]' : ''
    return [column.name, `cell ${font} ${column.quiet ? 'text-muted' : ''} ${roomClass(column)}`]
  })
  return { roomClass, cellClass: new Map(classes) }
}

/** Custom properties, as a style takes them. */
type Templates = { readonly [name: `--${string}`]: string }

/** Templates of the grid that the head and every row share. The widths stand here alone: a new one paints no row. */
export function templatesOf({ columns: names, widths }: Pick<Display, 'columns' | 'widths'>): Templates {
  const columns = columnsOf(names)
  const narrow = narrowOf(columns)
  return {
    '--cols': columns.map(({ name, width }) => (widths[name] === undefined ? width : `${widths[name]}px`)).join(' '),
    '--cols-some-room': columns
      .filter((column) => narrow.includes(column) || column.name === 'label')
      .map(narrowWidth)
      .join(' '),
    '--cols-narrow': narrow.map(narrowWidth).join(' '),
  }
}

/** The columns that are left where there is little room. */
function narrowOf(columns: readonly Column[]): readonly Column[] {
  const narrow = columns.filter(({ name }) => narrowNames.has(name))
  return narrow.length > 0 ? narrow : columns.slice(0, narrowMost)
}

/** Where there is little room, what has a width keeps it and the rest share. */
function narrowWidth({ width }: Column): string {
  const share = /([\d.]+fr)/.exec(width)?.[1]
  return share === undefined ? width.replace(/^minmax\((.*), .*\)$/, 'minmax(64px, 0.8fr)') : `minmax(0, ${share})`
}
