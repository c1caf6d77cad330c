/** Colours that no two of which look alike, also to people who see colours differently; see the tokens in globals.css. */
export const glyphColours = ['teal', 'magenta', 'violet', 'brick', 'olive'] as const
export const glyphShapes = ['diamond', 'square', 'star', 'pentagon', 'cross', 'half'] as const

export type Glyph = {
  readonly colour: (typeof glyphColours)[number] | 'blue' | 'amber' | 'grey'
  readonly shape: (typeof glyphShapes)[number] | 'disc' | 'ring' | 'triangle'
}

const known = new Map<string, Glyph>([
  ['on', { colour: 'blue', shape: 'disc' }],
  ['off', { colour: 'grey', shape: 'ring' }],
  ['control', { colour: 'amber', shape: 'triangle' }],
])
const mostKnown = 1000
const encoder = new TextEncoder()

/** The sign of a treatment: the same for everybody, in every session, whatever arrives first. */
export function glyphOf(treatment: string): Glyph {
  const glyph = known.get(treatment)
  if (glyph) return glyph
  const hash = fnv1a32(treatment)
  const made: Glyph = {
    colour: glyphColours[hash % glyphColours.length] ?? 'teal',
    shape: glyphShapes[Math.floor(hash / glyphColours.length) % glyphShapes.length] ?? 'diamond',
  }
  if (known.size < mostKnown) known.set(treatment, made)
  return made
}

/** FNV-1a, 32 bits, over the UTF-8 bytes. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
