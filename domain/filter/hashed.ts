import { filterLimits } from '../limits.ts'
import type { Field, Filter, Pattern, Term } from './filter.ts'
import { normalFilter } from './normal.ts'
import { printFilter } from './print.ts'
import { passesBytes } from './size.ts'
import { spellPattern } from './spell.ts'

declare const hashed: unique symbol

/** A filter's text in which nothing stands that a person could be known by. */
export type HashedFilter = string & { readonly [hashed]: true }

type Hash = (text: string) => string

/**
 * The canonical text with the values of `key`, `bucket`, `ip` and `prop.…` and all words hashed; reads back as a filter. The same
 * value has the same hash. `hash` gives 16 hex digits of which nobody can tell the text.
 */
export function hashedFilter(filter: Filter, hash: Hash): HashedFilter {
  const { terms } = normalFilter(filter)
  const each = printFilter({ terms: terms.map((term) => hashedTerm(term, (some) => some.map(hashedPattern(hash)))) })
  if (fits(each)) return each as HashedFilter
  const asOne = printFilter({ terms: terms.map((term) => hashedTerm(term, (some) => [hashedList(some, hash)])) })
  if (fits(asOne)) return asOne as HashedFilter
  return hash(printFilter(filter)) as HashedFilter // a hash is longer than a short value, and this one had no room for that
}

function fits(text: string): boolean {
  return passesBytes(text, filterLimits.bytes) === undefined
}

function hashedTerm(term: Term, hashAll: (patterns: readonly Pattern[]) => readonly Pattern[]): Term {
  switch (term.kind) {
    case 'text':
      return isPersonal(term.field) ? { ...term, patterns: hashAll(term.patterns) } : term
    case 'word': {
      const [pattern] = hashAll([{ kind: 'literal', text: term.text }])
      return { ...term, text: pattern?.kind === 'literal' ? pattern.text : '' }
    }
    case 'comparison':
      return term
    default:
      return term satisfies never
  }
}

function isPersonal(field: Field): boolean {
  return typeof field !== 'string' || field === 'key' || field === 'bucket' || field === 'ip'
}

/** What is all wildcards says only that there is something. */
function hashedPattern(hash: Hash): (pattern: Pattern) => Pattern {
  return (pattern) => {
    if (pattern.kind === 'literal') return { kind: 'literal', text: hash(pattern.text) }
    return /^[*?]+$/.test(pattern.glob) ? pattern : { kind: 'literal', text: hash(pattern.glob) }
  }
}

function hashedList(patterns: readonly Pattern[], hash: Hash): Pattern {
  const [only] = patterns
  if (only && patterns.length === 1) return hashedPattern(hash)(only)
  return { kind: 'literal', text: hash(patterns.map((pattern) => spellPattern(pattern, { inList: true })).join('|')) }
}
