import type { Impression } from './impression.ts'
import type { FlagRows, RowGroup } from './protocol.ts'
import { type Row, readRow } from './row.ts'

/** One impression with its place in the log, which is its identity everywhere: `environmentId:epoch:offset:index`. */
export type TailRow = {
  readonly id: string
  readonly impression: Impression
  /** As the SDK wrote it. */
  readonly row: Row
}

/** Where a row stands in which log. */
export type RowPlace = {
  readonly environmentId: string
  readonly epoch: string
  readonly offset: number
  readonly index: number
}

/** The place that an id names; nothing when it is no id of a row in a log. */
export function placeOf(id: string): RowPlace | undefined {
  const [, environmentId, epoch, offset, index] = /^([^:]+):([^:]+):(\d{1,15}):(\d{1,9})$/.exec(id) ?? []
  if (environmentId === undefined || epoch === undefined) return undefined
  return { environmentId, epoch, offset: Number(offset), index: Number(index) }
}

/** The rows of one batch in log order, whichever flag they are of. */
export function rowsOf(group: RowGroup): TailRow[] {
  const retries = new Set(group.retries)
  const place = `${group.shared.environmentId}:${group.epoch}:${group.offset}`
  const rows = group.flags.flatMap((flagRows) =>
    flagRows.rows.map((row, position) => {
      const index = indexOf(flagRows, position)
      const impression = readRow(group.shared, flagRows.flag, row, retries.has(index))
      return { index, tailRow: { id: `${place}:${index}`, impression, row } }
    }),
  )
  return rows.sort((a, b) => a.index - b.index).map(({ tailRow }) => tailRow)
}

function indexOf({ indexes }: FlagRows, position: number): number {
  return typeof indexes === 'number' ? indexes + position : (indexes[position] ?? position)
}

/** How many rows these groups carry. */
export function countRows(groups: readonly RowGroup[]): number {
  let rows = 0
  for (const group of groups) for (const flag of group.flags) rows += flag.rows.length
  return rows
}
