import type { Batch, BatchHeader, ChainedBatch } from '../../domain/batch.ts'
import type { Chain } from '../../domain/chain.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { isCount, readShared } from './envelope-shared.ts'
import { readSpans } from './envelope-spans.ts'
import { columnsOf } from './packed.ts'

/**
 * Raise it only when an older server would misread the new form; values added at the end of a line, of an array, or to
 * the shared fields do not count, older servers ignore them. A server reads this version and the one before.
 */
const version = 1
const lineFeed = 10
/** A chain line is 16 + 16 + 16 + 16 + 16 digits and four spaces; later fields need room. */
const chainLineBytes = 256
const chainLine = /^([0-9a-f]{16}) (\d{1,16}) ([0-9a-f]{16}) (-|[0-9a-f]{16}) (\d{1,16})(?: |$)/

/**
 * The bytes of a batch without its chain:
 *
 *     [1, impressions, shared, retries, flags, texts, spans, counts] LF     (the last four: SpanColumns)
 *     rows
 *
 * The log puts `epoch offset id previousId cumulative LF` in front; "-" stands for no previous id.
 */
export function encodeBatch({ header, rows }: Batch): Buffer {
  const { impressions, shared, retries } = header
  const { flags, texts, spans, counts } = columnsOf(header)
  const line = JSON.stringify([version, impressions, shared, retries, flags, texts, spans, counts])
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(line) + 1 + rows.length)
  const end = bytes.write(line)
  bytes[end] = lineFeed
  bytes.set(rows, end + 1)
  return bytes
}

/** Reads a batch of the log; never touches nor copies its rows. What is wrong with it is a value: bytes come from outside. */
export function decodeEnvelope(bytes: Buffer): Result<ChainedBatch, string> {
  const chainEnd = bytes.subarray(0, chainLineBytes).indexOf(lineFeed)
  const chain = readChain(bytes.toString('latin1', 0, Math.max(0, chainEnd)))
  if (!chain) return failed('not a chain line')
  const headerEnd = bytes.indexOf(lineFeed, chainEnd + 1)
  if (headerEnd === -1) return failed('no header line')
  const rows = bytes.subarray(headerEnd + 1)
  const header = readHeader(bytes.toString('utf8', chainEnd + 1, headerEnd), rows.length)
  if (!header.ok) return header
  if (header.value.impressions > chain.cumulative) return failed('more impressions than the log has')
  return ok({ header: header.value, rows, chain })
}

function readChain(line: string): Chain | undefined {
  const [, epoch, offset, id, previous, cumulative] = chainLine.exec(line) ?? []
  if (!epoch || !id || !previous) return undefined
  const chain = {
    epoch,
    offset: Number(offset),
    id,
    previousId: previous === '-' ? '' : previous,
    cumulative: Number(cumulative),
  }
  const isFirst = chain.offset === 1
  const isSound = chain.offset >= 1 && isCount(chain.offset) && isCount(chain.cumulative)
  return isSound && isFirst === (chain.previousId === '') ? chain : undefined
}

function readHeader(line: string, rowsBytes: number): Result<BatchHeader, string> {
  const fields = parsed(line)
  if (!Array.isArray(fields)) return failed('not a header line')
  if (fields[0] !== version)
    return failed(`a batch of version ${String(fields[0]).slice(0, 20)}; this server reads ${version}`)
  const [, impressions, sharedFields, retryFields, flags, texts, spanColumn, counts] = fields
  const shared = readShared(sharedFields)
  if (!shared) return failed('not the fields that a batch shares')
  const spans = areArrays(flags, texts, spanColumn, counts)
    ? readSpans({ flags, texts, spans: spanColumn, counts }, rowsBytes)
    : undefined
  const last = spans?.at(-1)
  if (!spans || !last || last.firstRow + last.impressions !== impressions) return failed('spans do not fit the rows')
  const retries = readRetries(retryFields, impressions)
  if (!retries) return failed('not indexes of rows')
  return ok({ shared, impressions, spans, retries })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // whoever asked says what it should have been
  }
}

function areArrays(...fields: readonly unknown[]): boolean {
  return fields.every(Array.isArray)
}

function readRetries(fields: unknown, impressions: number): readonly number[] | undefined {
  if (!Array.isArray(fields)) return undefined
  return fields.every((index) => isCount(index) && index < impressions) ? fields : undefined
}
