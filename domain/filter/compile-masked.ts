import type { Impression, Shared } from '../impression.ts'
import { type CompileOptions, compileFilter, type Matcher } from './compile.ts'
import type { Filter, Pattern, Term } from './filter.ts'

/** The masks that a text may have in the key's place; `undefined` when whoever asks cannot know. */
export type MasksOf = (text: string) => readonly string[] | undefined

const options: CompileOptions = { wordsSeeKeys: false }
const nothing: Matcher = { ...compileFilter({ terms: [] }), matches: () => false, row: () => false, keys: new Set() }

/**
 * Prepares a filter for rows that are masked: a key is found by its exact value only, by its mask. Patterns, and words, see
 * no key there, for they would tell it letter by letter. What cannot be judged does not match.
 */
export function compileMasked(filter: Filter, masksOf: MasksOf): Matcher {
  const terms: Term[] = []
  for (const term of filter.terms) {
    const masked = maskedTerm(term, masksOf)
    if (!masked) return nothing
    const excludesNothing = masked.exclude && isMaskedField(masked) && masked.patterns.length === 0
    if (!excludesNothing) terms.push(masked)
  }
  return compileFilter({ terms }, options)
}

/** Whether a field's values are masks where rows are masked. */
export function isMaskedField(term: Term): term is Extract<Term, { kind: 'text' }> {
  return term.kind === 'text' && (term.field === 'key' || term.field === 'bucket')
}

/** The term with masks in place of what it names; `undefined` when nobody can say here what they are. */
function maskedTerm(term: Term, masksOf: MasksOf): Term | undefined {
  if (!isMaskedField(term)) return term
  const patterns: Pattern[] = []
  for (const pattern of term.patterns) {
    if (pattern.kind === 'glob') continue
    const masks = masksOf(pattern.text)
    if (!masks) return undefined
    patterns.push(...masks.map((text) => ({ kind: 'literal', text }) as const))
  }
  return { ...term, patterns }
}

/**
 * Prepares a filter for the rows of several environments: of some they are masked, of the others, if there are any, as they
 * are.
 */
export function compileMixed(plain: Matcher | undefined, masked: ReadonlyMap<string, Matcher>): Matcher {
  const every = [...masked.values(), ...(plain ? [plain] : [])]
  const [first] = every
  if (!first) throw new Error('a filter for no environment')
  if (every.every((one) => one === first)) return first
  const of = ({ environmentId }: Pick<Shared, 'environmentId'>): Matcher =>
    masked.get(environmentId) ?? plain ?? nothing
  const keys = every.every((one) => one.keys) ? new Set(every.flatMap((one) => [...(one.keys ?? [])])) : undefined
  return {
    matches: (impression) => of(impression).matches(impression),
    environment: first.environment,
    shared: (shared) => of(shared).shared(shared),
    counted: first.counted,
    ...(every.some((one) => one.row) && { row: (impression: Impression) => of(impression).row?.(impression) ?? true }),
    ...(first.flags && { flags: first.flags }),
    ...(keys && { keys }),
  }
}
