import type { Batch, BatchHeader, FlagSpan } from '../../domain/batch.ts'
import type { Shared } from '../../domain/impression.ts'
import { packSpans, readSpans, type SpanColumns } from './envelope-spans.ts'

type Columns = SpanColumns<readonly string[], Int32Array>
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

  constructor({ shared, impressions, retries, spans }: BatchHeader, rowsBytes: number) {
    this.shared = shared
    this.impressions = impressions
    this.retries = retries
    const packed = packSpans(spans)
    this.#columns = {
      flags: packed.flags.slice(), // to their length: they have grown
      texts: packed.texts.slice(),
      spans: new Int32Array(packed.spans),
      counts: new Int32Array(packed.counts),
    }
    const columns = this.#columns
    Object.defineProperty(this, 'spans', { get: () => spansOf(columns, rowsBytes), enumerable: true })
  }

  /** As they are written. */
  get columns(): PlainColumns {
    const { flags, texts, spans, counts } = this.#columns
    return { flags, texts, spans: Array.from(spans), counts: Array.from(counts) }
  }

  get bytes(): number {
    const { flags, spans, counts } = this.#columns
    return batchOverheadBytes + flagBytes * flags.length + spans.byteLength + counts.byteLength
  }
}

function spansOf(columns: Columns, rowsBytes: number): readonly FlagSpan[] {
  const read = readSpans(columns, rowsBytes)
  if (!read) throw new Error('spans that were packed here do not fit their rows')
  return read
}

/** The same batch, fit to be kept in numbers; one that is so already is returned as it is. */
export function packed<Kind extends Batch>(batch: Kind): Kind {
  if (batch.header instanceof PackedHeader) return batch
  return { ...batch, header: new PackedHeader(batch.header, batch.rows.byteLength) }
}

/** The memory that a packed batch takes. */
export function packedBytes({ header, rows }: Batch): number {
  const { bytes } = header instanceof PackedHeader ? header : new PackedHeader(header, rows.byteLength)
  return rows.byteLength + bytes
}

/** A header's spans as columns of plain arrays, as they are written. */
export function columnsOf(header: BatchHeader): PlainColumns {
  return header instanceof PackedHeader ? header.columns : packSpans(header.spans)
}
