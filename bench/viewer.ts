import type { Lags } from './lags.ts'
import { readStamps } from './stamps.ts'
import type { Wish } from './workload.ts'

/** What one viewer has got so far. */
export class Viewer {
  readonly wish: Wish
  /** Rows that its wish matches: received, or exactly counted by the server. */
  counted = 0
  /** Rows received that its wish matches. */
  useful = 0
  /** Rows received. */
  moved = 0
  /** What should not have happened. */
  trouble: string | undefined
  /** Where times from post to socket go, while they are measured. */
  lags: Lags | undefined
  readonly #needle: Buffer | undefined

  constructor(wish: Wish) {
    this.wish = wish
    this.#needle = wish.kind === 'key' ? Buffer.from(`"k":"${wish.key}"`) : undefined
  }

  /** A message of rows from a server that knows no keys: who wants one throws the others away here. */
  hearUnfiltered(message: Buffer, rows: number): void {
    const useful = this.#needle ? occurrences(message, this.#needle) : rows
    this.hear(message, { counted: useful, useful, moved: rows })
  }

  /** The server hung up. */
  cut(): void {
    this.trouble ??= 'a viewer was cut off'
  }

  hear(message: Buffer, rows: { readonly counted: number; readonly useful: number; readonly moved: number }): void {
    this.counted += rows.counted
    this.useful += rows.useful
    this.moved += rows.moved
    const { lags } = this
    if (lags && this.wish.kind !== 'key') readStamps(message, (ms) => lags.add(ms))
  }
}

export function occurrences(bytes: Buffer, needle: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + needle.length)) count++
  return count
}
