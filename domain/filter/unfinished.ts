import { fieldEnd } from './fields.ts'
import { textFields } from './filter.ts'
import { readTerms } from './lex.ts'

/** One of these makes a whole term of any that only lacks its end. */
const endings = ['x', '"', ')', 'x)', '")', '1', '>1'] as const
const fieldNames: readonly string[] = [...textFields, 'lag', 'prop.']

/**
 * Whether somebody is in the middle of typing this term: it is no term yet and only lacks its end, or it may yet become a
 * field. A term like this says nothing of what is wanted.
 */
export function isUnfinished(term: string): boolean {
  const name = term.startsWith('-') ? term.slice(1) : term
  if (fieldEnd(term, 0) === undefined && beginsField(name)) return true
  return !readTerms(term).ok && endings.some((ending) => readTerms(term + ending).ok)
}

function beginsField(name: string): boolean {
  return name !== '' && (name.startsWith('prop.') || fieldNames.some((field) => field.startsWith(name)))
}

/** Whether the term has no value yet, so that nothing is lost without it. */
export function isEmptyTerm(term: string): boolean {
  return term === '-' || (!readTerms(term).ok && fieldEnd(term, 0) === term.length - 1)
}
