// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of recycled, absolutely placed lines; a <table> cannot be one
// biome-ignore-all lint/a11y/useFocusableInteractive: focus stays on the grid, aria-activedescendant names the line or cell
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type Ref, type RefObject, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import { columnOf } from './columns.ts'
import type { Display } from './display/display.ts'
import type { DisplayStore } from './display/store.ts'
import { Icon } from './Icon.tsx'
import { RowHead } from './RowHead.tsx'
import { cellId, lineId, lineIndex, RowSlot } from './RowSlot.tsx'
import { doAct } from './row-acts.ts'
import { type RowLook, rowLook, templatesOf } from './row-look.ts'
import type { RowsHandle } from './rows-handle.ts'
import { plainButton } from './styles.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import type { Toasts } from './toasts.ts'
import { useNarrow } from './use-narrow.ts'
import { usePointer } from './use-pointer.ts'
import { type RowMenus, useRowMenus } from './use-row-menus.tsx'

/** The height of the columns' names. */
function headPx({ head }: RowLook): number {
  return head ? 32 : 0
}

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly display: Display
  readonly displays: DisplayStore
  readonly toasts: Toasts
  readonly handle: Ref<RowsHandle>
}

/** The rows. Only what is on the screen is in the document. */
export function RowTable({ store, view, display, displays, toasts, handle }: Props) {
  const { list, mode, selected, verifies } = view
  const { columns, zone, density, widths } = display
  const grid = useRef<HTMLDivElement>(null)
  const cards = useNarrow()
  const look = useMemo(
    () => rowLook({ columns, zone, density }, { signsUnverified: verifies, cards }),
    [columns, zone, density, verifies, cards],
  )
  const style = useMemo(() => templatesOf({ columns, widths }), [columns, widths])
  const menus = useRowMenus({ store, view, displays, toasts, grid })
  const virtual = useLines(list.count, look, grid)
  useImperativeHandle(handle, () => handleOf(grid, look, menus), [look, menus])
  useFollowing(view, virtual, grid)
  useTextSelection(store, grid)
  return (
    <>
      <div
        ref={grid}
        role="grid"
        aria-label="Impressions"
        aria-readonly
        aria-rowcount={mode === 'live' ? -1 : list.count + (look.head ? 1 : 0)}
        aria-colcount={look.columns.length}
        aria-activedescendant={selected && activeId(view, look)}
        tabIndex={0}
        className="body h-full overflow-y-auto max-wide:overflow-x-hidden"
        style={style}
        onScroll={(event) => followScroll(store, event.currentTarget.scrollTop, look.rowPx)}
      >
        <div className="w-max min-w-full">
          {look.head && <RowHead look={look} displays={displays} grid={grid} openColumns={menus.openColumns} />}
          <Lines {...{ store, view, display, toasts, look, virtual, menus }} />
        </div>
      </div>
      <button
        type="button"
        aria-label="Columns"
        title="Columns"
        aria-haspopup="menu"
        onClick={(event) => menus.openColumns(below(event.currentTarget))}
        className={`${plainButton} absolute top-0.5 right-0 z-10 bg-bg max-sm:hidden`}
      >
        <Icon name="columns" className="size-3.5" />
      </button>
      {menus.shown}
    </>
  )
}

type LinesProps = Pick<Props, 'store' | 'view' | 'display' | 'toasts'> & {
  readonly look: RowLook
  readonly virtual: ReturnType<typeof useLines>
  readonly menus: RowMenus
}

function Lines({ store, view, display, toasts, look, virtual, menus }: LinesProps) {
  const { list, mode, selected, cell, fresh, load, nowMs } = view
  const pointer = usePointer(store, menus.openCell)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the grid are those of the page, see useKeys
    <div
      role="rowgroup"
      className="relative"
      style={{ height: virtual.getTotalSize() - headPx(look) }}
      onClick={(event) => act({ store, view, toasts }, event)}
      {...pointer.events}
    >
      {fresh.map(({ id, index }) => (
        <div
          key={id}
          aria-hidden="true"
          className={`fresh absolute inset-x-0 top-0 ${look.rowClass}`}
          style={{ transform: `translateY(${index * look.rowPx}px)` }}
        />
      ))}
      {virtual.getVirtualItems().map((item) => {
        const entry = list.at(item.index)
        if (!entry) return null
        const isSelected = item.index === selected?.index
        return (
          <RowSlot
            key={item.index}
            entry={entry}
            index={item.index}
            top={item.start - headPx(look)}
            selected={isSelected}
            cell={isSelected ? cell : undefined}
            hovered={item.index === pointer.hovered}
            numbered={mode !== 'live'}
            look={look}
            load={entry.kind === 'impression' ? 'no' : load(entry)}
            nowMs={display.time === 'relative' ? nowMs : undefined}
          />
        )
      })}
    </div>
  )
}

/** Lines of one height, keyed by where they stand, so that a live list repaints its slots in place. */
function useLines(count: number, look: RowLook, grid: RefObject<HTMLDivElement | null>) {
  const { rowPx } = look
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => grid.current,
    estimateSize: () => rowPx,
    paddingStart: headPx(look),
    scrollPaddingStart: headPx(look),
    overscan: 6,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are kept by line, and all are different now
  useEffect(() => virtual.measure(), [rowPx, virtual])
  return virtual
}

/** Live shows the top; a selected line and a focused cell are brought into sight. */
function useFollowing(
  { mode, selected, cell }: View,
  virtual: ReturnType<typeof useLines>,
  grid: RefObject<HTMLDivElement | null>,
): void {
  useEffect(() => {
    if (mode === 'live') grid.current?.scrollTo({ top: 0 })
  }, [mode, grid])
  const index = selected?.index
  useEffect(() => {
    if (index === undefined) return
    const seen = virtual.range
    const near = seen !== null && index >= seen.startIndex - 1 && index <= seen.endIndex + 1
    virtual.scrollToIndex(index, { align: near ? 'auto' : 'center' })
  }, [index, virtual])
  useEffect(() => {
    const head = grid.current?.querySelector(`[data-head="${cell}"]`)
    head?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) // it is always in sight but for sideways
  }, [cell, grid])
}

/** Whoever selects text wants to read or copy it: the list stands still. */
function useTextSelection(store: TailStore, grid: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const look = () => {
      const selection = document.getSelection()
      if (!selection || selection.isCollapsed || !grid.current?.contains(selection.anchorNode)) return
      store.reader.standStill()
    }
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [store, grid])
}

function handleOf(grid: RefObject<HTMLDivElement | null>, look: RowLook, menus: RowMenus): RowsHandle {
  return {
    focus: () => grid.current?.focus({ preventScroll: true }),
    pageLines: () => Math.max(1, Math.floor(((grid.current?.clientHeight ?? 0) - headPx(look)) / look.rowPx) - 1),
    columns: () => {
      if (!look.head) return look.columns.map(({ name }) => name)
      const heads = [...(grid.current?.querySelectorAll<HTMLElement>('[data-head]') ?? [])]
      return heads.flatMap((head) => (head.offsetParent ? (columnOf(head.dataset.head ?? '')?.name ?? []) : []))
    },
    openMenu: menus.openFocused,
    openColumns: () => {
      const button = grid.current?.nextElementSibling
      if (button) menus.openColumns(below(button))
    },
  }
}

/** What the focus is on: a cell of the selected line, or the line. */
function activeId({ list, selected, cell }: View, { columns }: RowLook): string | undefined {
  if (!selected) return undefined
  const isCell = list.at(selected.index)?.kind === 'impression' && columns.some(({ name }) => name === cell)
  return isCell && cell !== undefined ? cellId(selected.index, cell) : lineId(selected.index)
}

function below(element: Element) {
  const { left, bottom } = element.getBoundingClientRect()
  return { x: left, y: bottom + 2 }
}

/** More than a row away from the top is away; only the very top is the top again. */
function followScroll({ reader }: TailStore, top: number, rowPx: number): void {
  if (top === 0) reader.scrolled(true)
  if (top > rowPx) reader.scrolled(false)
}

/** What a click in the rows means: include or exclude a value, or else open the row. */
function act({ store, view, toasts }: Pick<Props, 'store' | 'view' | 'toasts'>, event: MouseEvent<HTMLElement>): void {
  const target = event.target as Element
  const line = target.closest<HTMLElement>('[data-id]')
  if (!line || window.getSelection()?.isCollapsed === false) return
  const entry = view.list.at(lineIndex(line.id))
  if (entry && target.closest('[data-act=load]')) store.load(entry.id)
  if (entry?.kind !== 'impression') return
  const column = columnOf(target.closest<HTMLElement>('[data-column]')?.dataset.column ?? '')
  const asked = target.closest<HTMLElement>('[data-act]')?.dataset.act ?? (event.altKey ? 'exclude' : undefined)
  if (!column?.field || column.text(entry.impression) === undefined || asked === undefined) {
    store.reader.open(entry.id, column?.name)
  } else doAct({ store, toasts }, asked === 'include' ? 'include' : 'exclude', { row: entry, column })
}
