import type { RowEntry } from './entry.ts'
import { indexIn, type List } from './list.ts'
import type { Place } from './view.ts'

/** Which line is selected and which row is open, while the list stands still. */
export class Selection {
  #place: Place | undefined
  #opened: RowEntry | undefined
  #sought: string | undefined
  #cell: string | undefined

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

  /** The column of the focused cell in the selected line; none while the line as a whole has the focus. */
  get cell(): string | undefined {
    return this.#place && this.#cell
  }

  focusCell(column: string | undefined): void {
    this.#cell = column
  }

  /** Asks for a row by its id, which is found as soon as a list has it. */
  seek(id: string | undefined): void {
    this.#sought = id
  }

  /** Opens what was asked for, if the list has it; says whether there was anything to find, and whether it was. */
  find(list: List): 'nothing' | 'found' | 'missing' {
    const id = this.#sought
    if (id === undefined) return 'nothing'
    const index = indexIn(list, id)
    if (index === -1) return 'missing'
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

  /** Selects the next line that is no impression, down the list or up; says whether there is one. */
  toMarker(list: List, step: 1 | -1): boolean {
    let index = (this.#place?.index ?? -1) + step
    while (list.at(index)?.kind === 'impression') index += step
    this.select(list, index)
    return list.at(index) !== undefined
  }

  /** Opens a row; markers have nothing to open. */
  open(list: List, index: number): boolean {
    const entry = list.at(index)
    if (entry?.kind !== 'impression') return false
    this.#opened = entry
    this.#sought = undefined
    this.select(list, index)
    return true
  }

  /** Opens a row that is in no list. */
  openApart(row: RowEntry): void {
    this.#opened = row
    this.#sought = undefined
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

  /** The list was filtered: the line stays selected, or the one that has come to stand in its place. What is open stays. */
  stay(list: List): void {
    const before = this.#place
    if (!before) return
    this.follow(list)
    const index = Math.min(before.index, list.count - 1)
    const beside = list.at(index)
    if (!this.#place && beside) this.#place = { id: beside.id, index }
  }
}
