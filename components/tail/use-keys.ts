import { type RefObject, useEffect } from 'react'
import type { TailStore } from './store.ts'

export type KeyPlaces = {
  readonly filter: RefObject<HTMLInputElement | null>
  readonly grid: RefObject<HTMLDivElement | null>
  readonly help: RefObject<HTMLDialogElement | null>
}

const pageLines = 20

/** The page's keys. Off while typing, while a dialog is open, and where a control means them for itself. */
export function useKeys(store: TailStore, places: KeyPlaces): void {
  const { filter, grid, help } = places
  useEffect(() => {
    const acts = actsOf(store, { filter, grid, help })
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : document.body
      if (target === filter.current && event.key === 'Escape') grid.current?.focus()
      if (target.closest('input, textarea, select, [contenteditable]')) return
      if (document.querySelector('dialog[open], [popover]:popover-open')) return
      if ((event.key === ' ' || event.key === 'Enter') && target.closest('button, a, [role=tab], summary')) return
      const act = acts[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [store, filter, grid, help])
}

/** Opens the selected row; a marker of rows that can be loaded is loaded. */
function openSelected(store: TailStore): void {
  const { list, selected } = store.view()
  const entry = selected && list.at(selected.index)
  if (entry?.kind === 'skipped') store.load(entry.id)
  else store.reader.openSelected()
}

function actsOf(
  store: TailStore,
  { filter, grid, help }: KeyPlaces,
): Readonly<Record<string, (() => void) | undefined>> {
  const { reader } = store
  const move = (lines: number) => () => {
    grid.current?.focus()
    reader.move(lines)
  }
  const leave = () => {
    if (reader.selection.opened) reader.closeRow()
    else reader.leave()
    grid.current?.focus()
  }
  return {
    ' ': () => reader.setPaused(store.view().mode !== 'paused'),
    '/': () => filter.current?.focus(),
    j: move(1),
    ArrowDown: move(1),
    k: move(-1),
    ArrowUp: move(-1),
    PageDown: move(pageLines),
    PageUp: move(-pageLines),
    Enter: () => openSelected(store),
    Escape: leave,
    Home: () => reader.goLive(),
    g: () => reader.goLive(),
    '?': () => help.current?.showModal(),
  }
}
