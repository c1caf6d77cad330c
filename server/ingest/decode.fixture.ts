import type { Batch } from '../../domain/batch.ts'
import type { Shared } from '../../domain/impression.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import type { Result } from '../../domain/result.ts'
import { decodePost } from './decode-post.ts'
import { type Decoded, decodeSplit, type Within } from './decode-split.ts'
import { parseJson } from './json-body.ts'
import type { Refusal } from './refusal.ts'

export const shared: Shared = {
  environmentId: 'prod',
  environmentName: 'Production',
  source: 'sdk',
  verified: true,
  receptionTimestamp: 1795514600000,
}

export function decode(
  body: string | Uint8Array,
  limits: Partial<Limits> = {},
  within: Within = 'array',
): Result<Decoded, Refusal> {
  if (within === 'array') return decodePost(Buffer.from(body), shared, { ...defaultLimits, ...limits })
  const all = { ...defaultLimits, ...limits }
  const json = parseJson(Buffer.from(body), all)
  return json.ok ? decodeSplit(json.value, within, shared, all) : json
}

/** Decodes what must not be refused. */
export function decoded(body: string | Uint8Array, limits: Partial<Limits> = {}, within: Within = 'array'): Decoded {
  const result = decode(body, limits, within)
  if (!result.ok) throw new Error(`refused: ${result.error.message}`)
  return result.value
}

/** The bytes of each span, as text. */
export function spanTexts(batches: readonly Batch[]): readonly string[] {
  return batches.flatMap(({ header, rows }) =>
    header.spans.map(({ from, to }) => Buffer.from(rows.subarray(from, to)).toString()),
  )
}

/** The counts of a span by its rows, to hold against the header's. */
export function recounted(rows: readonly { readonly t?: unknown; readonly r?: unknown }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { t, r } of rows) {
    const name = JSON.stringify([t, typeof r === 'string' && r !== '' ? r : null])
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** What a batch weighs: its rows, and its header as JSON. */
export function weightOf({ header, rows }: Batch): number {
  return rows.length + Buffer.byteLength(JSON.stringify(header))
}
