import { maskedFault } from '../../domain/filter/masked-fault.ts'
import type { Span } from '../../domain/filter/span.ts'
import type { RowEntry } from './entry.ts'
import { Fresh } from './fresh.ts'
import type { Gauge } from './gauge.ts'
import { look } from './look.ts'
import { onlyMasked } from './masked.ts'
import { Painter } from './painter.ts'
import { Patience } from './patience.ts'
import { Reader } from './reader.ts'
import { emptySearch, readSearch, type Search } from './search.ts'
import { Session, type SessionParts } from './session.ts'
import type { View } from './view.ts'

/** What a link says about the view. */
export type Link = { readonly text: string; readonly paused: boolean; readonly openId: string | undefined }

export type StoreParts = SessionParts & {
  /** The least time between two paints. */
  readonly paintMs: number
  readonly link: Link
}

const watchDelayMs = 150
const hiddenHoldMs = 30_000
const secondMs = 1000
/** A row that is selected in a live list stays so while it is among so many newest. */
const liveSelectionRows = 12

/** The live tail as the screen sees it. Rows stay outside React: one view is made per paint, and it says all there is. */
export class TailStore {
  /** What the person does with the list. */
  readonly reader: Reader
  readonly #parts: StoreParts
  readonly #session: Session
  readonly #painter: Painter
  readonly #waits: Patience<'watch' | 'hidden' | 'second'>
  readonly #listeners = new Set<() => void>()
  readonly #fresh = new Fresh()
  #search: Search
  #typing: Span | undefined
  /** Everything that may be seen is masked, as far as the server has said what may be seen. */
  #masked = false
  #hiddenLong = false
  /** The view was cleared while a new filter's rows were still under way: they are cleared too. */
  #clearsNext = false
  #paints = 0
  #view: View

  constructor(parts: StoreParts) {
    const { clock, link, paintMs } = parts
    this.#parts = parts
    this.#search = readSearch(link.text, emptySearch)
    this.#painter = new Painter(clock, paintMs, () => this.#paint())
    this.#waits = new Patience(clock)
    this.#session = new Session(parts, this.#search, {
      started: (answer) => this.#started(answer),
      filled: (markerId, entries) => this.reader.fill(markerId, entries),
      extended: (older, counted) => this.reader.extend(older, counted),
      found: (id, row) => this.reader.found(id, row),
      changed: () => this.#arrived(),
      first: ({ kind }, row) => {
        if (kind === 'over' && row) this.reader.selectLive(row.id)
        this.#changed() // it was waited for: not a paint's time longer
      },
    })
    this.reader = new Reader({
      held: this.#session.intake.held,
      clock,
      matched: () => this.#session.matched,
      find: (id) => this.#session.find(id),
      changed: () => this.#changed(),
    })
    this.#view = this.#look()
    this.reader.selection.seek(link.openId)
    this.reader.setPaused(link.paused)
  }

  /** How it is right now, for those who cannot wait for a paint: a hidden page has none. */
  glance(): View {
    return this.#look()
  }

  /** The same object until something is different. */
  readonly view = (): View => this.#view

  /** What paints and incoming rows cost. */
  get gauge(): Gauge {
    return this.#session.gauge
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open(): void {
    this.#session.open()
    this.#everySecond()
  }

  close(): void {
    this.#waits.close()
    this.#painter.close()
    this.reader.close()
    this.#session.close()
  }

  /**
   * Takes what stands in the query bar: filters what is held at once, asks the server a moment after the last key. `typing`
   * is the term that the caret is in.
   */
  setText(text: string, typing?: Span): void {
    if (text === this.#search.text && typing === this.#typing) return
    this.#typing = typing
    this.#search = readSearch(text, this.#search, { typing, masked: this.#masked })
    this.#narrow()
    this.reader.narrowed()
    this.#waits.wait('watch', watchDelayMs, () => this.#session.want(this.#search))
    this.#show()
  }

  /** Asks for the rows that a marker stands for. */
  load(markerId: string): void {
    this.#session.load(markerId)
    this.#changed()
  }

  /** Empties the view, and nothing but the view. */
  clear(): void {
    this.#session.intake.clear(this.#parts.clock.now())
    this.reader.cleared()
    this.#clearsNext = !this.#answered
    this.#changed()
  }

  /** Undoes the last clear; says whether that could be. */
  bringBack(): boolean {
    const entries = this.#session.intake.bringBack()
    if (entries) this.reader.reading.bringBack(entries)
    this.#changed()
    return entries !== undefined
  }

  /** The last clear will not be undone, so nothing is kept for that. */
  forgetCleared(): void {
    this.#session.intake.forgetCleared()
  }

  /** Stands still at the newest row of a second of the chart, or of the last one before it that has any. */
  showSecond(second: number): void {
    const { history } = this.#session
    this.reader.show(({ impression }) => history.secondOfRow(impression.receptionTimestamp) <= second)
  }

  /** All rows that are listed, oldest first. */
  listed(): readonly RowEntry[] {
    return this.reader.reading.rows()
  }

  /** Asks the server again, now. */
  retry(): void {
    this.#session.retry()
  }

  /** Says no more of the mode of these SDKs. */
  dismissHint(sdks: readonly string[]): void {
    this.#session.hints.dismiss(sdks)
    this.#show()
  }

  /** The browser's history asks for this view. */
  go(link: Link): void {
    this.setText(link.text)
    this.reader.setPaused(link.paused)
    this.reader.seek(link.openId)
  }

  /** Paints at most so often from now on. */
  setPaintMs(paintMs: number): void {
    this.#painter.pace(paintMs)
  }

  /** The newest rows of a key among those that are held, newest first. */
  newestOf(key: string, most: number): readonly RowEntry[] {
    const found: RowEntry[] = []
    const entries = this.#session.intake.held.snapshot()
    for (let index = entries.length - 1; index >= 0 && found.length < most; index--) {
      const entry = entries[index]
      if (entry?.kind === 'impression' && entry.impression.key === key) found.push(entry)
    }
    return found
  }

  /** Rows wait on the server while nobody has looked for a while. */
  setHidden(hidden: boolean): void {
    this.#waits.cancel('hidden')
    if (hidden) this.#waits.wait('hidden', hiddenHoldMs, () => this.#setHiddenLong(true))
    else this.#setHiddenLong(false)
  }

  #setHiddenLong(hidden: boolean): void {
    this.#hiddenLong = hidden
    this.#settleHold()
  }

  #started(answer: 'new' | 'resumed'): void {
    this.#lookForMasks()
    this.#narrow()
    if (answer === 'new') this.reader.beginAgain()
    if (this.#clearsNext && this.#answered) this.clear()
    this.#arrived()
  }

  /**
   * What may be asked depends on what may be seen: with another sight the same text is read again. Who begins with a filter
   * for what is hidden is told of it by a refusal.
   */
  #lookForMasks(): void {
    const { intake, refusal } = this.#session
    const refused = refusal?.reason === 'filter' && maskedFault(this.#search.canonical) !== undefined
    const masked = refused || onlyMasked(intake.environments)
    if (masked === this.#masked) return
    this.#masked = masked
    this.#search = readSearch(this.#search.text, this.#search, { typing: this.#typing, masked })
    this.#session.want(this.#search)
  }

  /** Something came in: shown with the next paint. */
  #arrived(): void {
    if (this.#session.refusal?.reason === 'filter') this.#lookForMasks()
    this.#settleHold()
    this.#painter.want()
  }

  /** The person did something: shown at once. */
  #changed(): void {
    this.#settleHold()
    this.#show()
  }

  #settleHold(): void {
    this.#session.hold(this.#hiddenLong || this.reader.reading.full)
  }

  /** Filters here until the server has answered for what was typed. */
  #narrow(): void {
    this.reader.reading.narrow(this.#answered ? undefined : this.#search.passes)
  }

  /** Whether the server has answered for what was typed. */
  get #answered(): boolean {
    return this.#search.canonical === this.#session.heldSearch.canonical
  }

  #everySecond(): void {
    this.#waits.wait('second', secondMs, () => {
      this.#painter.want()
      this.#everySecond()
    })
  }

  #paint(): void {
    this.#paints++
    this.#session.gauge.painting()
    this.#fresh.look(this.#session.intake.held, this.#parts.clock.now())
    this.#show()
  }

  #show(): void {
    const { reading, selection } = this.reader
    if (reading.mode === 'live') selection.keepAmong(reading.list(), liveSelectionRows)
    this.#view = this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): View {
    const { clock, capacity } = this.#parts
    return look({
      session: this.#session,
      reader: this.reader,
      search: this.#search,
      answered: this.#answered,
      fresh: this.#fresh,
      nowMs: clock.now(),
      capacity,
      paints: this.#paints,
    })
  }
}
