import type { FilterError } from './filter.ts'
import type { Span } from './span.ts'

const shownChars = 40

/** The error of a token: what is wrong with it, and what would be right. */
export function fault(source: string, span: Span, wrong: string, right: string): FilterError {
  const token = source.slice(span.start, span.end)
  return { message: `${wrong} "${shortened(token)}" at ${span.start}: ${right}`, token, position: span.start }
}

function shortened(token: string): string {
  if (token.length <= shownChars) return token
  const splitsPair = (token.codePointAt(shownChars - 1) ?? 0) > 0xffff
  return `${token.slice(0, splitsPair ? shownChars - 1 : shownChars)}…`
}
