import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { shared } from './decode.fixture.ts'
import { decodeSplit } from './decode-split.ts'
import { post, row } from './ingest.fixture.ts'
import { parseJson } from './json-body.ts'
import { Packer } from './packer.ts'
import { packUsualPost } from './usual-post.ts'

const limits: Limits = { ...defaultLimits, batchImpressions: 7, batchBytes: 4096 }

/** What the pass over the bytes makes of a body; `undefined` when it leaves it to the parser. */
function usual(body: string | Buffer): { accepted: number; batches: unknown } | undefined {
  const packer = new Packer(shared, limits)
  const accepted = packUsualPost(Buffer.from(body), packer, limits)
  return accepted === undefined ? undefined : { accepted, batches: packer.finish() }
}

/** What the parser makes of it. */
function parsed(body: string | Buffer): { accepted: number; rejected: number; batches: unknown } | undefined {
  const json = parseJson(Buffer.from(body), limits)
  const decoded = json.ok ? decodeSplit(json.value, 'array', shared, limits) : json
  if (!decoded.ok) return undefined
  return { accepted: decoded.value.accepted, rejected: decoded.value.rejected.size, batches: decoded.value.batches }
}

/** Whatever the pass takes, the parser takes whole, and packs the same. */
function agree(body: string | Buffer): boolean {
  const fast = usual(body)
  if (!fast) return false
  expect(parsed(body)).toEqual({ ...fast, rejected: 0 })
  return true
}

const folder = new URL('./captures/', import.meta.url)
const captures = readdirSync(folder)
  .filter((name) => name.includes('testImpressions-bulk') && !name.includes('OPTIONS'))
  .map((name): string => JSON.parse(readFileSync(new URL(name, folder), 'utf8')).bodyText)

test('I21 what real SDKs post is decoded in one pass over its bytes, and comes out as the parser has it', () => {
  expect(captures.length).toBeGreaterThan(5)
  for (const body of captures) expect(agree(body)).toBe(true)
  const python = JSON.stringify([{ f: 'a', i: [row({ b: null, pt: null })] }])
    .replaceAll(':', ': ')
    .replaceAll(',', ', ')
  const go = post('a', row({ c: 0, r: '', pt: 0 }))
  for (const body of [python, go, '[]', post('a'), post('é😀', row({ r: 'plan in list ["x"]', k: '\\' }))])
    expect(agree(body)).toBe(true)
})

test('anything else is left to the parser', () => {
  const bodies = [
    '{}',
    '[1]',
    '[{"i":[],"f":"a"}]',
    '[{"f":"a","i":null}]',
    '[{"f":"","i":[]}]',
    post('a', row({ et: 1 })),
    post('a', row({ m: 0 })),
    post('a', row({ m: 1.5 })),
    post('a', row({ m: -1 })),
    post('a', row({ k: '' })),
    post('a', row({ k: 7 })),
    '[{"f":"a","i":[{"k":"x","t":"on","m":01}]}]',
    '[{"f":"a","i":[{"k":"x","k":"y","t":"on","m":1}]}]',
    '[{"f":"a","i":[{"k":"x","t":"on","m":1,}]}]',
    '[{"f":"a","i":[{"k":"\\x","t":"on","m":1}]}]',
    '[{"f":"a","i":[{"k":"x\n","t":"on","m":1}]}]',
    '[{"f":"a","i":[]}] x',
    '[{"f":"a","i":[]}',
    `[{"f":"${'a'.repeat(300)}","i":[]}]`,
  ]
  for (const body of bodies) expect([body, usual(body)]).toEqual([body, undefined])
  expect(usual(Buffer.from([0x5b, 0xff, 0x5d]))).toBeUndefined()
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('a', 'on', '', '"', '\\', 'é', '\ud83d\ude00'),
)
const number = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 1_795_514_523_829, 1e15, 1e21, -1, 0.5))
const anyRow = fc.record(
  {
    k: text,
    t: text,
    m: number,
    c: fc.option(number),
    r: fc.option(text),
    b: fc.option(text),
    pt: fc.option(number),
    properties: fc.option(text),
  },
  { requiredKeys: ['k', 't', 'm'] },
)
const anyPost = fc
  .array(fc.record({ f: text, i: fc.array(anyRow, { maxLength: 9 }) }), { maxLength: 4 })
  .map((groups) => JSON.stringify(groups))

test('whatever the pass takes, the parser takes whole and packs the same', () => {
  let taken = 0
  fc.assert(
    fc.property(anyPost, (body) => {
      if (agree(body)) taken++
    }),
    { numRuns: 1000 },
  )
  expect(taken).toBeGreaterThan(100)
})

test('and so it is with every byte of a real post changed, taken away or doubled', () => {
  const change = fc.record({
    at: fc.nat(),
    byte: fc.integer({ min: 0, max: 255 }),
    how: fc.constantFrom('set', 'cut', 'double'),
  })
  fc.assert(
    fc.property(fc.constantFrom(...captures), fc.array(change, { minLength: 1, maxLength: 3 }), (capture, changes) => {
      let body = Buffer.from(capture)
      for (const { at, byte, how } of changes) {
        const place = at % body.length
        if (how === 'set') body[place] = byte
        else if (how === 'cut') body = Buffer.concat([body.subarray(0, place), body.subarray(place + 1)])
        else body = Buffer.concat([body.subarray(0, place + 1), body.subarray(place)])
      }
      agree(body)
    }),
    { numRuns: 3000 },
  )
})
