import { jsonBytes } from './json-bytes.ts'

/** A string, and at most how many bytes it takes as JSON. */
export type Text = { readonly text: string; readonly jsonBytes: number }

type Met = Text & { readonly bytes: Uint8Array }

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
  readonly #met: (Met | undefined)[] = []
  /** The last ones by length: rows of one flag mostly say the same. */
  readonly #last: (Met | undefined)[] = []

  /** The JSON string whose inside stands at [from, to) of a body. */
  at(body: Buffer, from: number, to: number, escaped: boolean): Text {
    const length = to - from
    if (length > mostBytes) return decoded(body, from, to, escaped)
    const last = this.#last[length]
    if (last && isThere(last.bytes, body, from)) return last
    const text = this.#known(body, from, to) ?? this.#learn(body, from, to, escaped)
    this.#last[length] = text
    return text
  }

  #known(body: Buffer, from: number, to: number): Met | undefined {
    const met = this.#met[slotOf(body, from, to)]
    return met && met.bytes.length === to - from && isThere(met.bytes, body, from) ? met : undefined
  }

  #learn(body: Buffer, from: number, to: number, escaped: boolean): Met {
    const met = { ...decoded(body, from, to, escaped), bytes: Uint8Array.from(body.subarray(from, to)) }
    this.#met[slotOf(body, from, to)] = met
    return met
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

function isThere(bytes: Uint8Array, body: Uint8Array, from: number): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== body[from + at]) return false
  return true
}
