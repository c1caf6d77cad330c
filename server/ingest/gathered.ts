import { later, type Refusal, tooLarge } from './refusal.ts'

const firstBytes = 64 * 1024

export type GatheredParts = {
  /** The body's length where it is known beforehand. */
  readonly expected: number | undefined
  readonly mostBytes: number
  /** Reserves memory, or says that there is none. */
  readonly take: (bytes: number) => boolean
}

/**
 * A body as it comes in. One that comes whole is kept as it is; pieces are copied together at once rather than kept: a
 * body sent in pieces of one byte would otherwise cost a hundred times its size.
 */
export class Gathered {
  readonly #parts: GatheredParts
  #buffer: Buffer = Buffer.alloc(0)
  #length = 0

  constructor(parts: GatheredParts) {
    this.#parts = parts
  }

  get length(): number {
    return this.#length
  }

  /** The bytes so far; they stay this object's until it is dropped. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Takes the next piece, or says why not. */
  add(piece: Buffer): Refusal | undefined {
    const needed = this.#length + piece.length
    if (needed > this.#parts.mostBytes) return tooLarge(`the body is larger than ${this.#parts.mostBytes} bytes`)
    if (piece.length === this.#parts.expected) return this.#keep(piece)
    if (needed > this.#buffer.length && !this.#grow(needed)) return full
    this.#buffer.set(piece, this.#length)
    this.#length = needed
    return undefined
  }

  #keep(whole: Buffer): Refusal | undefined {
    if (!this.#parts.take(whole.length)) return full
    this.#buffer = whole
    this.#length = whole.length
    return undefined
  }

  #grow(needed: number): boolean {
    const { expected, mostBytes, take } = this.#parts
    const most = Math.max(needed, expected ?? mostBytes)
    const bytes = Math.min(most, Math.max(needed, firstBytes, this.#buffer.length * 2))
    if (!take(bytes - this.#buffer.length)) return false
    const larger = Buffer.allocUnsafe(bytes)
    larger.set(this.bytes)
    this.#buffer = larger
    return true
  }
}

const full = later(503, 'too many posts at once', 1)
