import type { Batch, BatchHeader, FlagSpan } from '../../domain/batch.ts'
import type { Shared } from '../../domain/impression.ts'
import { packSpans, readSpans, type SpanColumns } from './envelope-spans.ts'

type Columns = SpanColumns<readonly string[], Int32Array>
type Unpacked = Pick<BatchHeader, 'shared' | 'impressions' | 'retries'>
type PlainColumns = SpanColumns<readonly string[], readonly number[]>

/** What a batch takes beside its rows, its flags and its numbers: objects, arrays, the chain (measured). */
const batchOverheadBytes = 1536
const flagBytes = 64

/**
 * A header as a few flat arrays. As objects it is some hundred of them, of which thousands of batches in a log keep the
 * garbage collector busy (measured: 32 KiB per batch, here 3). Spans are made anew at each look.
 */
class PackedHeader implements BatchHeader {
  readonly shared: Shared
  readonly impressions: number
  readonly retries: readonly number[]
  declare readonly spans: readonly FlagSpan[]
  readonly #columns: Columns

  constructor({ shared, impressions, retries }: Unpacked, columns: Columns, rowsBytes: number) {
    this.shared = shared
    this.impressions = impressions
    this.retries = retries
    this.#columns = columns
    Object.defineProperty(this, 'spans', { get: () => spansOf(columns, rowsBytes), enumerable: true })
  }

  /** As they are written. */
  get columns(): PlainColumns {
    const { flags, texts, spans, counts } = this.#columns
    return { flags, texts, spans: Array.from(spans), counts: Array.from(counts) }
  }

  get compact(): Columns {
    return this.#columns
  }

  get bytes(): number {
    const { flags, spans, counts } = this.#columns
    return batchOverheadBytes + flagBytes * flags.length + spans.byteLength + counts.byteLength
  }
}

function headerOf(header: BatchHeader, rowsBytes: number): PackedHeader {
  if (header instanceof PackedHeader) return header
  const packed = packSpans(header.spans)
  const columns = {
    flags: packed.flags.slice(), // to their length: they have grown
    texts: packed.texts.slice(),
    spans: new Int32Array(packed.spans),
    counts: new Int32Array(packed.counts),
  }
  return new PackedHeader(header, columns, rowsBytes)
}

function spansOf(columns: Columns, rowsBytes: number): readonly FlagSpan[] {
  const read = readSpans(columns, rowsBytes)
  if (!read) throw new Error('spans that were packed here do not fit their rows')
  return read
}

/** The same batch, fit to be kept in numbers; one that is so already is returned as it is. */
export function packed<Kind extends Batch>(batch: Kind): Kind {
  if (batch.header instanceof PackedHeader) return batch
  return { ...batch, header: headerOf(batch.header, batch.rows.byteLength) }
}

/** The memory that a packed batch takes. */
export function packedBytes({ header, rows }: Batch): number {
  return rows.byteLength + headerOf(header, rows.byteLength).bytes
}

/** A header's spans as columns of plain arrays, as they are written. */
export function columnsOf(header: BatchHeader): PlainColumns {
  return header instanceof PackedHeader ? header.columns : packSpans(header.spans)
}

/** A batch on its way from one thread to another; its strings stand in the list that it shares with others. */
type PortableBatch = {
  readonly impressions: number
  readonly retries: readonly number[]
  readonly flags: Int32Array
  readonly texts: Int32Array
  readonly spans: Int32Array
  readonly counts: Int32Array
  readonly rows: Uint8Array
}

/** Batches of one post as they go to another thread: each string once, and no objects per span. */
export type Portable = { readonly texts: readonly string[]; readonly batches: readonly PortableBatch[] }

export function toPortable(batches: readonly Batch[]): Portable {
  const indexes = new Map<string, number>()
  const indexOf = (text: string): number => {
    const known = indexes.get(text) ?? indexes.size
    indexes.set(text, known)
    return known
  }
  const portable = batches.map(({ header, rows }) => {
    const { flags, texts, spans, counts } = headerOf(header, rows.byteLength).compact
    const { impressions, retries } = header
    return { impressions, retries, flags: indexed(flags, indexOf), texts: indexed(texts, indexOf), spans, counts, rows }
  })
  return { texts: [...indexes.keys()], batches: portable }
}

export function fromPortable({ texts, batches }: Portable, shared: Shared): readonly Batch[] {
  return batches.map(({ impressions, retries, rows, ...columns }) => {
    const { flags, spans, counts } = columns
    const read = { flags: textsAt(texts, flags), texts: textsAt(texts, columns.texts), spans, counts }
    return { header: new PackedHeader({ shared, impressions, retries }, read, rows.byteLength), rows }
  })
}

function indexed(texts: readonly string[], indexOf: (text: string) => number): Int32Array {
  return Int32Array.from(texts, indexOf)
}

function textsAt(texts: readonly string[], indexes: Int32Array): readonly string[] {
  return Array.from(indexes, (index) => texts[index] ?? '')
}
