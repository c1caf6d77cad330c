import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

export type KeyKind = 'server' | 'client'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 142 bits. */
const randomChars = 24
const checksumChars = 6

/** What a secret scanner looks for; the checksum tells a key from what only looks like one. */
export const madeKeyPattern = /^ftl_[sc]_[0-9A-Za-z]{24}_[0-9A-Za-z]{6}$/

/** A new key: `ftl_s_…` for servers, `ftl_c_…` for clients. */
export function makeKey(kind: KeyKind): string {
  const random = Array.from({ length: randomChars }, () => digits[randomInt(digits.length)]).join('')
  const body = `ftl_${kind === 'server' ? 's' : 'c'}_${random}`
  return `${body}_${checksumOf(body)}`
}

/** Whether a text is a key that was made here, or at least was typed with care. */
export function isMadeKey(text: string): boolean {
  const end = text.lastIndexOf('_')
  return madeKeyPattern.test(text) && checksumOf(text.slice(0, end)) === text.slice(end + 1)
}

/** All that is kept of a key. */
export function sha256Of(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** What people call a key by. */
export function keyIdOf(sha256: string): string {
  return sha256.slice(0, 8)
}

/** CRC-32 of what stands before it, in base 62. */
function checksumOf(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let place = 0; place < checksumChars; place++) {
    text = (digits[rest % digits.length] ?? '') + text
    rest = Math.floor(rest / digits.length)
  }
  return text
}
