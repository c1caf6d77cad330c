import type { Clock } from './clock.ts'
import type { HeldRows } from './held-rows.ts'
import { indexIn } from './list.ts'
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

  /** Opens a row of the list as it is shown. */
  open(id: string): void {
    this.#read()
    const list = this.reading.list()
    this.selection.open(list, indexIn(list, id))
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

  /** The rows of another filter are there: a list that stands still stands still at them. */
  beginAgain(): void {
    this.reading.retake(this.#parts.matched())
    this.selection.follow(this.reading.list())
    this.#find()
  }

  #find(): void {
    const found = this.selection.find(this.reading.list())
    if (found === 'found') {
      this.#read()
      this.selection.follow(this.reading.list())
    }
    if (found === 'missing') this.#waits.wait('gone', goneShownMs, () => this.#parts.changed())
  }

  #read(): void {
    this.reading.freeze('reading', this.#parts.matched())
  }

  #letGo(): void {
    this.reading.thaw('held')
    this.#parts.changed()
  }
}
