import type { ChainedBatch, FlagSpan } from '../../domain/batch.ts'
import { type Mask, maskedRow, maskedShared } from '../../domain/masked.ts'
import type { Row } from '../../domain/row.ts'
import { HeardBatch, type RowPlace } from './heard.ts'

const noRows = new Uint8Array(0)

/**
 * A batch as those see it who may see masks only. It holds none of the bytes that came in: each of its rows is written anew,
 * when somebody asks for it. Its spans speak of the bytes that the rows have in the log.
 */
export class MaskedBatch extends HeardBatch {
  readonly #raw: HeardBatch
  readonly #mask: Mask
  readonly #masked = new Map<FlagSpan, readonly Row[]>()

  constructor(raw: HeardBatch, mask: Mask) {
    super(headOf(raw))
    this.#raw = raw
    this.#mask = mask
  }

  override get bytes(): number {
    return this.#raw.bytes
  }

  /** Rows are found by what is read in them: there are no bytes to be searched. */
  override get isEscaped(): boolean {
    return true
  }

  override rowsWith(): Generator<RowPlace> {
    throw new Error('masked rows have no bytes to be searched')
  }

  override spanText(span: FlagSpan): string {
    return this.rows(span)
      .map((row) => JSON.stringify(row))
      .join(',\n')
  }

  override rowText(span: FlagSpan, index: number): string {
    return JSON.stringify(this.row(span, index))
  }

  override rows(span: FlagSpan): readonly Row[] {
    const known = this.#masked.get(span)
    if (known) return known
    const masked = this.#raw.rows(span).map((row) => maskedRow(row, this.#mask))
    this.#masked.set(span, masked)
    return masked
  }

  override row(span: FlagSpan, index: number): Row {
    return this.#masked.get(span)?.[index] ?? maskedRow(this.#raw.row(span, index), this.#mask)
  }

  override forget(): void {
    super.forget()
    this.#masked.clear()
    this.#raw.forget()
  }
}

/** All of a batch but its rows, without the address of its sender; the header is made when it is looked at. */
function headOf(raw: HeardBatch): ChainedBatch {
  return {
    chain: raw.chain,
    rows: noRows,
    get header() {
      return { ...raw.header, shared: maskedShared(raw.header.shared) }
    },
  }
}
