/** At most so many bytes does a text take as a JSON string in UTF-8; exact for plain text. */
export function jsonBytes(text: string): number {
  let bytes = 2
  for (let at = 0; at < text.length; at++) bytes += charBytes(text.charCodeAt(at))
  return bytes
}

function charBytes(code: number): number {
  if (code === 0x22 || code === 0x5c) return 2
  if (code < 0x20) return 6
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code >= 0xd800 && code <= 0xdfff ? 6 : 3 // a lone surrogate is written as \udddd
}
