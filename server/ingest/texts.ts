type Known = { readonly from: number; readonly to: number; readonly text: string }

const lastLengths = 64

/** The strings of one body, each decoded once: treatments, labels and flags are few and come again and again. */
export class Texts {
  readonly #body: Buffer
  readonly #known = new Map<number, Known[]>()
  /** The last few, by length: rows of one flag mostly say the same. */
  readonly #last: (Known | undefined)[] = []

  constructor(body: Buffer) {
    this.#body = body
  }

  /** The string whose inside stands at [from, to). */
  text(from: number, to: number, escaped: boolean): string {
    const length = to - from
    const last = length < lastLengths ? this.#last[length] : undefined
    if (last && this.#same(last, from, to)) return last.text
    const known = this.#find(from, to, escaped)
    if (length < lastLengths) this.#last[length] = known
    return known.text
  }

  #find(from: number, to: number, escaped: boolean): Known {
    const hash = this.#hash(from, to)
    const candidates = this.#known.get(hash) ?? []
    for (const known of candidates) if (this.#same(known, from, to)) return known
    const text: string = escaped
      ? JSON.parse(this.#body.toString('utf8', from - 1, to + 1))
      : this.#body.toString('utf8', from, to)
    const known = { from, to, text }
    this.#known.set(hash, [...candidates, known])
    return known
  }

  #hash(from: number, to: number): number {
    let hash = to - from
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (this.#body[at] ?? 0)) | 0
    return hash
  }

  #same(known: Known, from: number, to: number): boolean {
    if (known.to - known.from !== to - from) return false
    for (let at = 0; at < to - from; at++) if (this.#body[known.from + at] !== this.#body[from + at]) return false
    return true
  }
}
