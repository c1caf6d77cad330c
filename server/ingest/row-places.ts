import type { RowBytes } from './row-bytes.ts'

/** Where the rows of a post stand in its bytes, in the order of the post. */
export class RowPlaces {
  readonly #numbers: Int32Array
  #count = 0

  constructor(rows: number) {
    this.#numbers = new Int32Array(rows * 3)
  }

  get count(): number {
    return this.#count
  }

  /** Notes the next row; the arguments are those of RowBytes. */
  add(from: number, to: number, depth: number, broken: boolean): void {
    const at = this.#count++ * 3
    this.#numbers[at] = from
    this.#numbers[at + 1] = to
    this.#numbers[at + 2] = depth * 2 + (broken ? 1 : 0)
  }

  bytesOf(row: number, bytes: Uint8Array): RowBytes {
    const at = row * 3
    const noted = this.#numbers[at + 2] ?? 0
    return {
      bytes,
      from: this.#numbers[at] ?? 0,
      to: this.#numbers[at + 1] ?? 0,
      depth: noted >> 1,
      broken: (noted & 1) === 1,
    }
  }
}
