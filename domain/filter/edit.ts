import type { TextTerm } from './checks.ts'
import { sameField } from './fields.ts'
import type { Field, Filter, Pattern, Term } from './filter.ts'
import { implies } from './implies.ts'
import { comparedPatterns } from './patterns.ts'
import { isSpace } from './span.ts'
import { spellTerm } from './spell.ts'
import { readTokens, withoutToken } from './tokens.ts'

/** The text with a term that includes the value; whatever excluded just this value is gone. */
export function includeValue(text: string, field: Field, value: string): string {
  return withTerm(text, literalTerm(field, [value]))
}

/** The text with a term that excludes the value; whatever included just this value is gone. */
export function excludeValue(text: string, field: Field, value: string): string {
  return withTerm(text, { ...literalTerm(field, [value]), exclude: true })
}

/** The text with one term that includes the values in place of the field's include terms; no values remove them. */
export function setField(text: string, field: Field, values: readonly string[]): string {
  const term = values.length > 0 ? literalTerm(field, values) : undefined
  let placed = false
  const replaced = rejoin(text, (old) => {
    if (old.kind === 'word' || old.exclude || !sameField(old.field, field)) return term ? without(old, term) : old
    const first = placed ? undefined : term
    placed = true
    return first
  })
  return placed || term === undefined ? replaced : add(replaced, term)
}

/** Of the text only the terms of this field, as they were typed. */
export function onlyField(text: string, field: Field): string {
  const mistakes = readTokens(text).filter(({ read }) => 'error' in read)
  const keep = (old: Term) => (old.kind !== 'word' && sameField(old.field, field) ? old : undefined)
  return rejoin(mistakes.reduceRight(withoutToken, text), keep).trim()
}

/** The text without the value: no term of the field includes or excludes it by its name any more. */
export function dropValue(text: string, field: Field, value: string): string {
  const term = literalTerm(field, [value])
  return rejoin(text, (old) => {
    const left = without(old, term)
    return left && without(left, { ...term, exclude: true })
  })
}

/** The literal values that the field's include terms name, or those that its exclusions name. */
export function fieldValues(filter: Filter, field: Field, exclude = false): readonly string[] {
  const named = filter.terms.filter(
    (term) => term.kind === 'text' && term.exclude === exclude && sameField(term.field, field),
  )
  return [...new Set(named.flatMap((term) => (term.kind === 'text' ? literals(term.patterns) : [])))]
}

/** `true` only when it is certain that whatever `narrower` matches, `wider` matches. */
export function narrows(narrower: Filter, wider: Filter): boolean {
  return wider.terms.every((needed) => narrower.terms.some((term) => implies(term, needed)))
}

function literalTerm(field: Field, values: readonly string[]): TextTerm {
  const patterns = [...new Set(values)].map((text): Pattern => ({ kind: 'literal', text }))
  return { kind: 'text', exclude: false, field, patterns }
}

function literals(patterns: readonly Pattern[]): readonly string[] {
  return patterns.flatMap((pattern) => (pattern.kind === 'literal' ? [pattern.text] : []))
}

function withTerm(text: string, term: TextTerm): string {
  const kept = rejoin(text, (old) => without(old, term))
  const spelled = spellTerm(term)
  const isThere = readTokens(text).some(({ read }) => 'term' in read && spellTerm(read.term) === spelled)
  return isThere ? kept : add(kept, term)
}

/** Behind the others; before them where one is a mistake, which may not have ended. */
function add(text: string, term: Term): string {
  const isWrong = readTokens(text).some(({ read }) => 'error' in read)
  return isWrong ? `${spellTerm(term)} ${text}` : append(text, term)
}

function append(text: string, term: Term): string {
  const last = text.length - 1
  const separated = text === '' || (isSpace(text.charAt(last)) && text.charAt(last - 1) !== '\\')
  return `${text}${separated ? '' : ' '}${spellTerm(term)}`
}

/** What is left of a term when the values of an opposite one are taken out of it; the term itself when none is in it. */
function without(old: Term, { field, exclude, patterns }: TextTerm): Term | undefined {
  if (old.kind !== 'text' || old.exclude === exclude || !sameField(old.field, field)) return old
  const taken = new Set(literals(comparedPatterns(field, patterns)))
  const isTaken = (pattern: Pattern) => literals(comparedPatterns(field, [pattern])).some((text) => taken.has(text))
  const left = old.patterns.filter((pattern) => !isTaken(pattern))
  if (left.length === old.patterns.length) return old
  return left.length === 0 ? undefined : { ...old, patterns: left }
}

/** Spells only the terms that are replaced; the others, mistakes, and the white space before them, stay as they were typed. */
function rejoin(text: string, replace: (old: Term) => Term | undefined): string {
  let joined = ''
  let gap = 0
  for (const { start, end, read } of readTokens(text)) {
    const old = 'term' in read ? read.term : undefined
    const next = old && replace(old)
    if (old === undefined || next !== undefined) {
      const before = joined === '' && gap > 0 ? '' : text.slice(gap, start)
      joined += before + (next === undefined || next === old ? text.slice(start, end) : spellTerm(next))
    }
    gap = end
  }
  return joined + text.slice(gap)
}
