import type { BatchHeader, ChainedBatch, FlagSpan } from '../../domain/batch.ts'
import type { Chain } from '../../domain/chain.ts'
import type { Impression } from '../../domain/impression.ts'
import { type Row, readRow } from '../../domain/row.ts'

const lineFeed = 10

/**
 * A batch as the fan-out holds it: header first, rows parsed only when somebody's filter or sample asks, once for all who
 * ask.
 */
export class HeardBatch {
  readonly chain: Chain
  readonly header: BatchHeader
  readonly #rows: Buffer
  readonly #impressions = new Map<FlagSpan, readonly Impression[]>()
  readonly #ends = new Map<FlagSpan, readonly number[]>()
  #sharedText: string | undefined

  constructor(batch: ChainedBatch) {
    this.chain = batch.chain
    this.header = batch.header
    this.#rows = Buffer.from(batch.rows.buffer, batch.rows.byteOffset, batch.rows.byteLength)
  }

  get bytes(): number {
    return this.#rows.length
  }

  /** The header's shared fields as JSON, encoded once. */
  get sharedText(): string {
    this.#sharedText ??= JSON.stringify(this.header.shared)
    return this.#sharedText
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

  /** The canonical records of a span, in order. */
  impressions(span: FlagSpan): readonly Impression[] {
    const known = this.#impressions.get(span)
    if (known) return known
    const rows: readonly Row[] = JSON.parse(`[${this.spanText(span)}]`)
    const { shared, retries } = this.header
    const read = rows.map((row, index) => readRow(shared, span.flag, row, retries.includes(span.firstRow + index)))
    this.#impressions.set(span, read)
    return read
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
