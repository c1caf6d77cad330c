import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Batch, FlagSpan } from '../../domain/batch.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { type Row, readRow } from '../../domain/row.ts'
import { decode, recounted, shared, weightOf } from './decode.fixture.ts'
import { impressionsOf } from './ingest.fixture.ts'
import { fieldFault } from './row-rules.ts'

const limits: Limits = { ...defaultLimits, batchImpressions: 5, batchBytes: 8192, jsonDepth: 6 }
const folder = new URL('./captures/', import.meta.url)
const bodies: readonly Buffer[] = readdirSync(folder)
  .filter((name) => name.includes('testImpressions-bulk') && !name.includes('OPTIONS'))
  .map((name) => Buffer.from(JSON.parse(readFileSync(new URL(name, folder), 'utf8')).bodyText))

/** The accepted impressions as the plainest reading of a body has them, or `undefined` when it must be refused. */
function naive(body: Uint8Array): { readonly rows: number; readonly impressions: readonly unknown[] } | undefined {
  const groups = parsed(body)
  if (!Array.isArray(groups)) return undefined
  if (
    groups.some((group) => !isObject(group) || !(group.i === undefined || group.i === null || Array.isArray(group.i)))
  ) {
    return undefined
  }
  const all = groups.flatMap(({ f, i }) => (i ?? []).map((row: unknown) => ({ f, row })))
  const good = all.filter(({ f, row }) => typeof f === 'string' && f !== '' && f.length <= 256 && isGood(row))
  return { rows: all.length, impressions: good.map(({ f, row }) => readRow(shared, f, row, false)) }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(body)) // which skips a byte order mark, too
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isGood(row: unknown): row is Row {
  return isObject(row) && fieldFault(row, limits) === undefined && depth(row) <= 3
}

function depth(value: unknown): number {
  return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0
}

/** Everything that must hold of any body whatsoever. */
function holds(body: Uint8Array): void {
  const result = decode(body, limits)
  const plain = naive(body)
  expect(result.ok).toBe(plain !== undefined)
  if (!result.ok) expect(result.error.status).toBe(400)
  else if (plain) {
    const { batches, accepted, rejected } = result.value
    expect(impressionsOf(batches)).toEqual(plain.impressions)
    expect(accepted).toBe(plain.impressions.length)
    expect([...rejected.values()].reduce((sum, count) => sum + count, accepted)).toBe(plain.rows)
    for (const batch of batches) batchHolds(batch)
  }
}

function batchHolds(batch: Batch): void {
  expect(batch.header.impressions).toBeLessThanOrEqual(limits.batchImpressions)
  expect(weightOf(batch)).toBeLessThanOrEqual(limits.batchBytes)
  let firstRow = 0
  for (const span of batch.header.spans) {
    const text = Buffer.from(batch.rows.subarray(span.from, span.to)).toString()
    const rows: readonly Row[] = JSON.parse(`[${text}]`)
    expect(text.split('\n')).toHaveLength(span.impressions)
    expect([span.firstRow, rows.length]).toEqual([firstRow, span.impressions])
    expect(countsOf(span)).toEqual(recounted(rows))
    firstRow += span.impressions
  }
  expect(firstRow).toBe(batch.header.impressions)
}

function countsOf(span: FlagSpan): Map<string, number> {
  return new Map(
    span.counts.map(({ treatment, label, impressions }) => [JSON.stringify([treatment, label ?? null]), impressions]),
  )
}

const text = fc.oneof(
  fc.constantFrom('', 'a', '\\', '"', '\ud800', '__proto__', '\n', ']}', '\u0001', 'é', '😀'),
  fc.string({ maxLength: 12 }),
)
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
const anything = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' })
const rowJson = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { k: text, t: text, m: fc.integer({ min: -1 }), r: scalar },
      { requiredKeys: ['k', 't', 'm'] },
    ),
  },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('k', 't', 'm', 'r', 'b', 'c', '__proto__', 'x'), anything) },
  { weight: 1, arbitrary: anything },
)
const groupJson = fc.record(
  { f: fc.oneof(text, anything), i: fc.oneof(fc.array(rowJson, { maxLength: 12 }), fc.constant(null)), x: anything },
  { requiredKeys: [] },
)
const postJson = fc.oneof(
  { weight: 5, arbitrary: fc.array(groupJson, { maxLength: 6 }) },
  { weight: 1, arbitrary: anything },
)

test('I20 any JSON is accepted or refused as its plainest reading would', () => {
  fc.assert(
    fc.property(postJson, fc.constantFrom(undefined, 1, '\t', '\r\n'), (post, indent) => {
      holds(Buffer.from(JSON.stringify(post, null, indent)))
    }),
    { numRuns: 1500 },
  )
})

test('any bytes are accepted or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), holds), { numRuns: 500 })
})

test('recorded posts with flipped bytes, cut at any length, or put together anew', () => {
  const edit = fc.record({
    at: fc.nat(4000),
    byte: fc.integer({ min: 0, max: 255 }),
    what: fc.constantFrom('set', 'drop', 'put'),
  })
  const body = fc.constantFrom(...bodies)
  fc.assert(
    fc.property(body, fc.array(edit, { maxLength: 4 }), fc.nat(4000), fc.boolean(), (original, edits, length, cut) => {
      const bytes = [...(cut ? original.subarray(0, length) : original)]
      for (const { at, byte, what } of edits)
        bytes.splice(at % (bytes.length + 1), what === 'put' ? 0 : 1, ...(what === 'drop' ? [] : [byte]))
      holds(Uint8Array.from(bytes))
    }),
    { numRuns: 1500 },
  )
})

test('recorded posts with JSON punctuation put in or taken out anywhere', () => {
  const punctuation = fc.constantFrom(
    ...['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '{},', '[],', '"i":[],', '"\\u0069":[],'],
  )
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.nat(2000), punctuation, fc.nat(3), (original, at, put, drop) => {
      const from = at % original.length
      holds(Buffer.concat([original.subarray(0, from), Buffer.from(put), original.subarray(from + drop)]))
    }),
    { numRuns: 1500 },
  )
})
