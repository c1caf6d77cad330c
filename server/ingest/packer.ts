import type { Batch } from '../../domain/batch.ts'
import type { Shared } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { packed } from '../bus/packed.ts'
import { comma, lineFeed, space } from './json-signs.ts'
import type { RowBytes } from './row-bytes.ts'
import type { Text } from './texts.ts'

type OpenCount = { readonly treatment: string; readonly label: string | undefined; impressions: number }
type OpenSpan = {
  readonly flag: string
  readonly firstRow: number
  readonly from: number
  readonly counts: OpenCount[]
  impressions: number
  to: number
}

const carriageReturn = 0x0d
const separatorBytes = 2
/** More than the names, numbers and punctuation of these parts of a header take as JSON. */
const batchJsonBytes = 128
const spanJsonBytes = 112
const countJsonBytes = 64
const noLabelBytes = 2

let scratch = new Uint8Array(0)

/** Where a batch is put together before it is copied away. One for all: packing a post never waits for anything. */
function scratchOf(bytes: number): Uint8Array {
  if (scratch.length < bytes) scratch = new Uint8Array(bytes)
  return scratch
}

/**
 * Packs the rows of one post into batches, in order. Rows and header together, the header as JSON, never exceed
 * `batchBytes`: hundreds of flags with long names weigh more than their rows.
 */
export class Packer {
  readonly #shared: Shared
  readonly #limits: Limits
  readonly #sharedBytes: number
  /** What a row adds to the header if it is labelled: its index, and a comma. */
  readonly #retryBytes: number
  readonly #rows: Uint8Array
  readonly #batches: Batch[] = []
  #spans: OpenSpan[] = []
  #impressions = 0
  #used = 0
  #headerBytes: number

  constructor(shared: Shared, limits: Limits) {
    this.#shared = shared
    this.#limits = limits
    this.#sharedBytes = Buffer.byteLength(JSON.stringify(shared)) + batchJsonBytes
    this.#retryBytes = String(limits.batchImpressions).length + 1
    this.#headerBytes = this.#sharedBytes
    this.#rows = scratchOf(limits.batchBytes)
  }

  /** Puts a row behind those before it; `false` if it is too large for any batch. */
  add(flag: Text, treatment: Text, label: Text | undefined, bytes: RowBytes): boolean {
    const size = bytes.to - bytes.from
    if (this.#impressions >= this.#limits.batchImpressions) this.#close()
    if (!this.#count(flag, treatment, label, size)) {
      this.#close()
      if (!this.#count(flag, treatment, label, size)) return false
    }
    this.#write(bytes)
    return true
  }

  /** The batches of all rows that were added. */
  finish(): readonly Batch[] {
    this.#close()
    return this.#batches
  }

  /** Makes room in the header for a row of so many bytes, if there is any in the batch. */
  #count(flag: Text, treatment: Text, label: Text | undefined, size: number): boolean {
    const last = this.#spans[this.#spans.length - 1]
    const span = last?.flag === flag.text ? last : undefined
    const count = span && countOf(span, treatment.text, label?.text)
    const spanBytes = span ? separatorBytes : spanJsonBytes + flag.jsonBytes
    const countBytes = count ? 0 : countJsonBytes + treatment.jsonBytes + (label?.jsonBytes ?? noLabelBytes)
    const retriesBytes = (this.#impressions + 1) * this.#retryBytes
    const headerBytes = this.#headerBytes + spanBytes + countBytes + retriesBytes
    if (headerBytes + this.#used + size > this.#limits.batchBytes) return false
    this.#headerBytes += (span ? 0 : spanBytes) + countBytes
    const counts = (span ?? this.#open(flag.text)).counts
    if (count) count.impressions++
    else counts.push({ treatment: treatment.text, label: label?.text, impressions: 1 })
    return true
  }

  #open(flag: string): OpenSpan {
    const span = { flag, firstRow: this.#impressions, from: this.#used, counts: [], impressions: 0, to: this.#used }
    this.#spans.push(span)
    return span
  }

  #write({ bytes, from, to, broken }: RowBytes): void {
    const span = this.#spans[this.#spans.length - 1]
    if (!span) throw new Error('a row was written before it was counted')
    if (span.impressions > 0) {
      this.#rows[this.#used++] = comma
      this.#rows[this.#used++] = lineFeed
    }
    this.#rows.set(bytes.subarray(from, to), this.#used)
    if (broken) joinLines(this.#rows, this.#used, this.#used + to - from)
    this.#used += to - from
    span.to = this.#used
    span.impressions++
    this.#impressions++
  }

  #close(): void {
    if (this.#impressions > 0) {
      const header = { shared: this.#shared, impressions: this.#impressions, spans: this.#spans, retries: [] }
      this.#batches.push(packed({ header, rows: copyOf(this.#rows.subarray(0, this.#used)) }))
    }
    this.#spans = []
    this.#impressions = 0
    this.#used = 0
    this.#headerBytes = this.#sharedBytes
  }
}

/** At most `batchImpressions` to look through, mostly one or two. */
function countOf({ counts }: OpenSpan, treatment: string, label: string | undefined): OpenCount | undefined {
  for (const count of counts) if (count.treatment === treatment && count.label === label) return count
  return undefined
}

/** In memory of its own, which `slice` would fill with zeros first. */
function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}

/** A raw line break in JSON is white space; a row must have none, so that a line feed ends it. */
function joinLines(rows: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (rows[at] === lineFeed || rows[at] === carriageReturn) rows[at] = space
  }
}
