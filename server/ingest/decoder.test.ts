import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { columnsOf } from '../bus/packed.ts'
import { shared } from './decode.fixture.ts'
import { countEntries, decodePost } from './decode-post.ts'
import type { Decoded } from './decode-split.ts'
import { DecodeThread } from './decode-thread.ts'
import { Decoder } from './decoder.ts'
import type { Body } from './gathered.ts'
import { authorized, bulk, clientKey, openDoor, post, row, send } from './ingest.fixture.ts'

const folder = new URL('./captures/', import.meta.url)
const captured: readonly Buffer[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name.includes('testImpressions-bulk') && !name.includes('OPTIONS'))
  .map((name) => Buffer.from(JSON.parse(readFileSync(new URL(name, folder), 'utf8')).bodyText))
const mib = 1024 * 1024

function opened(limits: Partial<Limits> = {}) {
  const failures: unknown[] = []
  const decoder = new Decoder({ ...defaultLimits, ...limits }, (error) => failures.push(error))
  onTestFinished(() => decoder.close())
  return { decoder, failures }
}

/** A body as it comes in pieces of so many bytes. */
function inPieces(bytes: Uint8Array, pieceBytes = 64 * 1024): Body {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) => {
    const piece = bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes)
    const own = Buffer.allocUnsafeSlow(piece.length)
    own.set(piece)
    return own
  })
  return { pieces, length: bytes.length, isOwn: true }
}

/** All that can be seen of what was decoded. */
function plain({ batches, accepted, rejected }: Decoded): unknown {
  const seen = batches.map(({ header, rows }) => {
    const { shared, impressions, retries, spans } = header
    return {
      shared,
      impressions,
      retries,
      spans,
      columns: columnsOf(header),
      rows: Buffer.from(rows).toString('latin1'),
    }
  })
  return { accepted, rejected: [...rejected], seen }
}

const text = fc.oneof(fc.constantFrom('', 'a', '\ud800', '__proto__', 'é', '😀'), fc.string({ maxLength: 12 }))
const anyRow = fc.record(
  { k: text, t: text, m: fc.integer({ min: -1 }), r: text, x: fc.jsonValue() },
  { requiredKeys: ['k'] },
)
const anyPost = fc.array(fc.record({ f: text, i: fc.array(anyRow, { maxLength: 40 }) }), { maxLength: 8 })
const changed = fc
  .tuple(fc.constantFrom(...captured), fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 3 }))
  .map(([capture, edits]) => {
    const bytes = Buffer.from(capture)
    for (const [at, byte] of edits) bytes[at % bytes.length] = byte
    return bytes
  })
const bodies = fc.oneof(
  anyPost.map((groups) => Buffer.from(JSON.stringify(groups))),
  changed,
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
)

test('I22 what comes of a body is the same to the byte, whichever thread reads it', async () => {
  const limits = { ...defaultLimits, batchImpressions: 5, batchBytes: 4096 }
  const { decoder, failures } = opened({ ...limits, offThreadBytes: 0, parsedHereBytes: -1 })
  await fc.assert(
    fc.asyncProperty(bodies, fc.integer({ min: 1, max: 500 }), async (bytes, pieceBytes) => {
      const there = await decoder.impressions(inPieces(bytes, pieceBytes), shared)
      const here = decodePost(bytes, shared, limits)
      expect(there.ok ? plain(there.value) : there).toEqual(here.ok ? plain(here.value) : here)
      const entries = await decoder.entries(inPieces(bytes, pieceBytes), 'events')
      expect(entries).toEqual(countEntries(bytes, 'events', limits))
    }),
    { numRuns: 500 },
  )
  expect(failures).toEqual([])
})

test('I22 a large post comes out the same, and its strings are there once for each of some batches', async () => {
  const { decoder } = opened()
  const rows = Array.from({ length: 20_000 }, (_, index) => row({ k: `user-${index}`, r: `in list ${index % 7}` }))
  const bytes = Buffer.from(post('checkout', ...rows))
  expect(bytes.length).toBeGreaterThan(mib)
  const there = await decoder.impressions(inPieces(bytes), shared)
  const here = decodePost(bytes, shared, defaultLimits)
  if (!there.ok || !here.ok) throw new Error('refused')
  expect(plain(there.value)).toEqual(plain(here.value))
  expect(there.value.batches.length).toBeGreaterThan(64)
})

test('I22 a large post of another kind is counted', async () => {
  const door = await openDoor()
  const events = JSON.stringify(
    Array.from({ length: 9000 }, (_, index) => ({ key: `user-${index}`, eventTypeId: 'x' })),
  )
  expect((await send(door, '/api/events/bulk', events)).text).toBe('{}')
  expect((await send(door, '/api/events/bulk', `{${events.slice(1)}`)).status).toBe(400)
  expect(door.recorded).toMatchObject({ entries: [{ kind: 'events', entries: 9000 }], failures: [] })
})

/** Of so many names in one row: what costs the parser most. */
function ofNames(count: number): string {
  return `[{"f":"a","i":[{${Array.from({ length: count }, (_, index) => `"${index.toString(36)}":1`).join(',')}}]}]`
}

test('I23 what is not read in time is 503, what waits as long for it too, and the next is read', async () => {
  const door = await openDoor({ limits: { offThreadMs: 500 } })
  const large = post('a', ...Array.from({ length: 3000 }, (_, index) => row({ k: `user-${index}`, extra: index })))
  await send(door, bulk, large) // the thread is there
  const [slow, waits] = await Promise.all([send(door, bulk, ofNames(900_000)), send(door, bulk, ofNames(900_000))])
  expect(slow).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^[15]$/) } })
  expect(waits).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^[15]$/) } })
  expect([slow.text, waits.text].some((answer) => answer.includes('in time'))).toBe(true)
  while ((await send(door, bulk, large)).status !== 200) expect(door.recorded.failures).toEqual([]) // the parser is done
  expect((await send(door, bulk, post('a', row()))).status).toBe(200)
})

test('I23 a thread that ends leaves its post to come again, and the next job has another', async () => {
  const thread = new DecodeThread(defaultLimits, () => {})
  onTestFinished(() => thread.end())
  const job = () => ({ of: 'events', body: [new Uint8Array(Buffer.from('[1,2]'))] }) as const
  const first = thread.run(job())
  thread.end()
  expect(await first).toMatchObject({ ok: false, error: { status: 503, headers: { 'Retry-After': '5' } } })
  expect(await thread.run(job())).toEqual({ ok: true, value: 2 })
})

test('a closed decoder has no thread left, and whoever waits is told to come again', async () => {
  const { decoder } = opened({ offThreadBytes: 0, parsedHereBytes: -1 })
  const body = Buffer.from(ofNames(200_000))
  const both = [decoder.entries(inPieces(body), 'events'), decoder.entries(inPieces(body), 'events')]
  await decoder.close()
  for (const one of await Promise.all(both)) expect(one).toMatchObject({ ok: false, error: { status: 503 } })
})

test('a thread without work ends, and starts again when there is some', async () => {
  const { decoder, failures } = opened({ parsedHereBytes: -1, offThreadIdleMs: 1 })
  for (let round = 0; round < 3; round++) {
    expect(await decoder.entries(inPieces(Buffer.from('[1,2,3]')), 'events')).toEqual({ ok: true, value: 3 })
    await new Promise((resolve) => setTimeout(resolve, 5)) // idle
  }
  expect(failures).toEqual([])
})

test('I25 a body of more values than `jsonValues` is not parsed, one of as many is', async () => {
  const door = await openDoor({ limits: { jsonValues: 1000 } })
  const values = (count: number) => `[{"f":"a","i":[],"x":[${'0,'.repeat(count - 6)}0]}]`
  expect((await send(door, bulk, values(1000))).text).toBe('{"accepted":0,"rejected":0}')
  expect(await send(door, bulk, values(1001))).toMatchObject({
    status: 413,
    text: '{"error":{"message":"the body has more than 1000 values"}}',
  })
  const inStrings = `[{"f":"a","i":[],"x":"${',[{\\"'.repeat(2000)}"}]`
  expect((await send(door, bulk, inStrings)).status).toBe(200)
  expect((await send(door, '/api/events/bulk', `[${'0,'.repeat(1000)}0]`)).status).toBe(413)
})

test('I26 a beacon larger than `beaconBytes` is 413', async () => {
  const door = await openDoor({ limits: { beaconBytes: 2000 } })
  const beacon = (length: number) => JSON.stringify({ token: clientKey, entries: [] }).padEnd(length)
  const path = '/api/testImpressions/beacon'
  expect((await send(door, path, beacon(2000), { headers: {} })).status).toBe(204)
  expect((await send(door, path, beacon(2001), { headers: {} })).status).toBe(413)
  expect((await send(door, bulk, '[]'.padEnd(2001), { headers: authorized })).status).toBe(200)
})
