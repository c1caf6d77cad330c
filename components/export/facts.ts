import type { Books } from '../../domain/ledger.ts'
import type { RowEntry } from '../tail/entry.ts'
import type { TailStore } from '../tail/store.ts'

/** What an export begins with, so that whoever reads it later knows what it is and what it is not. */
export type ExportFacts = {
  /** The filter, in its canonical text. */
  readonly query: string
  readonly rows: number
  readonly exportedMs: number
  /** When the oldest and the newest row were received; absent without rows. */
  readonly receivedMs?: readonly [from: number, to: number]
  /** Matches since the filter was set, and where those are that are not here. */
  readonly books: Pick<Books, 'matched' | 'sampledOut' | 'skipped' | 'evicted' | 'missed'>
}

/** The rows as they are listed at one moment, oldest first, and what is to be said of them. */
export type Picture = { readonly rows: readonly RowEntry[]; readonly facts: ExportFacts }

/** Takes what is held and matches; of a list that stands still, what stands there. */
export function takePicture(store: TailStore, nowMs: number): Picture {
  const rows = store.listed()
  const { search, books } = store.view()
  const times = rows.map(({ impression }) => impression.receptionTimestamp)
  const facts = { query: search.canonical, rows: rows.length, exportedMs: nowMs, books }
  if (times.length === 0) return { rows, facts }
  const least = (a: number, b: number) => Math.min(a, b)
  const most = (a: number, b: number) => Math.max(a, b)
  return { rows, facts: { ...facts, receivedMs: [times.reduce(least), times.reduce(most)] } }
}

/** Of how many matches one was sent, over the whole of the filter's time; 1 when every one was. */
export function sampledOneIn({ matched, sampledOut }: ExportFacts['books']): number {
  const sent = matched - sampledOut
  return sent > 0 ? Math.round((100 * matched) / sent) / 100 : 1
}
