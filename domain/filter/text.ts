import { filterLimits } from '../limits.ts'
import { failed, ok, type Result } from '../result.ts'
import { fault } from './fault.ts'
import type { FilterError } from './filter.ts'
import { isSpace, type Span } from './span.ts'

/** A text as it was typed. */
export type TypedText = Span & {
  /** What it says, without quotes and escapes. */
  readonly text: string
  readonly quoted: boolean
  /** How many unescaped `*` and `?` it has; with any it is a glob, except as a word. */
  readonly stars: number
  readonly marks: number
}

/** Reads a bare or a quoted text. One character at least stands at `start`, and none that ends a bare text. */
export function readText(source: string, start: number, inList: boolean): Result<TypedText, FilterError> {
  const read = source.charAt(start) === '"' ? readQuoted(source, start) : readBare(source, start, inList)
  if (!read.ok || read.value.text.length <= filterLimits.textChars) return read
  return failed(tooLong(source, read.value))
}

/** The error of a text that passes the limit; a word is measured in lower case too, which may be longer. */
export function tooLong(source: string, span: Span): FilterError {
  return fault(source, span, 'too long a text', `at most ${filterLimits.textChars} characters`)
}

function readQuoted(source: string, start: number): Result<TypedText, FilterError> {
  let text = ''
  for (let at = start + 1; at < source.length; at++) {
    const character = source.charAt(at)
    if (character === '"') return ok({ start, end: at + 1, text, quoted: true, stars: 0, marks: 0 })
    if (character === '\\') at++
    text += source.charAt(at)
  }
  return failed(fault(source, { start, end: source.length }, 'unclosed quote', 'end the text with "'))
}

function readBare(source: string, start: number, inList: boolean): Result<TypedText, FilterError> {
  let text = ''
  let stars = 0
  let marks = 0
  let at = start
  for (; at < source.length && !endsBare(source.charAt(at), inList); at++) {
    const wrong = wrongInBare(source, at, inList)
    if (wrong !== undefined) return failed(wrong)
    const character = source.charAt(at)
    if (character === '*') stars++
    if (character === '?') marks++
    if (character === '\\') at++
    text += source.charAt(at)
  }
  return ok({ start, end: at, text, quoted: false, stars, marks })
}

function endsBare(character: string, inList: boolean): boolean {
  return isSpace(character) || (inList && (character === '|' || character === ')'))
}

function wrongInBare(source: string, at: number, inList: boolean): FilterError | undefined {
  const character = source.charAt(at)
  const span = { start: at, end: at + 1 }
  if (character === '"') return fault(source, span, 'quote inside a text', 'escape it as \\", or quote the whole text')
  if (character === '(' && inList)
    return fault(source, span, 'bracket inside a list', 'escape it as \\(, or quote the text')
  if (character === '\\' && at + 1 === source.length) {
    return fault(source, span, 'nothing after', 'a \\ takes the next character as it is; for a \\ itself write \\\\')
  }
  return undefined
}
