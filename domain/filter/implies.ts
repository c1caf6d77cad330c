import { sameField } from './fields.ts'
import type { Comparison, Field, Pattern, Term } from './filter.ts'
import { anyPattern, comparedPatterns } from './patterns.ts'

/** `true` only when it is certain that whatever passes `narrow` passes `wide`. */
export function implies(narrow: Term, wide: Term): boolean {
  if (narrow.exclude !== wide.exclude) return false
  // An exclusion is the wider, the less it excludes.
  return wide.exclude ? matchesWithin(wide, narrow) : matchesWithin(narrow, wide)
}

/** The same without regard to exclusion: whether `inner` finds nothing that `outer` does not find. */
function matchesWithin(inner: Term, outer: Term): boolean {
  if (inner.kind === 'word') return outer.kind === 'word' && inner.text.includes(outer.text)
  if (outer.kind === 'word' || !sameField(inner.field, outer.field)) return false
  if (inner.kind === 'comparison') return outer.kind === 'comparison' && isWithin(inner.comparison, outer.comparison)
  return outer.kind === 'text' && isCovered(inner.field, inner.patterns, outer.patterns)
}

function isWithin(inner: Comparison, outer: Comparison): boolean {
  if (inner.operator.charAt(0) !== outer.operator.charAt(0)) return false
  if (inner.number === outer.number) return inner.operator === outer.operator || outer.operator.endsWith('=')
  return inner.operator.startsWith('>') === inner.number > outer.number
}

function isCovered(field: Field, inner: readonly Pattern[], outer: readonly Pattern[]): boolean {
  const covering = comparedPatterns(field, outer)
  const matches = anyPattern(covering)
  const globs = new Set(covering.flatMap((pattern) => (pattern.kind === 'glob' ? [pattern.glob] : [])))
  return comparedPatterns(field, inner).every((pattern) =>
    pattern.kind === 'literal' ? matches(pattern.text) : globs.has(pattern.glob) || globs.has('*'),
  )
}
