// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of recycled, absolutely placed lines; a <table> cannot be one
// biome-ignore-all lint/a11y/useFocusableInteractive: focus stays on the grid, aria-activedescendant names the line
import { Fragment, memo, type ReactNode } from 'react'
import type { Impression } from '../domain/impression.ts'
import type { Column } from './columns.ts'
import { Icon, type IconName } from './Icon.tsx'
import type { RowLook } from './row-look.ts'
import { shown } from './Shown.tsx'
import { TreatmentGlyph } from './Treatment.tsx'
import { type Entry, type Load, type Marker, markerText, markerTone, type RowEntry } from './tail/entry.ts'
import { agoText, dateTime, isoTime, timeOfDay } from './times.ts'
import { visibleText } from './visible-text.ts'

type Props = {
  readonly entry: Entry
  readonly index: number
  /** Distance from the top of the list. */
  readonly top: number
  readonly selected: boolean
  /** The column of its focused cell. */
  readonly cell: string | undefined
  readonly hovered: boolean
  /** Its number is told while the list stands still; live, numbers would be out of date at once. */
  readonly numbered: boolean
  readonly look: RowLook
  /** How it stands with loading a marker's rows. */
  readonly load: Load
  /** The moment that relative times count from; absent while times are absolute, so that no row is painted for it. */
  readonly nowMs: number | undefined
}

/** The id of a line's element, for `aria-activedescendant`. */
export function lineId(index: number): string {
  return `line-${index}`
}

/** The id of a cell's element. */
export function cellId(index: number, column: string): string {
  return `${lineId(index)}-${column}`
}

/** The index of the line whose element has this id. */
export function lineIndex(id: string): number {
  return Number(id.slice(lineId(0).length - 1))
}

/** One line in its slot: repainted in place while the tail is live, and not at all while nothing in it is different. */
export const RowSlot = memo(function RowSlot(props: Props) {
  const { entry, index, top, selected, cell, hovered, numbered, look, load, nowMs } = props
  const impression = entry.kind === 'impression' ? entry.impression : undefined
  const tone = entry.kind === 'impression' ? undefined : markerTone(entry)
  const ground = selected ? 'bg-chosen' : impression?.treatment === 'control' ? 'bg-control-bg' : ''
  return (
    <div
      role="row"
      id={lineId(index)}
      data-id={entry.id}
      aria-rowindex={numbered ? index + (look.head ? 2 : 1) : undefined}
      aria-selected={selected}
      className={`row absolute inset-x-0 top-0 border-line/60 border-b text-[12.5px] ${look.rowClass} ${impression ? look.lineClass : tone === 'calm' ? 'zigzag calm' : 'zigzag'} ${ground} ${selected ? 'shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover'}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      {entry.kind === 'impression' ? (
        <Cells row={entry} index={index} cell={cell} hovered={hovered} look={look} nowMs={nowMs} />
      ) : (
        <MarkerCell marker={entry} load={load} columns={look.columns.length} />
      )}
    </div>
  )
})

const icons: Partial<Record<Marker['kind'], IconName>> = {
  resumed: 'turn',
  cleared: 'cross',
  kept: 'filter',
  older: 'clock',
}

type MarkerProps = { readonly marker: Marker; readonly load: Load; readonly columns: number }

function MarkerCell({ marker, load, columns }: MarkerProps) {
  const text = markerText(marker, load)
  return (
    <div
      role="gridcell"
      aria-colspan={columns}
      className={`flex h-full items-center gap-2 px-4 max-sm:px-3 ${markerTone(marker) === 'calm' ? 'text-muted' : 'text-caution'}`}
      title={text}
    >
      <Icon name={icons[marker.kind] ?? 'warning'} className="size-3.5" />
      <span className="truncate rounded bg-bg/80 px-1 font-medium leading-5 max-sm:line-clamp-2 max-sm:whitespace-normal">
        {text}
      </span>
      {(load === 'offered' || load === 'under way') && (
        <button
          type="button"
          tabIndex={-1}
          data-act="load"
          aria-disabled={load === 'under way'}
          className="shrink-0 rounded bg-raised px-1.5 font-medium leading-5 text-accent ring-1 ring-edge hover:bg-hover max-sm:h-11 max-sm:px-4"
        >
          {load === 'offered' ? 'Load' : 'Loading…'}
        </button>
      )}
    </div>
  )
}

type CellsProps = Pick<Props, 'index' | 'cell' | 'hovered' | 'look' | 'nowMs'> & { readonly row: RowEntry }

type OneCell = Omit<CellsProps, 'row'> & { readonly column: Column; readonly impression: Impression }

/**
 * Hundreds of cells are painted at a time, ten times a second. So a cell is one element, most with a text and nothing else
 * in it, and is made by a function, not by a component of its own.
 */
function Cells({ row: { impression }, ...look }: CellsProps) {
  return look.look.columns.map((column) => {
    const one = { ...look, column, impression }
    return column.timeMs ? timeCell(one) : textCell(one)
  })
}

function timeCell(one: OneCell) {
  const { column, impression, look, hovered, nowMs } = one
  const ms = column.timeMs?.(impression)
  return (
    <div
      key={column.name}
      role="gridcell"
      id={focusId(one)}
      data-column={column.name}
      className={cellClass(one)}
      title={hovered && ms !== undefined ? `${isoTime(ms)}\n${dateTime(ms, 'local')}` : undefined}
    >
      {ms === undefined ? '' : nowMs === undefined ? timeOfDay(ms, look.zone) : agoText(ms, nowMs)}
    </div>
  )
}

function textCell(one: OneCell) {
  const { column, impression, hovered } = one
  const text = column.text(impression)
  const offers = hovered && text !== undefined && column.field !== undefined
  const className = cellClass(one)
  return (
    <div
      key={column.name}
      role="gridcell"
      id={focusId(one)}
      data-column={column.name}
      className={offers ? `${className} group/cell hover:pr-12` : className}
      title={hovered && text !== undefined ? visibleText(text) : undefined}
    >
      {text === undefined ? '' : offers ? [saidIn(one, text), offer(one, text)] : saidIn(one, text)}
    </div>
  )
}

function cellClass({ column, look, cell }: OneCell): string | undefined {
  const className = look.cellClass.get(column.name)
  return column.name === cell ? `${className} focused-cell` : className
}

/** Only the focused cell is ever called by its id. */
function focusId({ column, cell, index }: OneCell): string | undefined {
  return column.name === cell ? cellId(index, column.name) : undefined
}

/** What a cell says, with the signs that go with it. */
function saidIn({ column, impression, look }: OneCell, text: string): ReactNode {
  if (column.name === 'treatment')
    return (
      <Fragment key="value">
        <TreatmentGlyph treatment={text} />
        {shown(text)}
      </Fragment>
    )
  const sign = signOf(column, impression, look)
  if (!sign) return shown(text)
  return (
    <div key="value" className="flex items-center gap-1.5">
      <span className="min-w-0 truncate">{shown(text)}</span>
      <Sign {...sign} />
    </div>
  )
}

function offer({ column }: OneCell, text: string): ReactNode {
  return <Pair key="pair" field={column.title} text={text} />
}

type SignProps = { readonly icon: 'retry' | 'unverified'; readonly title: string }

/** What a row's origin makes one beware of, beside the value that it is about. */
function signOf({ name }: Column, impression: Impression, look: RowLook): SignProps | undefined {
  if (name === 'flag' && impression.possibleRetry)
    return { icon: 'retry', title: 'Possible retry: it may repeat an impression that is in the log already' }
  if (name === 'sdk' && look.signsUnverified && !impression.verified)
    return { icon: 'unverified', title: 'Unverified: anybody could have posted it' }
  return undefined
}

function Sign({ icon, title }: SignProps) {
  return (
    <span title={title} role="img" aria-label={title} className="text-muted">
      <Icon name={icon} className="size-3" />
    </span>
  )
}

/** For the pointer; the keyboard finds the same in the detail. */
function Pair({ field, text }: { readonly field: string; readonly text: string }) {
  return (
    <span className="absolute inset-y-0 right-0 my-auto hidden h-[22px] rounded bg-raised shadow-sm ring-1 ring-line group-hover/cell:flex">
      {(['include', 'exclude'] as const).map((act) => {
        const label = `${act === 'include' ? 'Only' : 'Without'} ${field} ${visibleText(text)}`
        return (
          <button
            key={act}
            type="button"
            tabIndex={-1}
            data-act={act}
            aria-label={label}
            title={label}
            className="flex size-5 items-center justify-center rounded text-muted hover:bg-hover hover:text-accent"
          >
            <Icon name={act} className="size-3.5" />
          </button>
        )
      })}
    </span>
  )
}
