import type { RowEntry } from './entry.ts'
import { indexIn, type List } from './list.ts'
import type { Place } from './view.ts'

/** Which line is selected and which row is open, while the list stands still. */
export class Selection {
  #place: Place | undefined
  #opened: RowEntry | undefined
  #sought: string | undefined

  get place(): Place | undefined {
    return this.#place
  }

  get opened(): RowEntry | undefined {
    return this.#opened
  }

  /** The open row, or the one that a link asked for and that is still looked for. */
  get openId(): string | undefined {
    return this.#opened?.id ?? this.#sought
  }

  /** Asks for a row by its id, which is found as soon as a list has it. */
  seek(id: string | undefined): void {
    this.#sought = id
  }

  /** Opens what was asked for, if the list has it; says whether there was anything to find, and whether it was. */
  find(list: List): 'nothing' | 'found' | 'missing' {
    const id = this.#sought
    if (id === undefined) return 'nothing'
    this.#sought = undefined
    const index = indexIn(list, id)
    this.select(list, index)
    return this.open(list, index) ? 'found' : 'missing'
  }

  select(list: List, index: number): void {
    const entry = list.at(index)
    if (!entry) return
    this.#place = { id: entry.id, index }
    if (this.#opened && entry.kind === 'impression') this.#opened = entry
  }

  /** Selects the line that is some lines further down; the first one when none was selected. */
  move(list: List, lines: number): void {
    const from = this.#place?.index
    const index = from === undefined ? 0 : Math.min(list.count - 1, Math.max(0, from + lines))
    this.select(list, index)
  }

  /** Opens a row; markers have nothing to open. */
  open(list: List, index: number): boolean {
    const entry = list.at(index)
    if (entry?.kind !== 'impression') return false
    this.#opened = entry
    this.select(list, index)
    return true
  }

  /** Follows the selected line in a list that moves, while it is near its top; then it is let go. */
  keepAmong(list: List, most: number): void {
    const id = this.#place?.id
    if (id === undefined) return
    this.#place = undefined
    for (let index = 0; index < most; index++) if (list.at(index)?.id === id) this.#place = { id, index }
  }

  close(): void {
    this.#opened = undefined
    this.#sought = undefined
  }

  clear(): void {
    this.#place = undefined
  }

  /** Finds the selected line in another list; a row that is not in it stays open all the same. */
  follow(list: List): void {
    if (!this.#place) return
    const index = indexIn(list, this.#place.id)
    this.#place = index === -1 ? undefined : { id: this.#place.id, index }
  }
}
