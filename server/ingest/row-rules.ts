import type { Limits } from '../../domain/limits.ts'
import { countOf, type Row, textOf } from '../../domain/row.ts'

/**
 * Why an impression is skipped. Missing and too long stand under the name of the field; `key` includes bucketing keys,
 * `time` what is no number above 0. `size`: the bytes of the row; `depth`: its nesting; `shape`: it is no object.
 */
export const rejectReasons = [
  'shape',
  'depth',
  'size',
  'flag',
  'key',
  'treatment',
  'time',
  'label',
  'properties',
] as const
export type RejectReason = (typeof rejectReasons)[number]

/** Impressions skipped, by reason; only reasons that occurred. */
export type Rejections = ReadonlyMap<RejectReason, number>

/** What is wrong with the flag of a group, and so with each row of it. */
export function flagFault(flag: unknown, limits: Limits): RejectReason | undefined {
  return isText(flag, limits.flagChars) ? undefined : 'flag'
}

/** What is wrong with the fields of a row; optional ones are read as tolerantly as `readRow` does. */
export function fieldFault(row: Row, limits: Limits): RejectReason | undefined {
  if (!isText(row.k, limits.keyChars) || (textOf(row.b)?.length ?? 0) > limits.keyChars) return 'key'
  if (!isText(row.t, limits.treatmentChars)) return 'treatment'
  if (countOf(row.m) === undefined) return 'time'
  if ((textOf(row.r)?.length ?? 0) > limits.labelChars) return 'label'
  const properties = textOf(row.properties)
  if (properties !== undefined && !fitsBytes(properties, limits.propertiesBytes)) return 'properties'
  return undefined
}

function isText(value: unknown, chars: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= chars
}

const utf8BytesPerChar = 3

function fitsBytes(text: string, bytes: number): boolean {
  return text.length * utf8BytesPerChar <= bytes || (text.length <= bytes && Buffer.byteLength(text) <= bytes)
}
