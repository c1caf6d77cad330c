import { failed, ok, type Result } from '../result.ts'
import { fault } from './fault.ts'
import { type Field, type FilterError, type TextField, textFields } from './filter.ts'
import { nearest } from './nearest.ts'
import { isSpace, type Span } from './span.ts'

/** What may stand before the `:` of a term. */
export type AnyField = Field | 'lag'

const propPrefix = 'prop.'
const names: ReadonlyMap<string, TextField | 'lag'> = new Map(
  [...textFields, 'lag' as const].map((name) => [name, name] as const),
)

/** The order of the fields in FILTER.md's table, which is the order of the canonical text. */
const order = [...textFields.slice(0, -2), 'prop', ...textFields.slice(-2), 'lag']

/** A field's place in the canonical text. */
export function fieldRank(field: AnyField): number {
  return order.indexOf(typeof field === 'string' ? field : 'prop')
}

/** Whether both name the same field, or the same property. */
export function sameField(a: AnyField, b: AnyField): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.prop === b.prop
}

/** Whether the field's values are compared without regard to case. */
export function ignoresCase(field: Field): boolean {
  return field === 'mode' || field === 'source' || field === 'repeat'
}

/** The field as it is typed, without its `:`. */
export function spellField(field: AnyField): string {
  if (typeof field === 'string') return field
  let spelled = propPrefix
  for (const character of field.prop) spelled += needsEscape(character) ? `\\${character}` : character
  return spelled
}

function needsEscape(character: string): boolean {
  return character === '\\' || character === ':' || character === '"' || isSpace(character)
}

/** Where the `:` of a term's field stands: the first that is not escaped, before any quote; `undefined` for a word. */
export function fieldEnd(source: string, start: number): number | undefined {
  for (let at = start; at < source.length; at++) {
    const character = source.charAt(at)
    if (character === ':') return at
    if (character === '"' || isSpace(character)) return undefined
    if (character === '\\') at++
  }
  return undefined
}

/** Reads a field's name. */
export function readField(source: string, span: Span): Result<AnyField, FilterError> {
  const typed = source.slice(span.start, span.end)
  if (typed.startsWith(propPrefix)) return readProp(source, span)
  const escaped = typed.indexOf('\\')
  if (escaped >= 0) {
    const start = span.start + escaped
    const right = 'only the name in prop.<name> may have escapes; in a word, escape every : as \\:, or quote the word'
    return failed(fault(source, { start, end: start + 1 }, 'escape in a field', right))
  }
  const field = names.get(typed)
  return field === undefined ? failed(unknownField(source, span)) : ok(field)
}

function readProp(source: string, span: Span): Result<AnyField, FilterError> {
  let prop = ''
  for (let at = span.start + propPrefix.length; at < span.end; at++) {
    if (source.charAt(at) === '\\') at++
    prop += source.charAt(at)
  }
  if (prop !== '') return ok({ prop })
  return failed(fault(source, span, 'no name in', 'name the property, as in prop.plan:pro'))
}

function unknownField(source: string, span: Span): FilterError {
  const typed = source.slice(span.start, span.end)
  if (typed === '') {
    const colon = { start: span.start, end: span.start + 1 }
    return fault(source, colon, 'no field before', 'name a field, as in flag:checkout, or quote a word that has a :')
  }
  const meant = meantField(typed)
  const right = meant === undefined ? `${allFields()}; quote a word that has a :` : `did you mean ${meant}?`
  return fault(source, span, 'unknown field', right)
}

function meantField(typed: string): string | undefined {
  const dot = typed.indexOf('.')
  const head = nearest(dot < 0 ? typed : typed.slice(0, dot), [...names.keys(), 'prop'])
  if (head !== 'prop') return dot < 0 ? head : undefined
  return dot < 0 ? `${propPrefix}<name>` : propPrefix + typed.slice(dot + 1)
}

function allFields(): string {
  return `fields are ${order.map((name) => (name === 'prop' ? `${propPrefix}<name>` : name)).join(', ')}`
}
