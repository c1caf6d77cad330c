import { acceptedBetween, type Cursor, type Gap } from '../../domain/chain.ts'
import {
  addOlder,
  type Books,
  evictRows,
  hearFrame,
  hearGap,
  type Ledger,
  loadRows,
  type Missed,
  missRows,
  openLedger,
  resumeLedger,
} from '../../domain/ledger.ts'
import type { Frame, Loaded, LoadedOlder, Start } from '../../domain/protocol.ts'
import { rowsOf, type TailRow } from '../../domain/rows.ts'
import type { Entry, Marker, Older, RowEntry, Skipped } from './entry.ts'
import { type ClearedRows, HeldRows } from './held-rows.ts'
import type { OlderRows } from './kept-rows.ts'

type Told<M> = M extends Marker ? Omit<M, 'id'> : never

/** A socket away for less leaves no mark. */
const markedAwayMs = 2000

/** Takes what the server says into the rows and the books, so that both always agree. */
export class Intake {
  readonly held: HeldRows
  #ledger: Ledger | undefined
  #environments: Start['environments'] = []
  #epochs = new Map<string, string>()
  /** The last point that was heard of. */
  #cursor: Cursor = []
  /** Markers of gaps behind that point. */
  #gapsAhead: string[] = []
  /** What was missed in gaps up to that point. */
  #missed: Missed = { impressions: 0, unknown: 0 }
  /** Whether the filter lets everything through, so that every impression of the logs must be in the books. */
  #everything = false
  #markers = 0
  #first: TailRow | undefined
  #verifies = false
  #cleared: ClearedRows | undefined
  #clearedMs: number | undefined

  constructor(capacity: number) {
    this.held = new HeldRows(capacity)
  }

  get ledger(): Ledger | undefined {
    return this.#ledger
  }

  get environments(): Start['environments'] {
    return this.#environments
  }

  /** The first row that ever came in. */
  get first(): TailRow | undefined {
    return this.#first
  }

  /** Whether any row came with a key that only its owner can have: only then it tells something that another did not. */
  get verifies(): boolean {
    return this.#verifies
  }

  /** A new revision: new books; rows that pass `keeps` stay in view below its backfill. */
  begin(start: Start, keeps: ((row: RowEntry) => boolean) | undefined, everything: boolean): void {
    const rows = this.#rowsOf(start)
    this.#cleared = undefined
    this.#clearedMs = undefined
    this.#environments = start.environments
    this.#ledger = openLedger(start, rows.length)
    this.#missed = this.#ledger.books.missed
    const older = start.complete ? undefined : this.#olderMarker(start.older)
    this.#let(this.held.begin({ revision: start.revision, backfill: rows, keeps, older }))
    for (const gap of start.gaps) this.#markGap(gap)
    this.#epochs.clear()
    this.#follow(start.cursor)
    this.#cursor = start.cursor
    this.#everything = everything
  }

  /** The same revision goes on from the cursor that was sent; `awayMs` is for how long the socket was lost. */
  resume(start: Start, awayMs: number): void {
    if (!this.#ledger) throw new Error('a resume before any start')
    const rows = this.#rowsOf(start)
    const before = this.#ledger.books
    this.#environments = start.environments
    this.#ledger = resumeLedger(this.#ledger, start, rows.length)
    if (awayMs > markedAwayMs) this.#mark({ kind: 'resumed', awayMs })
    this.held.remove(this.#gapsAhead) // this start tells them again
    this.#gapsAhead = []
    for (const gap of start.gaps) this.#markGap(gap)
    this.#follow(start.cursor)
    this.#markSkipped({ rows: start.replayed.matched - rows.length, sampledOut: 0, to: start.cursor })
    this.#checkAccounts(before, start.cursor)
    this.#cursor = start.cursor
    this.#let(this.held.receive(rows))
  }

  hear(frame: Frame): void {
    if (!this.#ledger) throw new Error('a frame before any start')
    const rows = this.#rowsOf(frame)
    const before = this.#ledger.books
    this.#ledger = hearFrame(this.#ledger, frame, rows.length)
    const { skipped, sampledOut } = this.#ledger.books
    this.#follow(frame.cursor)
    const missing = { rows: skipped - before.skipped, sampledOut: sampledOut - before.sampledOut }
    this.#markSkipped({ ...missing, to: frame.cursor })
    if (frame.cursor.length > 0) {
      this.#gapsAhead = []
      this.#checkAccounts(before, frame.cursor)
      this.#cursor = frame.cursor
    }
    this.#let(this.held.receive(rows))
  }

  /** Rows that a marker stood for have come: they take its place, and what is left of it stays above them. */
  load(markerId: string, loaded: Loaded): readonly Entry[] | undefined {
    const marker = this.held.markerOf(markerId)
    if (!this.#ledger || marker?.kind !== 'skipped' || !marker.loadable) return undefined
    const rows = this.held.missing(loaded.rows.flatMap(rowsOf))
    const skipped = Math.min(rows.length, marker.rows)
    const sampledOut = Math.min(rows.length - skipped, marker.sampledOut)
    this.#ledger = loadRows(this.#ledger, { skipped, sampledOut, evicted: rows.length - skipped - sampledOut })
    const left = { ...marker, rows: marker.rows - skipped, sampledOut: marker.sampledOut - sampledOut, from: loaded.to }
    const rest: Entry[] = left.rows > 0 ? [{ ...left, loadable: !loaded.complete }] : []
    const entries = [...rows, ...rest]
    this.#let(this.held.fill(markerId, entries))
    return entries
  }

  /** Older matches have come: they are in the books from now on, and what is older still has a marker again. */
  loadOlder(loaded: LoadedOlder): { readonly older: OlderRows; readonly counted: number } | undefined {
    if (!this.#ledger || !this.held.older?.loadable) return undefined
    const rows = this.held.uncounted(loaded.rows.flatMap(rowsOf))
    const perTreatment = new Map<string, number>()
    for (const { impression } of rows)
      perTreatment.set(impression.treatment, (perTreatment.get(impression.treatment) ?? 0) + 1)
    this.#ledger = addOlder(this.#ledger, perTreatment)
    const older = this.held.extend(rows, loaded.complete ? undefined : this.#olderMarker(loaded.to))
    this.#let(rows.length - older.rows.length)
    return { older, counted: rows.length }
  }

  /** When the view was last cleared in this revision, unless that was undone. */
  get clearedMs(): number | undefined {
    return this.#clearedMs
  }

  /** Empties the view: in the books, all of it is evicted. */
  clear(atMs: number): void {
    const cleared = this.held.clear({ id: `marker:${++this.#markers}`, kind: 'cleared', atMs })
    this.#let(cleared.counted)
    this.#cleared = cleared
    this.#clearedMs = atMs
  }

  /** Undoes the last clear, if that can be: not with another filter since, nor after a fork. Returns what came back. */
  bringBack(): readonly Entry[] | undefined {
    const cleared = this.#cleared
    this.#cleared = undefined
    const result = cleared && this.held.bringBack(cleared)
    if (!cleared || !result || !this.#ledger) return undefined
    this.#ledger = loadRows(this.#ledger, { skipped: 0, sampledOut: 0, evicted: result.back })
    this.#let(result.gone)
    this.#clearedMs = undefined
    return cleared.entries
  }

  /** The last clear will not be undone. */
  forgetCleared(): void {
    this.#cleared = undefined
  }

  /** When the newest row of a message was received. */
  newestMs({ rows }: Start): number | undefined {
    return rows.reduce<number | undefined>(
      (newest, { shared }) => Math.max(newest ?? 0, shared.receptionTimestamp),
      undefined,
    )
  }

  hearGap(gap: Gap): void {
    if (this.#ledger) this.#ledger = hearGap(this.#ledger, gap)
    this.#gapsAhead.push(this.#markGap(gap))
  }

  #rowsOf(message: Start | Frame): TailRow[] {
    const rows = message.rows.flatMap(rowsOf)
    this.#first ??= rows[0]
    this.#verifies ||= message.rows.some(({ shared }) => shared.verified)
    return rows
  }

  #markGap(gap: Gap): string {
    const environment = this.#nameOf(gap.environmentId)
    const { impressions, reason } = gap
    if (reason === 'forked') this.held.fork(gap.environmentId)
    if (reason === 'restarted') this.#epochs.delete(gap.environmentId) // the gap's row tells of it already
    if (impressions === undefined) return this.#mark({ kind: 'unknown-gap', environment, reason })
    return this.#mark({ kind: 'gap', environment, impressions })
  }

  #markSkipped({ rows, sampledOut, to }: Pick<Skipped, 'rows' | 'sampledOut' | 'to'>): void {
    if (rows > 0) this.#mark({ kind: 'skipped', rows, sampledOut, from: this.#cursor, to, loadable: true })
  }

  /**
   * What the logs took between two cursors must have matched an empty filter or be in a gap. What is not was lost inside
   * the server, in silence: it is told as missed.
   */
  #checkAccounts(before: Books, cursor: Cursor): void {
    const ledger = this.#ledger
    const accepted = this.#everything ? acceptedBetween(this.#cursor, cursor) : undefined
    if (!ledger || accepted === undefined || ledger.books.missed.unknown > this.#missed.unknown) {
      if (ledger) this.#missed = ledger.books.missed
      return
    }
    const missed = ledger.books.missed.impressions - this.#missed.impressions
    const lost = accepted - (ledger.books.matched - before.matched) - missed
    if (lost > 0) {
      this.#ledger = missRows(ledger, lost)
      this.#mark({ kind: 'unaccounted', impressions: lost })
    }
    this.#missed = this.#ledger?.books.missed ?? this.#missed
  }

  /** A log that begins anew without a gap that says so leaves a mark of its own. */
  #follow(cursor: Cursor): void {
    for (const { environmentId, epoch } of cursor) {
      if (epoch === undefined) continue
      const known = this.#epochs.get(environmentId)
      if (known !== undefined && known !== epoch)
        this.#mark({ kind: 'restart', environment: this.#nameOf(environmentId) })
      this.#epochs.set(environmentId, epoch)
    }
  }

  /** Each has an id of its own, so that whoever selected one finds the rows that came in its place. */
  #olderMarker(from: Cursor | undefined): Marker & Older {
    return { id: `older:${++this.#markers}`, kind: 'older', from: from ?? [], loadable: from !== undefined }
  }

  #nameOf(environmentId: string): string {
    return this.#environments.find((environment) => environment.id === environmentId)?.name ?? environmentId
  }

  #mark(marker: Told<Marker>): string {
    const id = `marker:${++this.#markers}`
    this.#let(this.held.mark({ ...marker, id }))
    return id
  }

  #let(rows: number): void {
    if (this.#ledger) this.#ledger = evictRows(this.#ledger, rows)
  }
}
