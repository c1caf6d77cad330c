import { emptyBooks, missedOf } from '../../domain/ledger.ts'
import type { RowEntry } from './entry.ts'
import { noticeOf } from './notice.ts'
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
  #search: Search
  #hiddenLong = false
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
      filled: (markerId, entries) => this.reader.reading.fill(markerId, entries),
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
      changed: () => this.#changed(),
    })
    this.#view = this.#look()
    this.reader.selection.seek(link.openId)
    this.reader.setPaused(link.paused)
  }

  /** The same object until something is different. */
  readonly view = (): View => this.#view

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

  /** Takes what stands in the query bar: filters what is held at once, asks the server a moment after the last key. */
  setText(text: string): void {
    if (text === this.#search.text) return
    this.#search = readSearch(text, this.#search)
    this.#narrow()
    this.#waits.wait('watch', watchDelayMs, () => this.#session.want(this.#search))
    this.#show()
  }

  /** Asks for the rows that a marker stands for. */
  load(markerId: string): void {
    this.#session.load(markerId)
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
    this.#narrow()
    if (answer === 'new') this.reader.beginAgain()
    this.#arrived()
  }

  /** Something came in: shown with the next paint. */
  #arrived(): void {
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
    const answered = this.#search.canonical === this.#session.heldSearch.canonical
    this.reader.reading.narrow(answered ? undefined : this.#search.passes)
  }

  #everySecond(): void {
    this.#waits.wait('second', secondMs, () => {
      this.#painter.want()
      this.#everySecond()
    })
  }

  #paint(): void {
    this.#paints++
    this.#show()
  }

  #show(): void {
    const { reading, selection } = this.reader
    if (reading.mode === 'live') selection.keepAmong(reading.list(), liveSelectionRows)
    this.#view = this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): View {
    const session = this.#session
    const { reading, selection, rowIsGone } = this.reader
    const { connection, matched, intake, refusal, said, unknownEnvironments, holding } = session
    const { capacity, clock } = this.#parts
    const nowMs = clock.now()
    const rate = session.meter.rate(nowMs)
    const { ledger } = intake
    const books = ledger ? { ...ledger.books, missed: missedOf(ledger) } : emptyBooks
    return {
      nowMs,
      connection,
      search: this.#search,
      settled: intake.ledger !== undefined && this.#search.canonical === session.heldSearch.canonical,
      mode: reading.mode,
      waiting: reading.waiting(matched),
      list: reading.list(),
      selected: selection.place,
      openId: selection.openId,
      opened: selection.opened,
      books,
      matched,
      rate,
      environments: intake.environments,
      facets: session.facets,
      began: session.began,
      busDown: said.some(({ kind }) => kind === 'bus-down'),
      firstRun: session.firstRun,
      notice: noticeOf({
        connection,
        refusal,
        said,
        unknownEnvironments,
        rate,
        books,
        holding,
        began: session.began,
        capacity,
        rowIsGone,
        nowMs,
      }),
      refusal,
      capacity,
      paints: this.#paints,
    }
  }
}
