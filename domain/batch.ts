import { beginning, type Chain, type Position } from './chain.ts'
import type { Shared } from './impression.ts'

/** How many rows of one flag got a treatment by a label. */
export type TreatmentCount = {
  readonly treatment: string
  readonly label?: string
  readonly impressions: number
}

/** Where the rows of one flag stand in a batch. */
export type FlagSpan = {
  readonly flag: string
  /** Index in the batch of the span's first row. */
  readonly firstRow: number
  readonly impressions: number
  /** Bytes [from, to) of `Batch.rows`. */
  readonly from: number
  readonly to: number
  readonly counts: readonly TreatmentCount[]
}

/** What can be known of a batch without parsing its rows. */
export type BatchHeader = {
  readonly shared: Shared
  /** Rows in the batch, over all spans. */
  readonly impressions: number
  readonly spans: readonly FlagSpan[]
  /** Indexes of rows that may repeat an impression which is in the log already. */
  readonly retries: readonly number[]
}

/**
 * One post of one SDK, or a part of one. `rows` holds the bytes of each row as the SDK sent them, rows of a span joined by
 * a comma and a line feed, no line feed within a row: a whole span is the inside of a JSON array as it stands, and a
 * row's end is found by its line feed.
 */
export type Batch = {
  readonly header: BatchHeader
  readonly rows: Uint8Array
}

/** A batch that is in the log. */
export type ChainedBatch = Batch & { readonly chain: Chain }

/** Where a reader stands who has read everything before a batch. */
export function positionBefore(
  environmentId: string,
  { chain, header }: Pick<ChainedBatch, 'chain' | 'header'>,
): Position {
  const { epoch, offset, previousId, cumulative } = chain
  if (previousId === '') return beginning(environmentId, epoch)
  return { environmentId, epoch, offset: offset - 1, id: previousId, cumulative: cumulative - header.impressions }
}
