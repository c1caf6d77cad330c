import type { RowEntry } from '../tail/entry.ts'
import { type ExportFacts, sampledOneIn } from './facts.ts'

/** The first line: an object with the one key `export`, as `/api/tail` has its `gap` and `ledger`. */
export function ndjsonHead({ query, rows, exportedMs, receivedMs, books }: ExportFacts): string {
  const { matched, sampledOut, skipped, evicted, missed } = books
  const received = receivedMs && { from: iso(receivedMs[0]), to: iso(receivedMs[1]) }
  const told = {
    query,
    rows,
    exportedAt: iso(exportedMs),
    received,
    matched,
    sampledOneIn: sampledOneIn(books),
    sampledOut,
    notSent: skipped,
    evicted,
    missed: { impressions: missed.impressions, gapsOfUnknownSize: missed.unknown },
  }
  return `${JSON.stringify({ export: told })}\n`
}

/** A record with its id, as in `/api/tail`: times are epoch ms, what is absent is absent. */
export function ndjsonLine({ impression, id }: RowEntry): string {
  return `${JSON.stringify({ ...impression, id })}\n`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
