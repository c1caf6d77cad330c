import type { Cursor } from '../../domain/chain.ts'
import { failed, type Result } from '../../domain/result.ts'
import { cursorMessage, readMessage } from './messages.ts'

/** A cursor as scripts carry it: opaque, safe in a URL. */
export function printCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

export function readCursor(text: string): Result<Cursor, string> {
  try {
    return readMessage(cursorMessage, JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    return failed('not a cursor')
  }
}
