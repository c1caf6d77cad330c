import type { FilterError, Term } from './filter.ts'
import { readTerm } from './lex.ts'
import { type Span, skipSpace, toSpace } from './span.ts'
import { spellTerm } from './spell.ts'

/** A piece of a filter's text: a term, or what stands where a term should. */
export type Token = Span & { readonly read: { readonly term: Term } | { readonly error: FilterError } }

/** Every piece of the text in its order; a mistake spoils its own piece, and what follows is read as it stands. */
export function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = skipSpace(source, 0); at < source.length; ) {
    const token = readToken(source, at)
    tokens.push(token)
    at = skipSpace(source, token.end)
  }
  return tokens
}

function readToken(source: string, start: number): Token {
  const read = readTerm(source, start)
  if (read.ok) return { start, end: read.value.end, read: { term: read.value.term } }
  const { position, token } = read.error
  const { end } = toSpace(source, Math.max(start + 1, position + token.length))
  return { start, end, read: { error: read.error } }
}

/** The text without a piece of it and the white space behind; the rest stays as it was typed. */
export function withoutToken(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(skipSpace(text, end))
}

/** The text without every piece that says just this term, given in its canonical spelling. */
export function withoutTerm(text: string, spelled: string): string {
  const said = readTokens(text).filter(({ read }) => 'term' in read && spellTerm(read.term) === spelled)
  return said.reduceRight(withoutToken, text)
}

/** The text without its last piece. */
export function withoutLast(text: string): string {
  const last = readTokens(text).at(-1)
  return last ? withoutToken(text, last) : text
}

/** The text with a piece of it including what it excluded, or the other way round. */
export function flipToken(text: string, { start }: Span): string {
  const before = text.slice(0, start)
  if (text.charAt(start) !== '-') return `${before}-${text.slice(start)}`
  const included = text.slice(start + 1)
  return before + (included.startsWith('-') ? `\\${included}` : included)
}
