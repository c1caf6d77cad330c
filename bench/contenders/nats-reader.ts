export type NatsHearer = {
  readonly message: (body: Buffer) => void
  /** Whatever is no message: INFO, PING, PONG, errors. */
  readonly line: (line: string) => void
}

const lineFeed = 10
const space = 32
const zero = 48
const messageVerb = 'M'.charCodeAt(0)
const lineEnd = '\r\n'.length

/** Reads what a NATS server sends, however it is cut into chunks. */
export class NatsReader {
  readonly #hearer: NatsHearer
  #rest: Buffer = Buffer.alloc(0)
  #wanted = 0

  constructor(hearer: NatsHearer) {
    this.#hearer = hearer
  }

  hear(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    if (bytes.length >= this.#wanted) {
      this.#wanted = 0
      for (let next = this.#read(bytes, at); next !== undefined; next = this.#read(bytes, at)) at = next
    }
    this.#rest = bytes.subarray(at)
    if (this.#wanted > 0) this.#wanted -= at
  }

  /** Reads the line or message at a place and says where the next begins; `undefined` when it is not all there. */
  #read(bytes: Buffer, from: number): number | undefined {
    const end = bytes.indexOf(lineFeed, from)
    if (end === -1) return undefined
    if (bytes[from] !== messageVerb) {
      this.#hearer.line(bytes.toString('latin1', from, end - 1))
      return end + 1
    }
    const bodyEnd = end + 1 + sizeBefore(bytes, end - 1)
    if (bodyEnd + lineEnd > bytes.length) {
      this.#wanted = bodyEnd + lineEnd
      return undefined
    }
    this.#hearer.message(bytes.subarray(end + 1, bodyEnd))
    return bodyEnd + lineEnd
  }
}

/** The number that ends a line. */
function sizeBefore(bytes: Buffer, end: number): number {
  let size = 0
  for (let at = end - 1, unit = 1; bytes[at] !== space; at--, unit *= 10) size += ((bytes[at] ?? zero) - zero) * unit
  return size
}
