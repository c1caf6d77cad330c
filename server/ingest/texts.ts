import { jsonBytes } from './json-bytes.ts'

/** A string, and at most how many bytes it takes as JSON. */
export type Text = { readonly text: string; readonly jsonBytes: number }

const slots = 8192
/** Longer strings are rare, and would make the memory that is kept large. */
const mostBytes = 256

/** A string with what it weighs, for whoever has it decoded already. */
export function weighed(text: string): Text {
  return { text, jsonBytes: jsonBytes(text) }
}

/**
 * Strings of the posts, each decoded once while it is met often: treatments, labels and flags are few and come again and
 * again, and whoever keeps batches keeps one string for all. A string that falls on another's slot takes it, so neither
 * time nor memory (some 4 MB at most) depends on what is posted.
 */
export class Texts {
  readonly #met: (Text | undefined)[] = []
  /** What each slot's string looks like: so many bytes, and these. */
  readonly #lengths = new Uint16Array(slots)
  readonly #bytes = new Uint8Array(slots * mostBytes)
  /** By length, the slot that was met last: rows of one flag mostly say the same. */
  readonly #last = new Uint16Array(mostBytes + 1)

  /** The JSON string whose inside stands at [from, to) of a body. */
  at(body: Buffer, from: number, to: number, escaped: boolean): Text {
    const length = to - from
    if (length > mostBytes) return decoded(body, from, to, escaped)
    const last = this.#in(this.#last[length] ?? 0, body, from, length)
    if (last) return last
    const slot = slotOf(body, from, to)
    this.#last[length] = slot
    return (
      this.#in(slot, body, from, length) ?? this.#learn(slot, body.subarray(from, to), decoded(body, from, to, escaped))
    )
  }

  /** The string of a slot, if it is the one that stands here. */
  #in(slot: number, body: Uint8Array, from: number, length: number): Text | undefined {
    if (this.#lengths[slot] !== length) return undefined
    const bytes = this.#bytes
    const start = slot * mostBytes
    for (let at = 0; at < length; at++) if (bytes[start + at] !== body[from + at]) return undefined
    return this.#met[slot]
  }

  #learn(slot: number, bytes: Uint8Array, text: Text): Text {
    this.#met[slot] = text
    this.#lengths[slot] = bytes.length
    this.#bytes.set(bytes, slot * mostBytes)
    return text
  }
}

function decoded(body: Buffer, from: number, to: number, escaped: boolean): Text {
  return weighed(escaped ? JSON.parse(body.toString('utf8', from - 1, to + 1)) : body.toString('utf8', from, to))
}

function slotOf(body: Uint8Array, from: number, to: number): number {
  let hash = to - from
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (body[at] ?? 0)) | 0
  return (hash ^ (hash >>> 15)) & (slots - 1)
}
