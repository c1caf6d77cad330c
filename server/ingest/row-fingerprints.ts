import { hash } from 'node:crypto'
import type { Batch } from '../../domain/batch.ts'
import type { Fingerprint } from './fingerprints.ts'
import { lineFeed } from './json-signs.ts'

const separatorBytes = 2

/** Shows the fingerprint of each row of a batch, and the row's index: of its environment, its flag and its bytes. */
export function eachFingerprint({ header, rows }: Batch, see: (fingerprint: Fingerprint, index: number) => void): void {
  const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  for (const span of header.spans) {
    const flag = fingerprintOf(`${header.shared.environmentId} ${span.flag}`) // ids have no spaces
    let from = span.from
    for (let index = 0; index < span.impressions; index++) {
      const isLast = index === span.impressions - 1
      const to = isLast ? span.to : bytes.indexOf(lineFeed, from) + 1 - separatorBytes
      const row = fingerprintOf(bytes.subarray(from, to))
      see({ high: flag.high ^ row.high, low: flag.low ^ row.low }, span.firstRow + index)
      from = to + separatorBytes
    }
  }
}

/** SHA-1, not for secrecy: of what Node brings it is the fastest, and costs less than decoding the row did. */
function fingerprintOf(content: string | Uint8Array): Fingerprint {
  const digest = hash('sha1', content, 'binary') // a text of bytes is made three times faster than a buffer
  return { high: wordAt(digest, 0), low: wordAt(digest, 4) }
}

function wordAt(digest: string, at: number): number {
  return (
    digest.charCodeAt(at) |
    (digest.charCodeAt(at + 1) << 8) |
    (digest.charCodeAt(at + 2) << 16) |
    (digest.charCodeAt(at + 3) << 24)
  )
}
