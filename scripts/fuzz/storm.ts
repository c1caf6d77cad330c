import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Input } from './input.ts'
import type { Random } from './random.ts'
import { stormKey } from './server.ts'

const mib = 1024 * 1024

function bulk(body: Buffer, more: readonly (readonly [string, string])[] = []): Input {
  return {
    method: 'POST',
    target: '/api/testImpressions/bulk',
    version: 'HTTP/1.1',
    headers: [['Host', '127.0.0.1'], ['Authorization', `Bearer ${stormKey}`], ...more],
    body,
    framing: 'length',
    delivery: { how: 'whole' },
  }
}

function packed(body: Buffer): Input {
  return bulk(gzipSync(body, { level: 9 }), [['Content-Encoding', 'gzip']])
}

function filled(text: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, text)
}

function ofNames(count: number, from: number): Buffer {
  const names = Array.from({ length: count }, (_, index) => `"${(from + index).toString(36)}":1`)
  return Buffer.from(`[{"f":"a","i":[{${names.join(',')}}]}]`)
}

function ofRows(count: number, row: (index: number) => object): Buffer {
  return Buffer.from(JSON.stringify([{ f: 'storm', i: Array.from({ length: count }, (_, index) => row(index)) }]))
}

const plainRow = { k: 'user', t: 'on', m: 1_795_514_523_829 }

/** What costs a server most, by what it is. */
const bombs: Readonly<Record<string, (random: Random) => Input>> = {
  'gzip of 64 MiB of spaces': () => packed(filled(' ', 64 * mib)),
  'gzip of 16 MiB of empty objects': () => packed(filled('{},', 16 * mib)),
  '16 MiB of empty objects': () => bulk(filled('{},', 16 * mib)),
  '16 MiB of brackets': () => bulk(filled('[', 16 * mib)),
  '1.4 M brackets': () => bulk(filled('[', 1_400_000)),
  '16 MiB of quotes': () => bulk(filled('"', 16 * mib)),
  '16 MiB of backslashes in a string': () => bulk(Buffer.concat([Buffer.from('["'), filled('\\', 15 * mib)])),
  'one string of 15 MiB': () => bulk(ofRows(1, () => ({ ...plainRow, k: 'k'.repeat(15 * mib) }))),
  'one string of 3 MiB of escapes': () => bulk(Buffer.from(`[{"f":"${'\\u0061'.repeat(mib / 2)}","i":[]}]`)),
  '400,000 names': (random) => bulk(ofNames(400_000, random.below(1e9))),
  '1.4 M names': (random) => bulk(ofNames(1_400_000, random.below(1e9))),
  '100,000 rows': () => bulk(ofRows(100_000, (index) => ({ ...plainRow, k: `user-${index}` }))),
  '100,001 rows': () => bulk(ofRows(100_001, (index) => ({ ...plainRow, k: `user-${index}` }))),
  '40,000 rows that are none': () => bulk(ofRows(40_000, () => ({ k: 7 }))),
  '65,000 rows with an unknown field': () => bulk(ofRows(65_000, (index) => ({ ...plainRow, x: index }))),
  'rows of 48 KiB': () => bulk(ofRows(300, () => ({ ...plainRow, properties: 'p'.repeat(30 * 1024) }))),
  'a beacon of 16 MiB': () => ({ ...bulk(filled(' ', 16 * mib)), target: '/api/testImpressions/beacon' }),
  '1 M events': () => ({ ...bulk(filled('{},', 3 * mib)), target: '/api/events/bulk' }),
}

export const bombNames = Object.keys(bombs)

const made = new Map<string, Input>()

/** Made once: that takes this process so long that it would measure itself. */
export function bombOf(name: string, random: Random): Input {
  const bomb = made.get(name) ?? bombs[name]?.(random)
  if (!bomb) throw new Error(`no such bomb: ${name}`)
  made.set(name, bomb)
  return bomb
}

const freshFlags = 1000

/** A post of flags and keys that nobody saw before. */
export function freshPost(round: number): Input {
  const groups = Array.from({ length: freshFlags }, (_, index) => {
    const number = round * freshFlags + index
    return {
      f: `fresh-flag-${number}`,
      i: [{ ...plainRow, k: `fresh-key-${number}`, t: `t-${number}`, r: `l-${number}` }],
    }
  })
  return bulk(Buffer.from(JSON.stringify(groups)))
}

export const freshPerPost = freshFlags

/** Keeps one connection open as long as the server lets it, a byte at a time; resolves when it is hung up on. */
export function slowLoris(port: number, random: Random): Promise<void> {
  const head = `POST /api/testImpressions/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${stormKey}\r\n`
  const text = random.chance(0.5)
    ? `${head}X-Slow: ${'z'.repeat(9000)}`
    : `${head}Content-Length: 9000\r\n\r\n${' '.repeat(9000)}`
  const sentAtOnce = random.chance(0.5) ? 10 : head.length + 24
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let at = sentAtOnce
    socket.write(text.slice(0, sentAtOnce))
    const drip = setInterval(() => void socket.write(text.slice(at, ++at)), 100)
    socket.resume()
    socket.on('error', () => {}) // the close behind it is what counts
    socket.once('close', () => {
      clearInterval(drip)
      resolve()
    })
  })
}
