import type { HeardBatch, Pick, RowPlace } from './heard.ts'

/**
 * With more keys than this, parsing all rows once is cheaper than searching their bytes for each: a search costs some
 * 27 ns per row and key, parsing some 430 ns per row.
 */
const searchedKeys = 16

/** Who wants a value, and who of them finds it in a batch. */
export class HearerIndex<Hearer> {
  readonly #hearers = new Map<string, Set<Hearer>>()
  /** Each value as JSON writes it, where there is but one way to write it. */
  readonly #needles = new Map<string, Buffer | undefined>()

  add(hearer: Hearer, values: Iterable<string>): void {
    for (const value of values) {
      const hearers = this.#hearers.get(value)
      if (hearers) hearers.add(hearer)
      else {
        this.#hearers.set(value, new Set([hearer]))
        this.#needles.set(value, needleOf(value))
      }
    }
  }

  delete(hearer: Hearer, values: Iterable<string>): void {
    for (const value of values) {
      const hearers = this.#hearers.get(value)
      hearers?.delete(hearer)
      if (hearers?.size !== 0) continue
      this.#hearers.delete(value)
      this.#needles.delete(value)
    }
  }

  /** The spans of each hearer's flags. */
  inSpans(batch: HeardBatch): ReadonlyMap<Hearer, readonly Pick[]> {
    const wanted = new Map<Hearer, Pick[]>()
    if (this.#hearers.size === 0) return wanted
    for (const pick of batch.spans) {
      for (const hearer of this.#hearers.get(pick.span.flag) ?? []) push(wanted, hearer, pick)
    }
    return wanted
  }

  /** The rows that may have each hearer's keys; a searched value may also stand in another field of the row. */
  inRows(batch: HeardBatch): ReadonlyMap<Hearer, readonly Pick[]> {
    const places = new Map<Hearer, RowPlace[]>()
    if (this.#hearers.size > 0) {
      const byBytes = this.#hearers.size <= searchedKeys && !batch.isEscaped
      for (const [value, place] of byBytes ? this.#searched(batch) : this.#parsed(batch)) {
        for (const hearer of this.#hearers.get(value) ?? []) push(places, hearer, place)
      }
    }
    return new Map([...places].map(([hearer, found]) => [hearer, picksOf(found)]))
  }

  /** Without a backslash in the batch every string is spelled as it reads, so bytes tell. */
  *#searched(batch: HeardBatch): Generator<readonly [value: string, place: RowPlace]> {
    for (const [value, needle] of this.#needles) {
      for (const place of needle ? batch.rowsWith(needle) : []) yield [value, place]
    }
  }

  *#parsed(batch: HeardBatch): Generator<readonly [value: string, place: RowPlace]> {
    for (const span of batch.header.spans) {
      for (const [index, { k }] of batch.rows(span).entries()) {
        if (typeof k === 'string' && this.#hearers.has(k)) yield [k, { span, index }]
      }
    }
  }
}

/** The bytes of a string in JSON without escapes; none when it cannot stand there. */
function needleOf(value: string): Buffer | undefined {
  const quoted = `"${value}"`
  return JSON.stringify(value) === quoted ? Buffer.from(quoted) : undefined
}

function push<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** Places of one batch by span, in order, each once. */
function picksOf(places: readonly RowPlace[]): readonly Pick[] {
  const rows = new Map(places.map(({ span, index }) => [span.firstRow + index, { span, index }]))
  const picks: { readonly span: Pick['span']; readonly rows: number[] }[] = []
  for (const [, { span, index }] of [...rows].sort(([a], [b]) => a - b)) {
    const last = picks.at(-1)
    if (last?.span === span) last.rows.push(index)
    else picks.push({ span, rows: [index] })
  }
  return picks
}
