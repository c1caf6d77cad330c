import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  lineFeed,
  openBrace,
  openBracket,
  quote,
  space,
} from './json-signs.ts'
import { RowPlaces } from './row-places.ts'

const carriageReturn = 0x0d

/**
 * Finds each row of a post that JSON.parse has accepted. `rowsOfGroups` says how many rows it saw in each group.
 * Gives `undefined` where bytes and parser could mean different rows: a key that is escaped or occurs twice, another
 * number of groups or rows.
 */
export function findRows(
  bytes: Uint8Array,
  rowsOfGroups: readonly number[],
  within: 'array' | 'entries',
): RowPlaces | undefined {
  const rows = rowsOfGroups.reduce((sum, count) => sum + count, 0)
  const walk = new Walk(bytes, new RowPlaces(rows), rowsOfGroups)
  return walk.post(within) ? walk.places : undefined
}

/** Walks over bytes that are known to be JSON; never beyond their end, even if they were not. */
class Walk {
  readonly places: RowPlaces
  readonly #bytes: Uint8Array
  readonly #rowsOfGroups: readonly number[]
  #at = 0
  #group = 0
  #depth = 0
  #broken = false

  constructor(bytes: Uint8Array, places: RowPlaces, rowsOfGroups: readonly number[]) {
    this.#bytes = bytes
    this.places = places
    this.#rowsOfGroups = rowsOfGroups
  }

  post(within: 'array' | 'entries'): boolean {
    const groups = () => this.#elements(this.#oneGroup)
    return (
      (within === 'array' ? groups() : this.#member('entries', groups)) && this.#group === this.#rowsOfGroups.length
    )
  }

  readonly #oneGroup = (): boolean => {
    const before = this.places.count
    return this.#member('i', this.#rows) && this.places.count - before === this.#rowsOfGroups[this.#group++]
  }

  readonly #rows = (): boolean => {
    this.#skipSpace()
    if (this.#bytes[this.#at] === openBracket) return this.#elements(this.#oneRow)
    this.#skipValue() // null: a group without rows
    return true
  }

  readonly #oneRow = (): boolean => {
    this.#skipSpace()
    const from = this.#at
    this.#skipValue()
    this.places.add(from, this.#at, this.#depth, this.#broken)
    return true
  }

  #elements(each: () => boolean): boolean {
    if (!this.#take(openBracket)) return false
    if (this.#take(closeBracket)) return true
    do {
      if (!each()) return false
    } while (this.#take(comma))
    return this.#take(closeBracket)
  }

  /** Walks over an object, by `inside` over its member of that name; `false` if there may be two. */
  #member(name: string, inside: () => boolean): boolean {
    if (!this.#take(openBrace)) return false
    if (this.#take(closeBrace)) return true
    let seen = false
    do {
      const named = this.#key(name)
      if (named === undefined || !this.#take(colon)) return false
      if (!named) this.#skipValue()
      else if (seen || !inside()) return false
      else seen = true
    } while (this.#take(comma))
    return this.#take(closeBrace)
  }

  /** Whether the key at hand is this name; `undefined` if it is escaped and so could be any. */
  #key(name: string): boolean | undefined {
    if (!this.#take(quote)) return undefined
    const bytes = this.#bytes
    const from = this.#at
    let at = from
    let same = true
    for (; at < bytes.length && bytes[at] !== quote; at++) {
      if (bytes[at] === backslash) return undefined
      if (bytes[at] !== name.charCodeAt(at - from)) same = false
    }
    this.#at = at + 1
    return same && at - from === name.length
  }

  #take(byte: number): boolean {
    this.#skipSpace()
    if (this.#bytes[this.#at] !== byte) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    while ((this.#bytes[this.#at] ?? quote) <= space) this.#at++
  }

  /** Steps behind the value at hand, and leaves its nesting in `#depth`, whether lines break in it in `#broken`. */
  #skipValue(): void {
    this.#depth = 0
    this.#broken = false
    this.#skipSpace()
    const first = this.#bytes[this.#at]
    if (first === quote) this.#at = this.#behindString(this.#at + 1)
    else if (first === openBrace || first === openBracket) this.#skipNested()
    else while (isScalar(this.#bytes[this.#at])) this.#at++
  }

  /** The hot loop: every byte of every row passes here. */
  #skipNested(): void {
    const bytes = this.#bytes
    const end = bytes.length
    let at = this.#at
    let depth = 0
    let deepest = 0
    let broken = false
    do {
      const byte = bytes[at++]
      if (byte === quote) {
        for (let inner = bytes[at++]; inner !== quote && at < end; inner = bytes[at++]) if (inner === backslash) at++
      } else if (byte === openBrace || byte === openBracket) {
        if (++depth > deepest) deepest = depth
      } else if (byte === closeBrace || byte === closeBracket) depth--
      else if (byte === lineFeed || byte === carriageReturn) broken = true
    } while (depth > 0 && at < end)
    this.#at = at
    this.#depth = deepest
    this.#broken = broken
  }

  /** The place behind the string whose opening quote stands just before `at`. */
  #behindString(from: number): number {
    const bytes = this.#bytes
    let at = from
    while (at < bytes.length) {
      const byte = bytes[at++]
      if (byte === quote) return at
      if (byte === backslash) at++
    }
    return bytes.length
  }
}

function isScalar(byte: number | undefined): boolean {
  return byte !== undefined && byte > space && byte !== comma && byte !== closeBracket && byte !== closeBrace
}
