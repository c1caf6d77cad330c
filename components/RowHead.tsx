// biome-ignore-all lint/a11y/useSemanticElements: the head of an ARIA grid of recycled, absolutely placed lines
import { type KeyboardEvent, type MouseEvent, memo, type PointerEvent, type RefObject, useState } from 'react'
import { measureColumn, stepPx, widthOf } from './column-widths.ts'
import { type Column, type ColumnName, columnOf } from './columns.ts'
import type { DisplayStore } from './display/store.ts'
import type { Spot } from './Menu.tsx'
import { type RowLook, templatesOf } from './row-look.ts'

type Props = {
  readonly look: RowLook
  readonly displays: DisplayStore
  readonly grid: RefObject<HTMLDivElement | null>
  readonly openColumns: (at: Spot) => void
}

/** The names of the columns. One of them is a tab stop; arrows go on from there, with Shift they widen and narrow. */
export const RowHead = memo(function RowHead({ look, displays, grid, openColumns }: Props) {
  const [stop, setStop] = useState<ColumnName>()
  const stopAt = look.columns.some(({ name }) => name === stop) ? stop : look.columns[0]?.name
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const column = headOf(event.target)
    if (column) pressHead(event, column, { displays, grid, openColumns })
  }
  const menu = (event: MouseEvent) => {
    event.preventDefault()
    openColumns({ x: event.clientX, y: event.clientY })
  }
  return (
    <div role="rowgroup" className="sticky top-0 z-10 h-8 border-line border-b bg-bg">
      {/* biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus */}
      <div
        role="row"
        aria-rowindex={1}
        className="cols group/head h-full items-center font-medium text-muted text-xs"
        onKeyDown={press}
        onContextMenu={menu}
        onFocus={(event) => setStop(headOf(event.target)?.name)}
      >
        {look.columns.map((column) => (
          <div
            role="columnheader"
            key={column.name}
            data-head={column.name}
            tabIndex={column.name === stopAt ? 0 : -1}
            aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight Enter"
            className={`relative h-full min-w-0 scroll-mx-8 rounded-sm leading-[31px] -outline-offset-2 ${look.roomClass(column)}`}
          >
            <span className="block truncate" title={column.title}>
              {column.title}
            </span>
            <Edge column={column} displays={displays} grid={grid} />
          </div>
        ))}
      </div>
    </div>
  )
})

type EdgeProps = Pick<Props, 'displays' | 'grid'> & { readonly column: Column }

/** Drags a column's width; a double click fits it to what is on the screen. Keys do the same on the head itself. */
function Edge({ column, displays, grid }: EdgeProps) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !grid.current) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    const from = measureColumn(grid.current, column.name).px - event.clientX
    const edge: HTMLElement = event.currentTarget
    const done = new AbortController()
    const { signal } = done
    const end = (px?: number) => {
      done.abort()
      setWidth(displays, column, px ?? from + event.clientX)
    }
    edge.addEventListener('pointermove', ({ clientX }) => preview(column, from + clientX, displays, grid), { signal })
    edge.addEventListener('pointercancel', () => end(), { signal })
    edge.addEventListener(
      'pointerup',
      ({ clientX }) => (clientX === event.clientX ? done.abort() : end(from + clientX)),
      { signal },
    )
  }
  return (
    <span
      aria-hidden="true"
      data-edge={column.name}
      onPointerDown={drag}
      onDoubleClick={() => fitWidth(column, displays, grid)}
      className="wide absolute top-0 -right-[13px] z-10 h-full w-[11px] cursor-col-resize touch-none after:absolute after:inset-y-2 after:left-[5px] after:w-px after:bg-transparent hover:after:w-0.5 hover:after:bg-accent active:after:bg-accent group-hover/head:after:bg-edge"
    />
  )
}

/** While it is dragged, only the one variable that all rows read their widths from is different. */
function preview(column: Column, px: number, displays: DisplayStore, grid: Props['grid']): void {
  const { columns, widths } = displays.view()
  const next = { columns, widths: { ...widths, [column.name]: widthOf(column, px) } }
  grid.current?.style.setProperty('--cols', templatesOf(next)['--cols'] ?? '')
}

function setWidth(displays: DisplayStore, column: Column, px: number): void {
  displays.set({ widths: { ...displays.view().widths, [column.name]: widthOf(column, px) } })
}

function fitWidth(column: Column, displays: DisplayStore, grid: Props['grid']): void {
  if (grid.current) setWidth(displays, column, measureColumn(grid.current, column.name).textPx)
}

function headOf(target: EventTarget): Column | undefined {
  const name = target instanceof Element ? target.closest<HTMLElement>('[data-head]')?.dataset.head : undefined
  return columnOf(name ?? '')
}

type PressParts = Pick<Props, 'displays' | 'grid' | 'openColumns'>

function pressHead(
  event: KeyboardEvent<HTMLElement>,
  column: Column,
  { displays, grid, openColumns }: PressParts,
): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (event.key === 'Enter' || event.key === ' ') {
    const { left, bottom } = (event.target as Element).getBoundingClientRect()
    openColumns({ x: left, y: bottom + 2 })
  } else if (step === undefined || !grid.current || event.altKey || event.ctrlKey || event.metaKey) return
  else if (event.shiftKey) setWidth(displays, column, measureColumn(grid.current, column.name).px + step * stepPx)
  else besides(event.target as Element, step)?.focus()
  event.preventDefault()
}

/** The head beside this one that is on the screen. */
function besides(head: Element, step: number): HTMLElement | null {
  let next = step < 0 ? head.previousElementSibling : head.nextElementSibling
  while (next instanceof HTMLElement && next.offsetParent === null) {
    next = step < 0 ? next.previousElementSibling : next.nextElementSibling
  }
  return next instanceof HTMLElement ? next : null
}
