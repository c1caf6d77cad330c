import type { Clock } from './clock.ts'
import type { Entry, RowEntry } from './entry.ts'
import type { HeldRows } from './held-rows.ts'
import type { OlderRows } from './kept-rows.ts'
import { indexIn, newestIn } from './list.ts'
import { Patience } from './patience.ts'
import { Reading } from './reading.ts'
import { Selection } from './selection.ts'

const pointerRestsMs = 4000
const pointerLeftMs = 400
const touchMs = 1500
const restMs = { mouse: pointerRestsMs, touch: touchMs, button: 60_000 } as const
const goneShownMs = 8000

export type ReaderParts = {
  readonly held: HeldRows
  readonly clock: Clock
  /** Matches known right now. */
  readonly matched: () => number
  /** A row is wanted that is not in the list: the log may have it. */
  readonly find: (id: string) => void
  /** Something that is shown is different, and at once. */
  readonly changed: () => void
}

/** The person in front of the list: what makes it stand still, which line is selected, which row is open. */
export class Reader {
  readonly reading: Reading
  readonly selection = new Selection()
  readonly #parts: ReaderParts
  readonly #waits: Patience<'pointer' | 'gone'>
  #atTop = true

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.reading = new Reading(parts.held)
    this.#waits = new Patience(parts.clock)
  }

  /** Whether it was just found that a row asked for is not held. */
  get rowIsGone(): boolean {
    return this.#waits.waits('gone')
  }

  close(): void {
    this.#waits.close()
  }

  /** Stops the list until it is told to go on. */
  setPaused(paused: boolean): void {
    if (paused) this.reading.freeze('paused', this.#parts.matched())
    else this.reading.thaw('paused')
    this.#parts.changed()
  }

  /** Back to the newest rows, whatever kept the list still. */
  goLive(): void {
    this.selection.clear()
    this.reading.thaw(this.reading.mode)
    this.#atTop = true
    this.#parts.changed()
  }

  /** The pointer moves over rows: they stand still until it has left or rests; on a button it may rest for long. */
  point(kind: keyof typeof restMs): void {
    const before = this.reading.mode
    this.reading.freeze('held', this.#parts.matched())
    this.#waits.wait('pointer', restMs[kind], () => this.#letGo())
    if (this.reading.mode !== before) this.#parts.changed()
  }

  pointerLeft(): void {
    if (this.#waits.waits('pointer')) this.#waits.wait('pointer', pointerLeftMs, () => this.#letGo())
  }

  /** Away from the top is reading; back there is live again, unless a row is open or the top line is selected. */
  scrolled(atTop: boolean): void {
    if (atTop === this.#atTop) return
    this.#atTop = atTop
    if (!atTop) this.#read()
    else if (!this.selection.opened && this.selection.place?.index !== 0) {
      this.selection.clear()
      this.reading.thaw('reading')
    }
    this.#parts.changed()
  }

  /** Selects the line that is some lines further down, in a list that stands still. */
  move(lines: number): void {
    this.#read()
    this.selection.move(this.reading.list(), lines)
    this.#parts.changed()
  }

  /** Focuses a cell of the selected line, or the line itself; of the first one when none was selected. */
  toCell(column: string | undefined): void {
    if (!this.selection.place) this.move(0)
    this.selection.focusCell(column)
    this.#parts.changed()
  }

  /** Selects the next marker, down the list or up; says whether there is one. */
  toMarker(step: 1 | -1): boolean {
    this.#read()
    const found = this.selection.toMarker(this.reading.list(), step)
    this.#parts.changed()
    return found
  }

  /** Text is selected in the list, or a menu is open over it: it stands still to be read. */
  standStill(): void {
    this.#read()
    this.#parts.changed()
  }

  /** The list was emptied: whoever paused it still has it paused, and all else that kept it still is gone. */
  cleared(): void {
    this.selection.close()
    this.selection.clear()
    if (this.reading.mode === 'paused') this.reading.retake(this.#parts.matched())
    else this.reading.thaw(this.reading.mode)
    this.#atTop = true
  }

  /** Opens a row of the list as it is shown; a click in one of its cells focuses that. */
  open(id: string, column?: string): void {
    this.#read()
    if (column !== undefined) this.selection.focusCell(column)
    const list = this.reading.list()
    this.selection.open(list, indexIn(list, id))
    this.#parts.changed()
  }

  /** Selects the newest row for which something holds, in a list that stands still. */
  show(holds: (row: RowEntry) => boolean): void {
    this.#read()
    const list = this.reading.list()
    this.selection.select(list, newestIn(list, holds))
    this.#parts.changed()
  }

  /** Selects a row and lets the list go on; see `Selection.keepAmong`. */
  selectLive(id: string): void {
    const list = this.reading.list()
    this.selection.select(list, indexIn(list, id))
    this.#parts.changed()
  }

  /** Opens a row that is held, also one that came since the list stands still: then it stands still at now. */
  jump(id: string): void {
    this.#read()
    if (indexIn(this.reading.list(), id) === -1) this.reading.retake(this.#parts.matched())
    this.open(id)
  }

  openSelected(): void {
    const { place } = this.selection
    if (place) this.open(place.id)
  }

  /** Closes the open row; its line stays selected. */
  closeRow(): void {
    this.selection.close()
    this.#parts.changed()
  }

  /** Closes the open row, forgets the selected line, and goes on if nothing else keeps the list still. */
  leave(): void {
    this.selection.close()
    this.selection.clear()
    if (this.#atTop) this.reading.thaw('reading')
    this.#parts.changed()
  }

  /** A link names a row, or none. */
  seek(id: string | undefined): void {
    if (id === this.selection.openId) return
    if (id === undefined) this.leave()
    else {
      this.selection.seek(id)
      this.#find()
      this.#parts.changed()
    }
  }

  /** Rows came to stand in the place of a marker, which stays selected as far as it is left. */
  fill(markerId: string, entries: readonly Entry[]): void {
    this.reading.fill(markerId, entries)
    this.narrowed()
  }

  /** Older rows came to stand below all others. */
  extend(older: OlderRows, counted: number): void {
    this.reading.extend(older, counted)
    this.narrowed()
  }

  /** The list was filtered here. */
  narrowed(): void {
    this.selection.stay(this.reading.list())
  }

  /** The rows of another filter are there: a list that stands still stands still at them. */
  beginAgain(): void {
    this.reading.retake(this.#parts.matched())
    this.selection.follow(this.reading.list())
    this.#find()
  }

  /** The log was asked for a row: it is opened if it is still wanted, or told to be gone. */
  found(id: string, row: RowEntry | undefined): void {
    if (this.selection.opened || id !== this.selection.openId) return
    if (row) {
      this.#read()
      this.selection.openApart(row)
    } else {
      this.selection.close()
      this.#waits.wait('gone', goneShownMs, () => this.#parts.changed())
    }
    this.#parts.changed()
  }

  #find(): void {
    const found = this.selection.find(this.reading.list())
    if (found === 'found') {
      this.#read()
      this.selection.follow(this.reading.list())
    }
    const { openId } = this.selection
    if (found === 'missing' && openId !== undefined) this.#parts.find(openId)
  }

  #read(): void {
    this.reading.freeze('reading', this.#parts.matched())
  }

  #letGo(): void {
    this.reading.thaw('held')
    this.#parts.changed()
  }
}
