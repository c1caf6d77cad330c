import type { Entry, RowEntry } from './entry.ts'
import type { HeldRows } from './held-rows.ts'

/** What the table shows, newest first. A list never changes once it is made. */
export type List = {
  readonly count: number
  readonly at: (index: number) => Entry | undefined
}

/** More rows than any screen has; to scroll further is to freeze the list, which then is whole. */
const liveRows = 256

/** The top of what is held right now. */
export function topOf(held: HeldRows, passes?: (row: RowEntry) => boolean): List {
  const top = held.newest(liveRows, passes && ((entry) => entry.kind !== 'impression' || passes(entry)))
  return { count: top.length, at: (index) => top[index] }
}

/** All of these, which are given oldest first. */
export function listOf(entries: readonly Entry[]): List {
  const last = entries.length - 1
  return { count: entries.length, at: (index) => entries[last - index] }
}

/** Rows that pass, and the markers between them. */
export function filtered(entries: readonly Entry[], passes: (row: RowEntry) => boolean): Entry[] {
  return entries.filter((entry) => entry.kind !== 'impression' || passes(entry))
}

/** Where the newest row stands for which something holds; the last line where it holds for none. */
export function newestIn(list: List, holds: (row: RowEntry) => boolean): number {
  for (let index = 0; index < list.count; index++) {
    const entry = list.at(index)
    if (entry?.kind === 'impression' && holds(entry)) return index
  }
  return list.count - 1
}

/** Where an entry stands, or -1. */
export function indexIn(list: List, id: string): number {
  for (let index = 0; index < list.count; index++) if (list.at(index)?.id === id) return index
  return -1
}
