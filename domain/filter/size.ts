/** Where the text passes this many bytes of UTF-8, in UTF-16 units; `undefined` when it fits. Reads no further than that. */
export function passesBytes(text: string, bytes: number): number | undefined {
  let used = 0
  for (let at = 0; at < text.length; ) {
    const codePoint = text.codePointAt(at) ?? 0
    used += utf8Bytes(codePoint)
    if (used > bytes) return at
    at += codePoint > 0xffff ? 2 : 1
  }
  return undefined
}

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint <= 0xffff ? 3 : 4 // half of a pair is written as U+FFFD: 3 as well
}
