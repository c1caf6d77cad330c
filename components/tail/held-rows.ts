import { Ring } from '../../domain/ring.ts'
import type { TailRow } from '../../domain/rows.ts'
import type { Cleared, Entry, Marker, Older, RowEntry } from './entry.ts'
import { type OlderRows, staysThrough, withKept, withOlder } from './kept-rows.ts'

export type Beginning = {
  readonly revision: number
  readonly backfill: readonly TailRow[]
  /** Which of the rows held so far stay. */
  readonly keeps: ((row: RowEntry) => boolean) | undefined
  /** Tells of matches older than the backfill, if any are in the log. */
  readonly older: (Marker & Older) | undefined
}

/** What was held before a clear, to be brought back. */
export type ClearedRows = {
  /** Rows among them that are in the books. */
  readonly counted: number
  readonly entries: readonly Entry[]
  readonly revisions: ReadonlyMap<string, number>
  readonly forks: number
}

/**
 * The rows that the browser holds, oldest to newest with markers between, each row once. Knows by which revision a row
 * was received: only those of the revision that runs are in the books.
 */
export class HeldRows {
  readonly #ring: Ring<Entry>
  #revisions = new Map<string, number>()
  #revision = 0
  #forks = 0
  #pushed = 0
  /** Tells of a clear; stands below the first entry after it. */
  #cleared: (Marker & Cleared) | undefined

  constructor(capacity: number) {
    this.#ring = new Ring(capacity)
  }

  /** Rows, not the markers between them. */
  get rows(): number {
    return this.#revisions.size
  }

  get capacity(): number {
    return this.#ring.capacity
  }

  /** Rows that came in since the page was opened. */
  get pushed(): number {
    return this.#pushed
  }

  /** When everything was cleared, while nothing has come since. */
  get clearedAtMs(): number | undefined {
    return this.#cleared?.atMs
  }

  /** The oldest row of all, if any is held. */
  get oldest(): RowEntry | undefined {
    for (let fromNewest = this.#ring.size - 1; fromNewest >= 0; fromNewest--) {
      const entry = this.#ring.at(fromNewest)
      if (entry?.kind === 'impression') return entry
    }
    return undefined
  }

  newest(count: number, passes?: (entry: Entry) => boolean): Entry[] {
    return this.#ring.newest(count, passes)
  }

  snapshot(): Entry[] {
    return this.#ring.snapshot()
  }

  /** Takes rows newer than all that are held; returns how many rows of this revision had to go for it. */
  receive(rows: readonly TailRow[]): number {
    let gone = 0
    for (const row of rows) {
      const known = this.#revisions.get(row.id)
      this.#revisions.set(row.id, this.#revision)
      if (known === undefined) gone += this.#push({ ...row, kind: 'impression' })
      else if (known === this.#revision) gone++ // the second of two copies
    }
    this.#pushed += rows.length
    return gone
  }

  /** Puts a marker on top; returns how many rows of this revision had to go for it. */
  mark(marker: Marker): number {
    return this.#push(marker)
  }

  /**
   * Begins a new revision with its backfill. Rows held so far stay below it if `keeps` says so, and a marker says that
   * they are not counted; with no `keeps` everything older goes. Returns how many of the backfill did not fit.
   */
  begin({ revision, backfill, keeps, older }: Beginning): number {
    const kept = keeps ? this.snapshot().filter((entry) => staysThrough(entry, keeps)) : []
    this.#revision = revision
    this.#revisions.clear()
    this.#cleared = undefined
    const again = backfill.map((row): RowEntry => ({ ...row, kind: 'impression' }))
    const merged = [...(older ? [older] : []), ...withKept(kept, again, revision)]
    for (const entry of merged) if (entry.kind === 'impression') this.#revisions.set(entry.id, 0)
    for (const row of again) this.#revisions.set(row.id, revision)
    let gone = 0
    for (const entry of this.#ring.refill(merged)) gone += this.#forget(entry)
    return gone
  }

  /** Takes markers away again. */
  remove(ids: readonly string[]): void {
    if (ids.length > 0) this.#ring.refill(this.snapshot().filter((entry) => !ids.includes(entry.id)))
  }

  markerOf(id: string): Marker | undefined {
    const entry = this.snapshot().find((one) => one.id === id)
    return entry && entry.kind !== 'impression' ? entry : undefined
  }

  /** The marker of older matches: whatever comes, it stays the oldest entry, so a full list loses it first. */
  get older(): (Marker & Older) | undefined {
    const oldest = this.#ring.at(this.#ring.size - 1)
    return oldest?.kind === 'older' ? oldest : undefined
  }

  get isFull(): boolean {
    return this.#ring.size >= this.#ring.capacity
  }

  /** Rows that are not in the books of this revision, each once. */
  uncounted(rows: readonly TailRow[]): RowEntry[] {
    const fresh = new Map(rows.map((row): [string, RowEntry] => [row.id, { ...row, kind: 'impression' }]))
    for (const id of fresh.keys()) if (this.#revisions.get(id) === this.#revision) fresh.delete(id)
    return [...fresh.values()]
  }

  /**
   * Takes rows of this revision that are older than all others in the books, in place of the marker of older matches; what
   * is left of that stays, and of the rows the oldest go where there is no room. Returns what came to stand.
   */
  extend(rows: readonly RowEntry[], end: Marker | undefined): OlderRows {
    const revision = this.#revision
    const all = withOlder(this.snapshot(), { rows, end, revision })
    const start = end ? 1 : 0
    const over = Math.max(0, all.length - this.capacity)
    const entries = [...all.slice(0, start), ...all.slice(start + over)]
    const before = this.#revisions
    const fresh = new Set(rows.map(({ id }) => id))
    this.#revisions = new Map()
    for (const { id, kind } of entries) {
      if (kind === 'impression') this.#revisions.set(id, fresh.has(id) ? revision : (before.get(id) ?? 0))
    }
    this.#ring.refill(entries)
    return { rows: rows.filter(({ id }) => this.#revisions.has(id)), end, revision }
  }

  /** Rows that are not held yet, each once. */
  missing(rows: readonly TailRow[]): RowEntry[] {
    const fresh = new Map(rows.map((row): [string, RowEntry] => [row.id, { ...row, kind: 'impression' }]))
    for (const id of fresh.keys()) if (this.#revisions.has(id)) fresh.delete(id)
    return [...fresh.values()]
  }

  /** Puts entries in a marker's place; returns how many rows of this revision had to go for it. */
  fill(markerId: string, entries: readonly Entry[]): number {
    for (const entry of entries) if (entry.kind === 'impression') this.#revisions.set(entry.id, this.#revision)
    let gone = 0
    for (const entry of this.#ring.refill(inPlaceOf(this.snapshot(), markerId, entries))) gone += this.#forget(entry)
    return gone
  }

  /**
   * After a fork places repeat: the rows held so far give up theirs, so that no new row is taken for a copy; and what was
   * not loaded before it cannot be, since nobody could tell its rows from those of the other branch.
   */
  fork(environmentId: string): void {
    this.#forks++
    const renamed = this.snapshot().map((entry) => {
      if (entry.kind === 'skipped' || entry.kind === 'older') return { ...entry, loadable: false }
      if (entry.kind !== 'impression' || entry.impression.environmentId !== environmentId) return entry
      const id = `${entry.id}~${this.#forks}`
      this.#revisions.set(id, this.#revisions.get(entry.id) ?? 0)
      this.#revisions.delete(entry.id)
      return { ...entry, id }
    })
    this.#ring.refill(renamed)
  }

  /** Lets go of everything. The marker is shown as soon as something comes after it. */
  clear(marker: Marker & Cleared): ClearedRows {
    const entries = this.snapshot()
    const revisions = this.#revisions
    const counted = entries.filter(({ id }) => revisions.get(id) === this.#revision).length
    this.#ring.refill([])
    this.#revisions = new Map()
    this.#cleared = marker
    return { counted, entries, revisions, forks: this.#forks }
  }

  /**
   * Puts what was cleared back below what came since. Returns how many rows of this revision came back and how many had
   * to go for it; nothing after a fork, when the same places may be other rows.
   */
  bringBack({ entries, revisions, forks }: ClearedRows): { readonly back: number; readonly gone: number } | undefined {
    if (forks !== this.#forks) return undefined
    this.#cleared = undefined
    const since = this.snapshot().filter(({ kind }) => kind !== 'cleared')
    const before = entries.filter(({ id }) => !this.#revisions.has(id))
    let back = 0
    for (const { id } of before) {
      const revision = revisions.get(id)
      if (revision === undefined) continue
      this.#revisions.set(id, revision)
      if (revision === this.#revision) back++
    }
    let gone = 0
    for (const entry of this.#ring.refill([...before, ...since])) gone += this.#forget(entry)
    return { back, gone }
  }

  #push(entry: Entry): number {
    const marker = this.#cleared
    this.#cleared = undefined
    return (marker ? this.#place(marker) : 0) + this.#place(entry)
  }

  #place(entry: Entry): number {
    const gone = this.#ring.push(entry)
    return gone ? this.#forget(gone) : 0
  }

  #forget(entry: Entry): number {
    if (entry.kind !== 'impression') return 0
    const revision = this.#revisions.get(entry.id)
    this.#revisions.delete(entry.id)
    return revision === this.#revision ? 1 : 0
  }
}

/** The entries with others in place of the one with this id; as they are where it is not among them. */
export function inPlaceOf(entries: readonly Entry[], id: string, others: readonly Entry[]): Entry[] {
  const index = entries.findIndex((entry) => entry.id === id)
  return index === -1 ? [...entries] : [...entries.slice(0, index), ...others, ...entries.slice(index + 1)]
}
