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
      for (const hearer of this.#hearers.get(pick.span.flag) ?? []) listOf(wanted, hearer).push(pick)
    }
    return wanted
  }

  /** The rows that may have each hearer's keys; a searched value may also stand in another field of the row. */
  inRows(batch: HeardBatch): ReadonlyMap<Hearer, readonly Pick[]> {
    if (this.#hearers.size === 0) return new Map()
    const byBytes = this.#hearers.size <= searchedKeys && !batch.isEscaped
    return byBytes ? this.#searched(batch) : this.#parsed(batch)
  }

  /** Without a backslash in the batch every string is spelled as it reads, so bytes tell. */
  #searched(batch: HeardBatch): ReadonlyMap<Hearer, readonly Pick[]> {
    const places = new Map<Hearer, RowPlace[]>()
    for (const [value, needle] of this.#needles) {
      for (const place of needle ? batch.rowsWith(needle) : []) {
        for (const hearer of this.#hearers.get(value) ?? []) listOf(places, hearer).push(place)
      }
    }
    return new Map([...places].map(([hearer, found]) => [hearer, picksOf(inOrder(found))]))
  }

  #parsed(batch: HeardBatch): ReadonlyMap<Hearer, readonly Pick[]> {
    const wanted = new Map<Hearer, RowsPick[]>()
    for (const span of batch.header.spans) {
      let index = 0
      for (const { k } of batch.rows(span)) {
        if (typeof k === 'string') {
          for (const hearer of this.#hearers.get(k) ?? nobody) addRow(listOf(wanted, hearer), span, index)
        }
        index++
      }
    }
    return wanted
  }
}

type RowsPick = { readonly span: Pick['span']; readonly rows: number[] }

const nobody: readonly never[] = []

/** Rows come in their order. */
function addRow(picks: RowsPick[], span: Pick['span'], index: number): void {
  const last = picks[picks.length - 1]
  if (last?.span === span) last.rows.push(index)
  else picks.push({ span, rows: [index] })
}

/** The bytes of a string in JSON without escapes; none when it cannot stand there. */
function needleOf(value: string): Buffer | undefined {
  const quoted = `"${value}"`
  return JSON.stringify(value) === quoted ? Buffer.from(quoted) : undefined
}

function listOf<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const known = lists.get(key)
  if (known) return known
  const list: Item[] = []
  lists.set(key, list)
  return list
}

/** Places of one batch in order, each once. */
function inOrder(places: readonly RowPlace[]): readonly RowPlace[] {
  if (places.length === 1) return places
  const rows = new Map(places.map((place) => [place.span.firstRow + place.index, place]))
  return [...rows].sort(([a], [b]) => a - b).map(([, place]) => place)
}

function picksOf(places: readonly RowPlace[]): readonly Pick[] {
  const picks: RowsPick[] = []
  for (const { span, index } of places) addRow(picks, span, index)
  return picks
}
