import { filterLimits } from '../limits.ts'
import { failed, ok, type Result } from '../result.ts'
import { beginsComparison, example, readComparison } from './comparison.ts'
import { fault } from './fault.ts'
import { type AnyField, fieldEnd, readField } from './fields.ts'
import type { Field, FilterError, Pattern, Term } from './filter.ts'
import { readList } from './list.ts'
import { normalTerm } from './normal.ts'
import { passesBytes } from './size.ts'
import { isSpace, type Span, skipSpace, toSpace } from './span.ts'
import { readText, type TypedText, tooLong } from './text.ts'

/** A term in its normal form, and where it was typed. */
export type TypedTerm = Span & { readonly term: Term }

/** The terms of a filter in the order in which they were typed. */
export function readTerms(source: string): Result<readonly TypedTerm[], FilterError> {
  const passed = passesBytes(source, filterLimits.bytes)
  if (passed !== undefined) {
    const span = { start: passed, end: passed + filterLimits.textChars }
    return failed(fault(source, span, 'too long a filter', `at most ${filterLimits.bytes} bytes`))
  }
  const terms: TypedTerm[] = []
  for (let at = skipSpace(source, 0); at < source.length; ) {
    const read = readTerm(source, at)
    if (!read.ok) return read
    if (terms.length === filterLimits.terms) {
      return failed(fault(source, read.value, 'too many terms', `at most ${filterLimits.terms}`))
    }
    terms.push(read.value)
    at = skipSpace(source, read.value.end)
  }
  return ok(terms)
}

/** Reads the term that begins at `start`. */
export function readTerm(source: string, start: number): Result<TypedTerm, FilterError> {
  const exclude = source.charAt(start) === '-'
  const first = exclude ? start + 1 : start
  if (first === source.length || isSpace(source.charAt(first))) {
    const right = 'a term follows, as in -flag:checkout; for the word itself write "-"'
    return failed(fault(source, { start, end: first }, 'nothing to exclude after', right))
  }
  const read = readIncluded(source, first)
  if (!read.ok) return read
  return ok({ start, end: read.value.end, term: normalTerm({ ...read.value.term, exclude }) })
}

function readIncluded(source: string, start: number): Result<TypedTerm, FilterError> {
  if (source.charAt(start) === '(') {
    const right = 'name its field, as in flag:(a|b); a word that begins with ( is quoted'
    return failed(fault(source, toSpace(source, start), 'list without a field', right))
  }
  const colon = fieldEnd(source, start)
  if (colon === undefined) return readWord(source, start)
  const field = readField(source, { start, end: colon })
  if (!field.ok) return field
  const first = colon + 1
  if (first === source.length || isSpace(source.charAt(first))) {
    return failed(fault(source, { start, end: first }, 'no value after', 'write one, or "" for an empty text'))
  }
  return readValue(source, { start, first, field: field.value })
}

function readWord(source: string, start: number): Result<TypedTerm, FilterError> {
  const word = readLone(source, start)
  if (!word.ok) return word
  const { end, text } = word.value
  if (text === '') return failed(fault(source, word.value, 'empty word', 'write something to look for'))
  if (text.toLowerCase().length > filterLimits.textChars) return failed(tooLong(source, word.value))
  return ok({ start, end, term: { kind: 'word', exclude: false, text } })
}

/** Where the term and its value begin; its sign is read already. */
type ValueStart<Of> = { readonly start: number; readonly first: number; readonly field: Of }

function readValue(source: string, { start, first, field }: ValueStart<AnyField>): Result<TypedTerm, FilterError> {
  if ((field === 'change' || field === 'lag') && beginsComparison(source, first)) {
    const span = toSpace(source, first)
    const read = readComparison(source, span, field)
    if (!read.ok) return read
    return ok({ start, end: span.end, term: { kind: 'comparison', exclude: false, field, comparison: read.value } })
  }
  if (field === 'lag') return failed(fault(source, toSpace(source, first), 'not a comparison', example(field)))
  return readTexts(source, { start, first, field })
}

function readTexts(source: string, { start, first, field }: ValueStart<Field>): Result<TypedTerm, FilterError> {
  const read = source.charAt(first) === '(' ? readList(source, first) : readLone(source, first)
  if (!read.ok) return read
  const texts = 'members' in read.value ? read.value.members : [read.value]
  const starry = texts.find((text) => text.stars > filterLimits.stars)
  if (starry !== undefined) {
    const right = `at most ${filterLimits.stars}; quote the text if they are plain`
    return failed(fault(source, starry, 'too many * in', right))
  }
  const patterns = texts.map((text) => patternOf(source, text))
  return ok({ start, end: read.value.end, term: { kind: 'text', exclude: false, field, patterns } })
}

function patternOf(source: string, { start, end, text, stars, marks }: TypedText): Pattern {
  return stars + marks > 0 ? { kind: 'glob', glob: source.slice(start, end) } : { kind: 'literal', text }
}

/** A text that is no member of a list. */
function readLone(source: string, start: number): Result<TypedText, FilterError> {
  const read = readText(source, start, false)
  if (!read.ok) return read
  const { end } = read.value
  if (end === source.length || isSpace(source.charAt(end))) return read
  return failed(fault(source, toSpace(source, end), 'text after a closing quote', 'white space goes between terms'))
}
