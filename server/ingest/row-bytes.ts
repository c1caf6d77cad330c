import type { Row } from '../../domain/row.ts'

/** The bytes of one row within a larger piece. */
export type RowBytes = {
  readonly bytes: Uint8Array
  /** [from, to) */
  readonly from: number
  readonly to: number
  /** Nesting: 1 for an object of scalars. */
  readonly depth: number
  /** Raw line breaks are in it; in JSON they are white space. */
  readonly broken: boolean
}

/** What `readRow` reads, and `et`, which Go sends and newer readers may want. */
const fields = ['k', 'b', 't', 'm', 'c', 'r', 'pt', 'properties', 'et'] as const

/**
 * The row written anew from its known scalar fields: for the rare post whose rows cannot be found in its bytes for
 * certain. Never the whole row: nesting that the parser survives overflows JSON.stringify. Its depth is that of the
 * row as it was sent, exact up to `depth` and more than that beyond.
 */
export function encodedRow(row: Row, depth: number): RowBytes {
  const scalars = fields.filter((field) => typeof row[field] !== 'object' && row[field] !== undefined)
  const text = JSON.stringify(Object.fromEntries(scalars.map((field) => [field, row[field]])))
  const bytes = Buffer.from(text)
  return { bytes, from: 0, to: bytes.length, depth: depthOf(row, depth), broken: false }
}

function depthOf(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (most === 0) return 1
  let deepest = 0
  for (const inner of Object.values(value)) {
    deepest = Math.max(deepest, depthOf(inner, most - 1))
    if (deepest === most) break
  }
  return 1 + deepest
}
