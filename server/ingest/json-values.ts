import { backslash, comma, openBrace, openBracket, quote } from './json-signs.ts'

/**
 * Whether a body has more commas and opening brackets than this, outside of strings: as many values cost the parser
 * seconds and hundreds of times their bytes.
 */
export function hasMoreValues(bytes: Uint8Array, most: number): boolean {
  if (bytes.length <= most) return false
  let values = 0
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === comma || byte === openBrace || byte === openBracket) if (++values > most) return true
  }
  return false
}
