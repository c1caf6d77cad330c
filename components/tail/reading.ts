import type { Entry, RowEntry } from './entry.ts'
import { type HeldRows, inPlaceOf } from './held-rows.ts'
import { type OlderRows, withOlder } from './kept-rows.ts'
import { filtered, type List, listOf, topOf } from './list.ts'

/** Why the list stands still, if it does: under the pointer, while somebody reads, or because it was paused. */
export type Mode = 'live' | 'held' | 'reading' | 'paused'

const strength: Record<Mode, number> = { live: 0, held: 1, reading: 2, paused: 3 }

type Frozen = { readonly entries: readonly Entry[]; readonly matched: number; readonly pushed: number }

/** The list as it is looked at: what is held, or a still picture of it while the rest goes on behind. */
export class Reading {
  readonly #held: HeldRows
  #mode: Mode = 'live'
  #frozen: Frozen | undefined
  #passes: ((row: RowEntry) => boolean) | undefined
  #list: List | undefined

  constructor(held: HeldRows) {
    this.#held = held
  }

  get mode(): Mode {
    return this.#mode
  }

  /** Stops the list, or gives it a stronger reason to stand still; a weaker one changes nothing. */
  freeze(mode: Mode, matched: number): void {
    if (strength[mode] <= strength[this.#mode]) return
    if (this.#mode === 'live') this.#take(matched)
    this.#mode = mode
  }

  /** Goes on if `mode` is why it stands still. */
  thaw(mode: Mode): void {
    if (mode !== this.#mode) return
    this.#mode = 'live'
    this.#frozen = undefined
    this.#list = undefined
  }

  /** Stands still at now instead: another filter is looked at. */
  retake(matched: number): void {
    if (this.#mode !== 'live') this.#take(matched)
  }

  /** Puts entries in a marker's place in the still picture too. */
  fill(markerId: string, entries: readonly Entry[]): void {
    if (this.#frozen) this.#frozen = { ...this.#frozen, entries: inPlaceOf(this.#frozen.entries, markerId, entries) }
    this.#list = undefined
  }

  /** Puts older rows into the still picture too; those that are new to the books are no matches that wait. */
  extend(older: OlderRows, counted: number): void {
    if (this.#frozen) {
      const { entries, matched } = this.#frozen
      this.#frozen = { ...this.#frozen, entries: withOlder(entries, older), matched: matched + counted }
    }
    this.#list = undefined
  }

  /** Puts entries below all others in the still picture too. */
  bringBack(entries: readonly Entry[]): void {
    if (this.#frozen) this.#frozen = { ...this.#frozen, entries: [...entries, ...this.#frozen.entries] }
    this.#list = undefined
  }

  /** Shows only what passes, until the server has answered for the filter. */
  narrow(passes: ((row: RowEntry) => boolean) | undefined): void {
    this.#passes = passes
    this.#list = undefined
  }

  list(): List {
    if (this.#mode === 'live') return topOf(this.#held, this.#passes)
    const entries = this.#frozen?.entries ?? []
    this.#list ??= listOf(this.#passes ? filtered(entries, this.#passes) : entries)
    return this.#list
  }

  /** Every row that the list has or could scroll to, oldest first. */
  rows(): RowEntry[] {
    const entries = this.#frozen?.entries ?? this.#held.snapshot()
    const passes = this.#passes
    return entries.filter((entry): entry is RowEntry => entry.kind === 'impression' && (!passes || passes(entry)))
  }

  /** Matches since the list stands still. */
  waiting(matched: number): number {
    return this.#frozen ? matched - this.#frozen.matched : 0
  }

  /** Whether as many rows as can be held came in since: what is on the screen is all that is left of before. */
  get full(): boolean {
    return this.#frozen !== undefined && this.#held.pushed - this.#frozen.pushed >= this.#held.capacity
  }

  #take(matched: number): void {
    this.#frozen = { entries: this.#held.snapshot(), matched, pushed: this.#held.pushed }
    this.#list = undefined
  }
}
