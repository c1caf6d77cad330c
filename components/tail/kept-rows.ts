import type { Entry, Marker, RowEntry } from './entry.ts'

/** Whether an entry that is held stays through a new filter. */
export function staysThrough(entry: Entry, keeps: (row: RowEntry) => boolean): boolean {
  switch (entry.kind) {
    case 'impression':
      return keeps(entry)
    case 'cleared':
    case 'kept':
    case 'older':
    case 'skipped':
      return false // they speak of the filter before
    default:
      return true
  }
}

/**
 * The backfill holds every newest match, so kept rows that did not come again are older than it and stand below it;
 * a marker tells them apart. Markers inside the backfill stay before the row that they stood before.
 */
export function withKept(kept: readonly Entry[], again: readonly RowEntry[], revision: number): Entry[] {
  const rows = new Map(again.map((row) => [row.id, row]))
  const overlap = kept.findIndex((entry) => rows.has(entry.id))
  const below = overlap === -1 ? kept : kept.slice(0, overlap)
  const boundary: Marker[] = below.some((entry) => entry.kind === 'impression')
    ? [{ id: `kept:${revision}`, kind: 'kept' }]
    : []
  return [...below, ...boundary, ...weave(kept.slice(below.length), again)]
}

function weave(kept: readonly Entry[], again: readonly RowEntry[]): Entry[] {
  const woven: Entry[] = []
  let next = 0
  for (const entry of kept) {
    if (entry.kind !== 'impression') {
      woven.push(entry)
      continue
    }
    const place = again.findIndex((row, index) => index >= next && row.id === entry.id)
    if (place === -1) continue
    woven.push(...again.slice(next, place))
    next = place
  }
  return [...woven, ...again.slice(next)]
}

/** Rows older than those in the books, and the marker of what is older still, if anything is. */
export type OlderRows = {
  readonly rows: readonly RowEntry[]
  readonly end: Marker | undefined
  readonly revision: number
}

/** Puts older rows below the oldest that is in the books. Rows that were kept from a filter before, and come, move there. */
export function withOlder(entries: readonly Entry[], { rows, end, revision }: OlderRows): Entry[] {
  const others = entries.filter(({ kind }) => kind !== 'older')
  const boundary = others.findIndex(({ kind }) => kind === 'kept')
  const kept = others.slice(0, Math.max(0, boundary))
  return [...(end ? [end] : []), ...withKept(kept, rows, revision), ...others.slice(boundary + 1)]
}
