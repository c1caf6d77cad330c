import { ignoresCase } from './fields.ts'
import type { Field, Pattern } from './filter.ts'
import { compileGlob } from './glob.ts'

/** What a field may hold; its text is what the patterns are compared with. */
export type Value = string | number | boolean

/** Prepares a list of patterns: whether one of them matches the whole value. Allocates nothing for a string. */
export function anyPattern(patterns: readonly Pattern[]): (value: Value) => boolean {
  const literal = anyLiteral(patterns.flatMap((pattern) => (pattern.kind === 'literal' ? [pattern.text] : [])))
  const globs = patterns.flatMap((pattern) => (pattern.kind === 'glob' ? [compileGlob(pattern.glob)] : []))
  if (globs.length === 0) return literal
  return (value) => {
    if (literal(value)) return true
    const text = typeof value === 'string' ? value : String(value)
    for (const glob of globs) if (glob(text)) return true
    return false
  }
}

function anyLiteral(texts: readonly string[]): (value: Value) => boolean {
  const values = new Set<Value>(texts.flatMap(spelledSo))
  const [only] = values
  if (values.size === 1) return (value) => value === only
  return (value) => values.has(value)
}

/** The text, and the number or boolean that is spelled so: a number need not become a text to be compared. */
function spelledSo(text: string): readonly Value[] {
  if (text === 'true' || text === 'false') return [text, text === 'true']
  return String(Number(text)) === text ? [text, Number(text)] : [text]
}

/** The patterns as they are compared: in lower case when the field ignores case. */
export function comparedPatterns(field: Field, patterns: readonly Pattern[]): readonly Pattern[] {
  return ignoresCase(field) ? patterns.map(lowered) : patterns
}

function lowered(pattern: Pattern): Pattern {
  if (pattern.kind === 'literal') return { kind: 'literal', text: pattern.text.toLowerCase() }
  return { kind: 'glob', glob: pattern.glob.toLowerCase() }
}
