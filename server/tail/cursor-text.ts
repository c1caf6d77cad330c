import type { Cursor, Position } from '../../domain/chain.ts'
import { failed, type Result } from '../../domain/result.ts'
import { cursorMessage, readMessage } from './messages.ts'

/** A cursor as scripts carry it: opaque, safe in a URL, and short enough for one with many environments. */
export function printCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor.map(tupleOf))).toString('base64url')
}

export function readCursor(text: string): Result<Cursor, string> {
  try {
    const tuples: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return readMessage(cursorMessage, Array.isArray(tuples) ? tuples.map(positionOfTuple) : tuples)
  } catch {
    return failed('not a cursor')
  }
}

function tupleOf({ environmentId, epoch, offset, id, cumulative }: Position): readonly unknown[] {
  if (id !== undefined) return [environmentId, epoch, offset, id, cumulative]
  return epoch === undefined ? [environmentId] : [environmentId, epoch]
}

function positionOfTuple(tuple: unknown): unknown {
  if (!Array.isArray(tuple)) return tuple
  const [environmentId, epoch, offset, id, cumulative] = tuple
  return tuple.length <= 2
    ? { environmentId, epoch, offset: 0, cumulative: 0 }
    : { environmentId, epoch, offset, id, cumulative }
}
