import type { Batch } from '../../domain/batch.ts'
import type { Shared } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { type Row, textOf } from '../../domain/row.ts'
import { findRows } from './find-rows.ts'
import { isObject, type JsonBody } from './json-body.ts'
import { Packer } from './packer.ts'
import { malformed, type Refusal, tooLarge } from './refusal.ts'
import { encodedRow, type RowBytes } from './row-bytes.ts'
import { fieldFault, flagFault, type Rejections, type RejectReason } from './row-rules.ts'
import { type Text, weighed } from './texts.ts'

/** What a post of impressions came to. */
export type Decoded = {
  readonly batches: readonly Batch[]
  readonly accepted: number
  readonly rejected: Rejections
}

/** Where the groups of a post stand: it is their array (bulk), or holds it as `entries` (beacon). */
export type Within = 'array' | 'entries'

/** The bytes to carry for a row, by what was parsed or by its index in the post. */
type BytesOf = (row: Row, index: number) => RowBytes

type Group = { readonly flag: unknown; readonly rows: readonly unknown[] }

/**
 * Decodes a Split SDK's impressions: bad rows are skipped and counted, the others carried in their original bytes.
 * Refused as a whole when the outer shape is wrong or there are too many rows.
 */
export function decodeSplit(body: JsonBody, within: Within, shared: Shared, limits: Limits): Result<Decoded, Refusal> {
  const groups = groupsOf(body.parsed, within)
  if (!groups.ok) return groups
  const rowsOfGroups = groups.value.map((group) => group.rows.length)
  const rows = rowsOfGroups.reduce((sum, count) => sum + count, 0)
  if (rows > limits.postImpressions) return failed(tooLarge(`more than ${limits.postImpressions} impressions`))
  const places = findRows(body.bytes, rowsOfGroups, within)
  const bytesOf: BytesOf = places
    ? (_row, index) => places.bytesOf(index, body.bytes)
    : (row) => encodedRow(row, limits.jsonDepth)
  const sieve = new Sieve(new Packer(shared, limits), limits, bytesOf, within === 'array' ? 3 : 4)
  for (const group of groups.value) sieve.take(group)
  return ok(sieve.decoded())
}

function groupsOf(parsed: unknown, within: Within): Result<readonly Group[], Refusal> {
  const path = within === 'array' ? '' : 'entries'
  const list = within === 'array' ? parsed : isObject(parsed) ? parsed.entries : undefined
  if (!Array.isArray(list)) return failed(malformed('impressions come as an array of flags', path || undefined))
  const groups: Group[] = []
  for (const [index, group] of list.entries()) {
    if (!isObject(group)) return failed(malformed('a group of impressions is an object', `${path}[${index}]`))
    const rows = group.i ?? []
    if (!Array.isArray(rows)) {
      return failed(malformed('the impressions of a group come as an array', `${path}[${index}].i`))
    }
    groups.push({ flag: group.f, rows })
  }
  return ok(groups)
}

/** Lets good rows through to the packer and counts the others. */
class Sieve {
  readonly #packer: Packer
  readonly #limits: Limits
  readonly #bytesOf: BytesOf
  readonly #depthAbove: number
  readonly #rejected = new Map<RejectReason, number>()
  #accepted = 0
  #index = 0

  constructor(packer: Packer, limits: Limits, bytesOf: BytesOf, depthAbove: number) {
    this.#packer = packer
    this.#limits = limits
    this.#bytesOf = bytesOf
    this.#depthAbove = depthAbove
  }

  take({ flag, rows }: Group): void {
    const fault = flagFault(flag, this.#limits)
    const name = weighed(typeof flag === 'string' ? flag : '')
    for (const row of rows) {
      const reason = fault ?? this.#pack(name, row, this.#index)
      if (reason === undefined) this.#accepted++
      else this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1)
      this.#index++
    }
  }

  decoded(): Decoded {
    return { batches: this.#packer.finish(), accepted: this.#accepted, rejected: this.#rejected }
  }

  /** Why a row was not packed, if it was not. */
  #pack(flag: Text, row: unknown, index: number): RejectReason | undefined {
    if (!isObject(row)) return 'shape'
    const bytes = this.#bytesOf(row, index)
    if (this.#depthAbove + bytes.depth > this.#limits.jsonDepth) return 'depth'
    if (bytes.to - bytes.from > this.#limits.rowBytes) return 'size'
    const fault = fieldFault(row, this.#limits)
    if (fault) return fault
    const label = textOf(row.r)
    const treatment = weighed(textOf(row.t) ?? '')
    return this.#packer.add(flag, treatment, label === undefined ? undefined : weighed(label), bytes)
      ? undefined
      : 'size'
  }
}
