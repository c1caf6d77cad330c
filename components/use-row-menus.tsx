import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useState } from 'react'
import { columnOf } from './columns.ts'
import type { DisplayStore } from './display/store.ts'
import type { Spot } from './Menu.tsx'
import { lineIndex } from './RowSlot.tsx'
import { type CellOfRow, doAct } from './row-acts.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import type { Toasts } from './toasts.ts'

type Parts = {
  readonly store: TailStore
  readonly view: View
  readonly displays: DisplayStore
  readonly toasts: Toasts
  readonly grid: RefObject<HTMLDivElement | null>
}

export type RowMenus = {
  /** Of the cell that contains this element. */
  readonly openCell: (cell: Element, at: Spot) => void
  /** Of what has the focus; says whether that has a menu. */
  readonly openFocused: () => boolean
  readonly openColumns: (at: Spot) => void
  readonly shown: ReactNode
}

type Open = { readonly at: Spot } & ({ readonly kind: 'columns' } | ({ readonly kind: 'cell' } & CellOfRow))

type Components = typeof import('./row-menus.ts')

/** What the menus are made of: not needed at first, and there before anybody asks. */
function useComponents(wanted: boolean, toasts: Toasts): Components | undefined {
  const [components, setComponents] = useState<Components>()
  useEffect(() => {
    if (components) return
    import('./row-menus.ts').then(setComponents, () => {
      if (wanted) toasts.say('The menu cannot be loaded while the server is away')
    })
  }, [components, wanted, toasts])
  return components
}

/** The menus of the table, one at a time. Afterwards the focus is on the grid again. */
export function useRowMenus({ store, displays, toasts, grid }: Parts): RowMenus {
  const [open, setOpen] = useState<Open>()
  const close = useCallback(() => {
    setOpen(undefined)
    grid.current?.focus({ preventScroll: true })
  }, [grid])
  const openers = useMemo(() => {
    const openCell = (element: Element, at: Spot): boolean => {
      const cell = cellAt(store, element)
      if (cell) {
        store.reader.standStill()
        setOpen({ kind: 'cell', at, ...cell })
      }
      return cell !== undefined
    }
    const openFocused = () => {
      const active = document.getElementById(grid.current?.getAttribute('aria-activedescendant') ?? '')
      const cell = active?.matches('[role=row]') ? active.firstElementChild : active
      if (!cell) return false
      const { left, bottom } = cell.getBoundingClientRect()
      return openCell(cell, { x: left, y: bottom + 2 })
    }
    return { openCell, openFocused, openColumns: (at: Spot) => setOpen({ kind: 'columns', at }) }
  }, [store, grid])
  const components = useComponents(open !== undefined, toasts)
  const shown = open && components && shownMenu(components, open, close, { store, displays, toasts })
  return useMemo(() => ({ ...openers, shown }), [openers, shown])
}

function shownMenu(
  { CellMenu, ColumnMenu }: Components,
  open: Open,
  close: () => void,
  { store, displays, toasts }: Omit<Parts, 'view' | 'grid'>,
): ReactNode {
  const { at } = open
  switch (open.kind) {
    case 'columns':
      return <ColumnMenu displays={displays} at={at} close={close} />
    case 'cell':
      return (
        <CellMenu
          cell={open}
          at={at}
          close={close}
          choose={(act) => {
            close()
            doAct({ store, toasts }, act, open)
          }}
        />
      )
    default:
      return open satisfies never
  }
}

function cellAt(store: TailStore, element: Element): CellOfRow | undefined {
  const line = element.closest('[data-id]')
  const column = columnOf(element.closest<HTMLElement>('[data-column]')?.dataset.column ?? '')
  const entry = line ? store.view().list.at(lineIndex(line.id)) : undefined
  return entry?.kind === 'impression' && column ? { row: entry, column } : undefined
}
