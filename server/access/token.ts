import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, as they may stand in a URL's fragment. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares in constant time, whatever the lengths; nothing is the same as a token that is not there. */
export function isSame(shown: string, wanted: string | undefined): boolean {
  return wanted !== undefined && timingSafeEqual(digestOf(shown), digestOf(wanted))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
