import type { RowEntry } from '../tail/entry.ts'
import { isoTime } from '../times.ts'
import { type ExportFacts, sampledOneIn } from './facts.ts'

type Value = string | number | boolean | undefined
type CsvColumn = readonly [title: string, value: (row: RowEntry) => Value]

/** Every field of the record; times in ISO 8601, properties as JSON, what is absent is empty. */
export const csvColumns: readonly CsvColumn[] = [
  ['id', (row) => row.id],
  ['environmentId', ({ impression }) => impression.environmentId],
  ['environmentName', ({ impression }) => impression.environmentName],
  ['flag', ({ impression }) => impression.flag],
  ['key', ({ impression }) => impression.key],
  ['bucketingKey', ({ impression }) => impression.bucketingKey],
  ['treatment', ({ impression }) => impression.treatment],
  ['label', ({ impression }) => impression.label],
  ['changeNumber', ({ impression }) => impression.changeNumber],
  ['timestamp', ({ impression }) => isoTime(impression.timestamp)],
  ['receptionTimestamp', ({ impression }) => isoTime(impression.receptionTimestamp)],
  ['previousTimestamp', ({ impression: { previousTimestamp: ms } }) => (ms === undefined ? ms : isoTime(ms))],
  ['sdk', ({ impression }) => impression.sdk],
  ['sdkVersion', ({ impression }) => impression.sdkVersion],
  ['machineName', ({ impression }) => impression.machineName],
  ['machineIp', ({ impression }) => impression.machineIp],
  ['trafficTypeId', ({ impression }) => impression.trafficTypeId],
  ['trafficTypeName', ({ impression }) => impression.trafficTypeName],
  ['properties', ({ impression: { properties } }) => propertiesText(properties)],
  ['impressionsMode', ({ impression }) => impression.impressionsMode],
  ['source', ({ impression }) => impression.source],
  ['verified', ({ impression }) => impression.verified],
  ['possibleRetry', ({ impression }) => impression.possibleRetry],
  ['masked', ({ impression }) => impression.masked],
]

const lineEnd = '\r\n'

/**
 * A comment and the titles. RFC 4180 knows no comments, so this one is written to be a single harmless cell for a reader
 * that takes it for a row: no comma, no semicolon, no quote, and the query as an address has it.
 */
export function csvHead({ query, rows, exportedMs, receivedMs, books }: ExportFacts): string {
  const { matched, sampledOut, skipped, evicted, missed } = books
  const parts = [
    '# Flagtail export',
    new URLSearchParams({ q: query }).toString(),
    `rows=${rows}`,
    `exported=${isoTime(exportedMs)}`,
    receivedMs === undefined ? 'received=never' : `received=${isoTime(receivedMs[0])}/${isoTime(receivedMs[1])}`,
    `matched=${matched}`,
    `sampled=1 in ${sampledOneIn(books)}`,
    `sampledOut=${sampledOut}`,
    `notSent=${skipped}`,
    `evicted=${evicted}`,
    `missedInGaps=${missed.impressions}`,
    `gapsOfUnknownSize=${missed.unknown}`,
  ]
  return `${parts.join(' · ')}${lineEnd}${csvColumns.map(([title]) => title).join(',')}${lineEnd}`
}

export function csvLine(row: RowEntry): string {
  return `${csvColumns.map(([, value]) => csvCell(value(row))).join(',')}${lineEnd}`
}

/** What a spreadsheet takes for a formula when a cell begins with it, also after a `'`, which is what we put before it. */
const risky = /^['=+\-@\t\r\n\0＝＋－＠]/

/**
 * A cell after RFC 4180. A text that a spreadsheet would run gets a `'` before it, and so does one that begins with `'`:
 * to read a text back, take one `'` off its beginning.
 */
export function csvCell(value: Value): string {
  if (value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = risky.test(value) ? `'${value}` : value
  return /[",;\t\r\n\0]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function propertiesText(properties: RowEntry['impression']['properties']): Value {
  return properties === undefined || typeof properties === 'string' ? properties : JSON.stringify(properties)
}
