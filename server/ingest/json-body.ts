import { isAscii, isUtf8 } from 'node:buffer'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { hasMoreValues } from './json-values.ts'
import { malformed, type Refusal, tooLarge } from './refusal.ts'

/** A body that is JSON: its bytes behind any byte order mark, and what they say. */
export type JsonBody = { readonly bytes: Uint8Array; readonly parsed: unknown }

/** Parses a body once. The refusal does not quote the body. */
export function parseJson(body: Buffer, limits: Limits): Result<JsonBody, Refusal> {
  if (!isUtf8(body)) return failed(malformed('the body is not valid UTF-8'))
  if (hasMoreValues(body, limits.jsonValues))
    return failed(tooLarge(`the body has more than ${limits.jsonValues} values`))
  const bytes = hasByteOrderMark(body) ? body.subarray(3) : body
  try {
    // latin1 is the same text where all bytes are ASCII, and faster to make
    const parsed: unknown = JSON.parse(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'))
    return ok({ bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), parsed })
  } catch {
    return failed(malformed('the body is not valid JSON'))
  }
}

/** Whether JSON is an object; its members are still unknown. */
export function isObject(parsed: unknown): parsed is Readonly<Record<string, unknown>> {
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
}

function hasByteOrderMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
}
