import { gzipSync } from 'node:zlib'
import type { Random } from './random.ts'

type Change = (body: Buffer, random: Random, other: Buffer) => Buffer

function put(body: Buffer, at: number, drop: number, text: string | Buffer): Buffer {
  return Buffer.concat([body.subarray(0, at), Buffer.from(text as string), body.subarray(at + drop)])
}

/** Where a run of such characters stands, anywhere in the body. */
function runOf(
  body: Buffer,
  run: RegExp,
  random: Random,
): { readonly at: number; readonly length: number } | undefined {
  const runs = [...body.toString('latin1').matchAll(run)]
  if (runs.length === 0) return undefined
  const { index, 0: text } = random.pick(runs)
  return { at: index, length: text.length }
}

const numbers = [
  ...['0', '-0', '-1', '1', '0.5', '1e3', '1e-7', '1e308', '1e999', '-1e999', '2147483648', '4294967296'],
  ...['9007199254740991', '9007199254740993', '99999999999999999999', '01', '1.', '.5', '0x10', 'NaN', 'null'],
]
const strings = [
  ...['""', '"__proto__"', '"constructor"', '"toString"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"\\n"'],
  ...['"\u00ed\u00a0\u0080"', '"\u00ff"', '"\u00c3\u00a9"', '"\u00e2\u0080\u00ae"', '"="', '"\'"', '"\\x"', '"\\u12"'],
  ...['null', 'true', '[]', '{}', '7', '"', `"${'x'.repeat(257)}"`, `"${'y'.repeat(1025)}"`],
]
const names = ['k', 't', 'm', 'f', 'i', 'r', 'b', 'c', 'pt', 'properties', 'et', 'entries', 'token', 'sdk', 'sim', 'pf']
const signs = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '\r\n', '\t', '\ufeff', '//', '{},', '[],', 'null,'],
  ...['"i":[],', '"\\u0069":[],', '"f":"x",', '"__proto__":{"f":"y"},', '"constructor":{"prototype":{"k":1}},'],
]

const changes: readonly Change[] = [
  (body, random) => {
    const changed = Buffer.from(body)
    for (let flips = 1 + random.below(4); flips > 0 && changed.length > 0; flips--) {
      const at = random.below(changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    }
    return changed
  },
  (body, random) => put(body, random.below(body.length + 1), random.below(2), Buffer.from([random.below(256)])),
  (body, random) => body.subarray(0, random.below(body.length + 1)),
  (body, random) => body.subarray(random.below(body.length + 1)),
  (body, random) => put(body, random.below(body.length + 1), random.below(20), ''),
  (body, random) => put(body, random.below(body.length + 1), random.below(3), random.pick(signs)),
  (body, random, other) =>
    Buffer.concat([body.subarray(0, random.below(body.length + 1)), other.subarray(random.below(other.length + 1))]),
  (body, random) => {
    const from = random.below(body.length + 1)
    const piece = body.subarray(from, from + 1 + random.below(200))
    return put(body, from, 0, Buffer.concat(Array.from({ length: 1 + random.below(30) }, () => piece)))
  },
  (body, random) => {
    const run = runOf(body, /\d+/g, random)
    return run ? put(body, run.at, run.length, random.pick(numbers)) : body
  },
  (body, random) => {
    const run = runOf(body, /"[^"\\]*"/g, random)
    return run ? put(body, run.at, run.length, random.pick(strings)) : body
  },
  (body, random) => {
    const run = runOf(body, /"[a-z]{1,10}"(?=:)/g, random)
    return run ? put(body, run.at, run.length, `"${random.pick(names)}"`) : body
  },
  (body, random) => {
    const run = runOf(body, /[[{]/g, random)
    const deep = 1 + random.below(random.chance(0.1) ? 20_000 : 12)
    return run ? put(body, run.at, 0, '['.repeat(deep)) : body
  },
  (body, random) => {
    const run = runOf(body, /:\d+/g, random)
    const deep = 1 + random.below(12)
    return run ? put(body, run.at + 1, run.length - 1, '['.repeat(deep) + ']'.repeat(deep)) : body
  },
  (body) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
  (body, random) =>
    Buffer.from(body.toString('latin1').replaceAll(',', random.pick([', ', ',\n', ' ,\r\n\t'])), 'latin1'),
]

/** A body changed in one of many ways. */
export function changedBody(body: Buffer, random: Random, other: Buffer): Buffer {
  return random.pick(changes)(body, random, other)
}

/** A body as somebody might have packed it, well or not. */
export function packedBody(body: Buffer, random: Random): Buffer {
  const packed = gzipSync(body)
  switch (random.below(6)) {
    case 0:
      return packed.subarray(0, random.below(packed.length + 1))
    case 1:
      return changedBody(packed, random, body)
    case 2:
      return Buffer.concat([packed, packed])
    case 3:
      return gzipSync(packed)
    default:
      return packed
  }
}
