import type { Batch } from '../../domain/batch.ts'

/** Memory that a batch takes: its rows, and about what its header's objects take in V8 (measured). */
export function batchBytes({ header, rows }: Batch): number {
  let bytes = rows.byteLength + 1024
  for (const { counts } of header.spans) bytes += 160 + 88 * counts.length
  return bytes
}
