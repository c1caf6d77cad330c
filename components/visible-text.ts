export type TextPart = { readonly kind: 'plain' | 'escape'; readonly text: string }

/**
 * What the eye cannot see or would be misled by: control characters, marks that change the writing direction, line
 * separators, spaces without width, and halves of a character.
 */
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Most texts: nothing in them needs a second look. */
const plain = /^[ -~]*$/

/** Text as parts, with everything invisible spelled out: `\u202e`. */
export function visibleParts(text: string): readonly TextPart[] {
  if (plain.test(text)) return [{ kind: 'plain', text }]
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(invisible)) {
    if (match.index > from) parts.push({ kind: 'plain', text: text.slice(from, match.index) })
    parts.push({ kind: 'escape', text: spelled(match[0]) })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ kind: 'plain', text: text.slice(from) })
  return parts
}

/** The same as one string, for titles and labels. */
export function visibleText(text: string): string {
  return plain.test(text) ? text : text.replace(invisible, spelled)
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
