import { filterLimits } from '../limits.ts'
import { failed, ok, type Result } from '../result.ts'
import { fault } from './fault.ts'
import type { FilterError } from './filter.ts'
import { isSpace, type Span, skipSpace, toSpace } from './span.ts'
import { readText, type TypedText } from './text.ts'

export type TypedList = Span & { readonly members: readonly TypedText[] }

/** Reads the list whose `(` stands at `start`. */
export function readList(source: string, start: number): Result<TypedList, FilterError> {
  const members: TypedText[] = []
  for (let at = start; ; ) {
    const read = readMember(source, start, skipSpace(source, at + 1))
    if (!read.ok) return read
    if (members.length === filterLimits.members) {
      return failed(fault(source, read.value, 'too many members', `at most ${filterLimits.members} in a list`))
    }
    members.push(read.value)
    at = skipSpace(source, read.value.end)
    if (source.charAt(at) === ')') return closed(source, { start, end: at + 1, members })
    if (source.charAt(at) !== '|') return failed(notClosed(source, start, at))
  }
}

function readMember(source: string, listStart: number, at: number): Result<TypedText, FilterError> {
  if (at === source.length) return failed(notClosed(source, listStart, at))
  const character = source.charAt(at)
  if (character !== ')' && character !== '|') return readText(source, at, true)
  if (character === ')' && skipSpace(source, listStart + 1) === at) {
    return failed(fault(source, { start: listStart, end: at + 1 }, 'empty list', 'write texts with | between'))
  }
  return failed(fault(source, { start: at, end: at + 1 }, 'no text before', 'write one, or "" for an empty text'))
}

function notClosed(source: string, start: number, at: number): FilterError {
  if (at === source.length) return fault(source, { start, end: at }, 'unclosed list', 'end it with )')
  return fault(source, toSpace(source, at), 'text after a member', '| goes between members, ) ends the list')
}

function closed(source: string, list: TypedList): Result<TypedList, FilterError> {
  if (list.end === source.length || isSpace(source.charAt(list.end))) return ok(list)
  return failed(fault(source, toSpace(source, list.end), 'text after a list', 'white space goes between terms'))
}
