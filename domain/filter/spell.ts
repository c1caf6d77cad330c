import { beginsComparison, plainNumber } from './comparison.ts'
import { type AnyField, spellField } from './fields.ts'
import type { Pattern, Term } from './filter.ts'
import { isSpace } from './span.ts'

/** Where a text is to stand; what may be bare depends on it. */
type Place = { readonly field?: AnyField; readonly inList?: boolean }

/** The canonical spelling of one term in its normal form. */
export function spellTerm(term: Term): string {
  const sign = term.exclude ? '-' : ''
  if (term.kind === 'word') return sign + spellWord(term.text, term.exclude)
  return `${sign}${spellField(term.field)}:${spellValue(term)}`
}

function spellValue(term: Exclude<Term, { kind: 'word' }>): string {
  if (term.kind === 'comparison') return term.comparison.operator + plainNumber(term.comparison.number)
  const { field, patterns } = term
  const [only] = patterns
  if (only !== undefined && patterns.length === 1) return spellPattern(only, { field })
  return `(${patterns.map((pattern) => spellPattern(pattern, { field, inList: true })).join('|')})`
}

/** The canonical spelling of a pattern in its place. */
export function spellPattern(pattern: Pattern, place: Place): string {
  if (pattern.kind === 'glob') return spellGlob(pattern.glob, place.field)
  const { text } = pattern
  const bare = isBare(text, place.inList ?? false) && !hasWildcard(text) && !readsAsComparison(text, place)
  return bare ? text : quoted(text)
}

function spellWord(text: string, exclude: boolean): string {
  const bare = isBare(text, false) && !text.includes(':') && (exclude || !text.startsWith('-'))
  return bare ? text : quoted(text)
}

/** Whether the text, typed bare, is read as itself: one text, nothing of it escaped. */
function isBare(text: string, inList: boolean): boolean {
  if (text === '' || text.startsWith('(')) return false
  for (const character of text) {
    if (character === '"' || character === '\\' || isSpace(character)) return false
    if (inList && isListMark(character)) return false
  }
  return true
}

function isListMark(character: string): boolean {
  return character === '(' || character === ')' || character === '|'
}

function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?')
}

function readsAsComparison(text: string, { field, inList }: Place): boolean {
  return field === 'change' && !inList && beginsComparison(text)
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function spellGlob(glob: string, field: AnyField | undefined): string {
  let spelled = field === 'change' && beginsComparison(glob) ? '\\' : ''
  for (let at = 0; at < glob.length; at++) {
    const character = glob.charAt(at)
    if (character === '\\') spelled += character + glob.charAt(++at)
    else spelled += isSpace(character) || isListMark(character) || character === '"' ? `\\${character}` : character
  }
  return spelled
}
