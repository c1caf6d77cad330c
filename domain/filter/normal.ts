import { wholeOrAsIs } from './comparison.ts'
import { fieldRank } from './fields.ts'
import type { Field, Filter, Pattern, Term } from './filter.ts'
import { spellPattern, spellTerm } from './spell.ts'

/** The one form of all filters that say the same term by term: doubles removed, everything in the canonical order. */
export function normalFilter(filter: Filter): Filter {
  const terms = new Map(filter.terms.map(normalTerm).map((term) => [spellTerm(term), term]))
  return { terms: [...terms].sort(inOrder).map(([, term]) => term) }
}

/** The normal form of one term. */
export function normalTerm(term: Term): Term {
  switch (term.kind) {
    case 'text':
      return { ...term, patterns: normalPatterns(term.field, term.patterns) }
    case 'comparison':
      return { ...term, comparison: { ...term.comparison, number: wholeOrAsIs(term.field, term.comparison.number) } }
    case 'word':
      return { ...term, text: term.text.toLowerCase() }
    default:
      return term satisfies never
  }
}

function normalPatterns(field: Field, patterns: readonly Pattern[]): readonly Pattern[] {
  const spelled = new Map<string, Pattern>()
  for (const typed of patterns) {
    const pattern: Pattern = typed.kind === 'glob' ? { kind: 'glob', glob: normalGlob(typed.glob) } : typed
    spelled.set(spellPattern(pattern, { field, inList: true }), pattern)
  }
  return [...spelled.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, pattern]) => pattern)
}

/** Runs of `*` are one, and only `*` `?` and `\` are escaped. */
function normalGlob(glob: string): string {
  let normal = ''
  let afterStar = false
  for (let at = 0; at < glob.length; at++) {
    const character = glob.charAt(at)
    if (character === '\\') normal += escapedInGlob(glob.charAt(++at))
    else if (character !== '*' || !afterStar) normal += character
    afterStar = character === '*'
  }
  return normal
}

function escapedInGlob(character: string): string {
  return character === '*' || character === '?' || character === '\\' ? `\\${character}` : character
}

function inOrder([spelledA, a]: readonly [string, Term], [spelledB, b]: readonly [string, Term]): number {
  const fields = termRank(a) - termRank(b) || byCodeUnit(propOf(a), propOf(b))
  // Up to here they are spelled alike, sign and field, so that the whole spelling compares the values.
  return fields || Number(a.exclude) - Number(b.exclude) || byCodeUnit(spelledA, spelledB)
}

function termRank(term: Term): number {
  return term.kind === 'word' ? Number.MAX_SAFE_INTEGER : fieldRank(term.field)
}

function propOf(term: Term): string {
  return term.kind === 'text' && typeof term.field === 'object' ? term.field.prop : ''
}

/** Compares by UTF-16 code units, which depends on no locale. */
function byCodeUnit(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
