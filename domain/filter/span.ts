/** Where something stands in the typed text: UTF-16 units, `end` not included. */
export type Span = { readonly start: number; readonly end: number }

/** ASCII white space, which separates terms; any other space is a character like others. */
export function isSpace(character: string): boolean {
  return character === ' ' || (character >= '\t' && character <= '\r')
}

/** The first place at or after `at` where no white space stands. */
export function skipSpace(source: string, at: number): number {
  let next = at
  while (next < source.length && isSpace(source.charAt(next))) next++
  return next
}

/** From `at` to the next white space: what an error marks when it cannot know where the token was meant to end. */
export function toSpace(source: string, at: number): Span {
  let end = at
  while (end < source.length && !isSpace(source.charAt(end))) end++
  return { start: at, end }
}
