// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of recycled, absolutely placed lines; a <table> cannot be one
// biome-ignore-all lint/a11y/useFocusableInteractive: focus stays on the grid, aria-activedescendant names the line
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type MouseEvent, type RefObject, useEffect, useMemo } from 'react'
import { excludeValue, includeValue } from '../domain/filter/edit.ts'
import { columnOf } from './columns.ts'
import type { Display } from './display/display.ts'
import { lineId, lineIndex, RowSlot } from './RowSlot.tsx'
import { type RowLook, rowLook } from './row-look.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import { usePointer } from './use-pointer.ts'

const headPx = 32

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly display: Display
  readonly grid: RefObject<HTMLDivElement | null>
}

/** The rows. Only what is on the screen is in the document. */
export function RowTable({ store, view, display, grid }: Props) {
  const { list, mode, selected, nowMs } = view
  const look = useMemo(() => rowLook(display), [display])
  const pointer = usePointer(store)
  const virtual = useLines(list.count, look.rowPx, grid)
  useEffect(() => {
    if (mode === 'live') grid.current?.scrollTo({ top: 0 })
  }, [mode, grid])
  const index = selected?.index
  useEffect(() => {
    if (index !== undefined) virtual.scrollToIndex(index)
  }, [index, virtual])
  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Impressions"
      aria-rowcount={mode === 'live' ? -1 : list.count + 1}
      aria-activedescendant={index === undefined ? undefined : lineId(index)}
      tabIndex={0}
      className="body h-full overflow-y-auto overflow-x-hidden -outline-offset-2"
      style={templates(look)}
      onScroll={(event) => followScroll(store, event.currentTarget.scrollTop, look.rowPx)}
    >
      <Head look={look} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the grid are those of the page, see useKeys */}
      <div
        role="rowgroup"
        className="relative"
        style={{ height: virtual.getTotalSize() - headPx }}
        onClick={(event) => act(store, view, event)}
        {...pointer.events}
      >
        {virtual.getVirtualItems().map((item) => {
          const entry = list.at(item.index)
          if (!entry) return null
          return (
            <RowSlot
              key={item.index}
              entry={entry}
              index={item.index}
              top={item.start - headPx}
              selected={item.index === index}
              hovered={item.index === pointer.hovered}
              numbered={mode !== 'live'}
              look={look}
              nowMs={display.time === 'relative' ? nowMs : undefined}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Lines of one height, keyed by where they stand, so that a live list repaints its slots in place. */
function useLines(count: number, rowPx: number, grid: Props['grid']) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => grid.current,
    estimateSize: () => rowPx,
    paddingStart: headPx,
    scrollPaddingStart: headPx,
    overscan: 6,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are kept by line, and all are different now
  useEffect(() => virtual.measure(), [rowPx, virtual])
  return virtual
}

/** One place for the widths: the head and every row take them from here, so a new width paints no row. */
function templates({ template, narrowTemplate }: RowLook): CSSProperties {
  return Object.fromEntries([
    ['--cols', template],
    ['--cols-narrow', narrowTemplate],
  ])
}

function Head({ look }: { readonly look: RowLook }) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 h-8 border-line border-b bg-bg">
      <div role="row" className="cols h-full items-center font-medium text-muted text-xs">
        {look.columns.map((column) => (
          <div role="columnheader" key={column.name} className={`truncate ${look.isNarrow(column) ? '' : 'wide'}`}>
            {column.title}
          </div>
        ))}
      </div>
    </div>
  )
}

/** More than a row away from the top is away; only the very top is the top again. */
function followScroll({ reader }: TailStore, top: number, rowPx: number): void {
  if (top === 0) reader.scrolled(true)
  if (top > rowPx) reader.scrolled(false)
}

/** What a click in the rows means: include or exclude a value, or else open the row. */
function act(store: TailStore, view: View, event: MouseEvent<HTMLElement>): void {
  const target = event.target as Element
  const line = target.closest<HTMLElement>('[data-id]')
  if (!line || window.getSelection()?.isCollapsed === false) return
  const entry = view.list.at(lineIndex(line.id))
  if (entry && target.closest('[data-act=load]')) store.load(entry.id)
  if (entry?.kind !== 'impression') return
  const name = target.closest<HTMLElement>('[data-column]')?.dataset.column
  const column = columnOf(name ?? '')
  const value = column?.text(entry.impression)
  const asked = target.closest<HTMLElement>('[data-act]')?.dataset.act ?? (event.altKey ? 'exclude' : undefined)
  if (!column?.field || value === undefined || asked === undefined) store.reader.open(entry.id)
  else if (asked === 'include') store.setText(includeValue(view.search.text, column.field, value))
  else store.setText(excludeValue(view.search.text, column.field, value))
}
