import { later, type Refusal, tooLarge } from './refusal.ts'

/** A body in the order of its pieces. They are given to another thread as they are where they are its own memory. */
export type Body = { readonly pieces: readonly Buffer[]; readonly length: number; readonly isOwn: boolean }

/** Memory of this size is used again and again; larger pieces are taken from the system and given back each time. */
const pieceBytes = 64 * 1024

export type GatheredParts = {
  /** The body's length where it is known beforehand. */
  readonly expected: number | undefined
  readonly mostBytes: number
  /** Reserves memory, or says that there is none. */
  readonly take: (bytes: number) => boolean
}

/**
 * A body as it comes in. One that comes whole is kept as it is; what comes in pieces is copied together at once rather
 * than kept: a body sent in pieces of one byte would otherwise cost a hundred times its size.
 */
export class Gathered {
  readonly #parts: GatheredParts
  readonly #pieces: Buffer[] = []
  #isOwn = true
  #length = 0
  /** Bytes of the last piece that are not written yet. */
  #room = 0

  constructor(parts: GatheredParts) {
    this.#parts = parts
  }

  get length(): number {
    return this.#length
  }

  /** What came so far. */
  get body(): Body {
    const last = this.#pieces.at(-1)
    const pieces = last ? [...this.#pieces.slice(0, -1), last.subarray(0, last.length - this.#room)] : []
    return { pieces, length: this.#length, isOwn: this.#isOwn }
  }

  /** Takes the next piece, or says why not. */
  add(piece: Buffer): Refusal | undefined {
    const { expected, mostBytes } = this.#parts
    const needed = this.#length + piece.length
    if (needed > mostBytes) return tooLarge(`the body is larger than ${mostBytes} bytes`)
    if (piece.length === expected) return this.#keep(piece)
    for (let from = 0; from < piece.length; ) {
      if (this.#room === 0 && !this.#grow()) return full
      from += this.#write(piece.subarray(from, from + this.#room))
    }
    return undefined
  }

  #keep(whole: Buffer): Refusal | undefined {
    if (!this.#parts.take(whole.length)) return full
    this.#pieces.push(whole)
    this.#length = whole.length
    this.#isOwn = false // the network's
    return undefined
  }

  #grow(): boolean {
    const { expected, mostBytes, take } = this.#parts
    const bytes = Math.min(pieceBytes, Math.max(1, (expected ?? mostBytes) - this.#length))
    if (!take(bytes)) return false
    this.#pieces.push(Buffer.allocUnsafeSlow(bytes))
    this.#room = bytes
    return true
  }

  #write(some: Buffer): number {
    const last = this.#pieces.at(-1)
    last?.set(some, last.length - this.#room)
    this.#room -= some.length
    this.#length += some.length
    return some.length
  }
}

/** A body in one piece. */
export function wholeOf({ pieces, length }: Body): Buffer {
  const [first = Buffer.alloc(0)] = pieces
  return pieces.length > 1 ? Buffer.concat(pieces, length) : first
}

const full = later(503, 'too many posts at once', 1)
