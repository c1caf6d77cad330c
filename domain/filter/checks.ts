import type { Field, Filter, Term } from './filter.ts'
import { anyPattern, comparedPatterns, type Value } from './patterns.ts'

/** A prepared question; asked once per impression, so it allocates nothing. */
export type Check<Subject> = (subject: Subject) => boolean

/** A term that compares a field with patterns. */
export type TextTerm = Extract<Term, { kind: 'text' }>

/** All of the checks, in their order. */
export function every<Subject>(checks: readonly Check<Subject>[]): Check<Subject> {
  const [first, second, third] = checks
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (third === undefined) return (subject) => first(subject) && second(subject)
  return (subject) => {
    for (const check of checks) if (!check(subject)) return false
    return true
  }
}

/** The text terms on such fields. */
export function textTerms(filter: Filter, isSuch: (field: Field) => boolean): readonly TextTerm[] {
  return filter.terms.filter((term) => term.kind === 'text').filter((term) => isSuch(term.field))
}

/** Whether a field's value passes the term; what is absent passes an exclusion only. */
export function valueCheck(term: TextTerm): Check<Value | undefined> {
  const matches = anyPattern(comparedPatterns(term.field, term.patterns))
  if (term.exclude) return (value) => value === undefined || !matches(value)
  return (value) => value !== undefined && matches(value)
}

/** As `valueCheck`, for a closed list of values: which of them pass is found out once. */
export function closedCheck<Text extends string>(term: TextTerm, values: readonly Text[]): Check<Text | undefined> {
  const matches = anyPattern(comparedPatterns(term.field, term.patterns))
  const matching = new Set<Text | undefined>(values.filter((value) => matches(value.toLowerCase())))
  const { exclude } = term
  return (value) => matching.has(value) !== exclude
}
