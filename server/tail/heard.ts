import type { BatchHeader, ChainedBatch, FlagSpan } from '../../domain/batch.ts'
import type { Chain } from '../../domain/chain.ts'
import type { Impression } from '../../domain/impression.ts'
import { type Row, readRow } from '../../domain/row.ts'

const lineFeed = 10
const backslash = 0x5c

/** Rows of one span: all of them, or those at these indexes within the span, ascending. */
export type Pick = { readonly span: FlagSpan; readonly rows: 'all' | readonly number[] }

/** One row: where it stands in its batch. */
export type RowPlace = { readonly span: FlagSpan; readonly index: number }

/**
 * A batch as the fan-out holds it: header first, rows parsed only when somebody's filter or sample asks, once for all who
 * ask. What was parsed lives as long as this object, so nobody keeps one for long.
 */
export class HeardBatch {
  readonly chain: Chain
  readonly #batch: ChainedBatch
  #header: BatchHeader | undefined
  #spans: readonly Pick[] | undefined
  readonly #rows: Buffer
  readonly #parsed = new Map<FlagSpan, readonly Row[]>()
  readonly #impressions = new Map<FlagSpan, readonly Impression[]>()
  readonly #ends = new Map<FlagSpan, readonly number[]>()
  #sharedText: string | undefined
  #escaped: boolean | undefined

  constructor(batch: ChainedBatch) {
    const { chain, rows } = batch
    this.#batch = batch
    this.chain = chain
    this.#rows = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  }

  /** Its spans, which a packed header makes at each look, are made once, and at the first. */
  get header(): BatchHeader {
    this.#header ??= { ...this.#batch.header }
    return this.#header
  }

  /** What its rows take in the log. */
  get bytes(): number {
    return this.#rows.length
  }

  /** Every span, whole. */
  get spans(): readonly Pick[] {
    this.#spans ??= this.header.spans.map((span) => ({ span, rows: 'all' }))
    return this.#spans
  }

  /** The header's shared fields as JSON, encoded once. */
  get sharedText(): string {
    this.#sharedText ??= JSON.stringify(this.header.shared)
    return this.#sharedText
  }

  /** Whether some string in the rows may be spelled otherwise than it reads. */
  get isEscaped(): boolean {
    this.#escaped ??= this.#rows.includes(backslash)
    return this.#escaped
  }

  /** The rows of a span as the inside of a JSON array. */
  spanText(span: FlagSpan): string {
    return this.#rows.toString('utf8', span.from, span.to)
  }

  /** One row's JSON; `index` counts within the span. */
  rowText(span: FlagSpan, index: number): string {
    const ends = this.#endsOf(span)
    const from = index === 0 ? span.from : (ends[index - 1] ?? span.to) + 2 // past the comma and the line feed
    return this.#rows.toString('utf8', from, ends[index])
  }

  /** The rows of a span as the SDK wrote them. */
  rows(span: FlagSpan): readonly Row[] {
    const known = this.#parsed.get(span)
    if (known) return known
    const parsed = this.#parse<readonly Row[]>(`[${this.spanText(span)}]`)
    this.#parsed.set(span, parsed)
    return parsed
  }

  /** The canonical records of a span, in order. */
  impressions(span: FlagSpan): readonly Impression[] {
    const known = this.#impressions.get(span)
    if (known) return known
    const read = this.rows(span).map((row, index) => this.#read(span, row, index))
    this.#impressions.set(span, read)
    return read
  }

  /** One canonical record; the rest of the span stays unparsed. */
  impression(span: FlagSpan, index: number): Impression {
    return this.#impressions.get(span)?.[index] ?? this.#read(span, this.row(span, index), index)
  }

  /** One row as the SDK wrote it; the rest of the span stays unparsed. */
  row(span: FlagSpan, index: number): Row {
    return this.#parsed.get(span)?.[index] ?? this.#parse<Row>(this.rowText(span, index))
  }

  /** Lets go of what was parsed; it is parsed again if somebody asks. For batches that are kept in numbers. */
  forget(): void {
    this.#parsed.clear()
    this.#impressions.clear()
  }

  /** Each row that has these bytes somewhere, in order. */
  *rowsWith(bytes: Buffer): Generator<RowPlace> {
    let last: number | undefined
    for (let at = this.#rows.indexOf(bytes); at !== -1; at = this.#rows.indexOf(bytes, at + bytes.length)) {
      const place = this.#placeOf(at)
      if (!place) continue
      const row = place.span.firstRow + place.index
      if (row !== last) yield place
      last = row
    }
  }

  /** The parser's own error would quote the rows, and end in the server's log. */
  #parse<Parsed>(text: string): Parsed {
    try {
      return JSON.parse(text)
    } catch {
      throw new Error(`rows of ${this.chain.epoch}:${this.chain.offset} are not JSON`)
    }
  }

  #read(span: FlagSpan, row: Row, index: number): Impression {
    const { shared, retries } = this.header
    return readRow(shared, span.flag, row, retries.includes(span.firstRow + index))
  }

  #placeOf(at: number): RowPlace | undefined {
    const span = this.header.spans.find((one) => at >= one.from && at < one.to)
    if (!span) return undefined
    return { span, index: this.#endsOf(span).findIndex((end) => at < end) }
  }

  /** Where each row of a span ends, the comma excluded. */
  #endsOf(span: FlagSpan): readonly number[] {
    const known = this.#ends.get(span)
    if (known) return known
    const ends: number[] = []
    for (let at = this.#rows.indexOf(lineFeed, span.from); at !== -1 && at < span.to; ) {
      ends.push(at - 1)
      at = this.#rows.indexOf(lineFeed, at + 1)
    }
    ends.push(span.to)
    this.#ends.set(span, ends)
    return ends
  }
}
