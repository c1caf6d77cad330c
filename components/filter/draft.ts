import { maskedFault } from '../../domain/filter/masked-fault.ts'
import { type Span, skipSpace } from '../../domain/filter/span.ts'
import { flipToken, readTokens, type Token, withoutToken } from '../../domain/filter/tokens.ts'
import { isEmptyTerm } from '../../domain/filter/unfinished.ts'

/** The filter's text, and the part of it that the caret is in: that is raw, every term before and behind it is a chip. */
export type Draft = Span & { readonly text: string }

/** A term that stands as a chip: where it is, and how it was typed. */
export type Chip = Token & { readonly typed: string }

/** Everything is a chip, and the caret stands behind them. */
export function draftAtEnd(text: string): Draft {
  return { text, start: text.length, end: text.length }
}

export function rawOf({ text, start, end }: Draft): string {
  return text.slice(start, end)
}

/** The chips before the caret and those behind it; where everything is masked, one that asks for what is hidden is a mistake. */
export function chipsOf(
  { text, start, end }: Draft,
  masked = false,
): {
  readonly before: readonly Chip[]
  readonly after: readonly Chip[]
} {
  const chip = (token: Token) => (masked ? withoutHidden(chipOf(text, token)) : chipOf(text, token))
  const after = readTokens(text.slice(end)).map((token) => shifted(token, end))
  return { before: readTokens(text.slice(0, start)).map(chip), after: after.map(chip) }
}

/**
 * What was typed or pasted in the place of the raw part, with the caret `caret` characters into it: the term that the caret
 * is in stays raw, the others become chips. Not a character of it is lost or added, but for what keeps terms apart. `caret`
 * in the answer counts from where the raw part begins now.
 */
export function typeInto(draft: Draft, raw: string, caret: number): { readonly draft: Draft; readonly caret: number } {
  const before = draft.text.slice(0, draft.start)
  const after = draft.text.slice(draft.end)
  const left = raw === '' || endsInSpace(before) ? before : `${before} `
  const right = raw === '' || after === '' || skipSpace(after, 0) > 0 ? after : ` ${after}`
  const at = readTokens(raw).find(({ start, end }) => start <= caret && caret <= end) ?? { start: caret, end: caret }
  const [start, end] = [left.length + at.start, left.length + at.end]
  return { draft: { text: left + raw + right, start, end }, caret: caret - at.start }
}

/** The caret goes into a chip. */
export function editChip({ text }: Draft, { start, end }: Span): Draft {
  return { text, start, end }
}

/** The text without a chip; what is being typed goes on. */
export function removeChip(draft: Draft, chip: Span): Draft {
  return around(draft, chip, withoutToken(draft.text, chip))
}

/** The text with a chip that includes what it excluded, or the other way round; what is being typed goes on. */
export function flipChip(draft: Draft, chip: Span): Draft {
  return around(draft, chip, flipToken(draft.text, chip))
}

/** The whole text is raw. */
export function editAll({ text }: Draft): Draft {
  return { text, start: 0, end: text.length }
}

/** The raw part is this term now, and a chip; the caret is behind all of them. */
export function completeWith(draft: Draft, term: string): Draft {
  return draftAtEnd(typeInto(draft, term, term.length).draft.text)
}

/** The term that is being typed, if it is one. */
export function typedTerm(draft: Draft): Span | undefined {
  return readTokens(rawOf(draft)).length > 1 ? undefined : { start: draft.start, end: draft.end }
}

/** The caret leaves: what it was in becomes a chip, unless it says nothing yet. */
export function leaveDraft(draft: Draft): Draft {
  return isEmptyTerm(rawOf(draft)) ? draftAtEnd(withoutToken(draft.text, draft)) : draftAtEnd(draft.text)
}

/** The raw part stands where it stood, in a text of which a chip before or behind it is another now. */
function around(draft: Draft, chip: Span, text: string): Draft {
  const by = chip.start < draft.start ? text.length - draft.text.length : 0
  return { text, start: draft.start + by, end: draft.end + by }
}

function chipOf(text: string, token: Token): Chip {
  return { ...token, typed: text.slice(token.start, token.end) }
}

function withoutHidden(chip: Chip): Chip {
  const error = 'term' in chip.read ? maskedFault(chip.typed) : undefined
  return error ? { ...chip, read: { error } } : chip
}

function shifted(token: Token, by: number): Token {
  return { ...token, start: token.start + by, end: token.end + by }
}

/** Whether a term may begin here; an escaped space belongs to the term before it. */
function endsInSpace(text: string): boolean {
  const last = readTokens(text).at(-1)
  return text === '' || (last?.end ?? 0) < text.length
}
