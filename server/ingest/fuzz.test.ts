import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultOf } from '../../scripts/fuzz/behaviour.ts'
import { Corpus, recorded } from '../../scripts/fuzz/seeds.ts'
import { exchange } from '../../scripts/fuzz/wire.ts'
import { openTestApp } from '../app.fixture.ts'
import { authorized, clientKey, openDoor, send, serverKey, sha256 } from './ingest.fixture.ts'

const folder = new URL('./captures/', import.meta.url)
const posts: readonly { readonly path: string; readonly bodyText: string }[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.includes('OPTIONS'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))

test('whatever bytes are posted wherever, the answer is 2xx or 4xx and nothing breaks', async () => {
  const door = await openDoor()
  const edit = fc.tuple(fc.nat(4000), fc.integer({ min: 0, max: 255 }))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((json) => Buffer.from(json)),
    fc.tuple(fc.constantFrom(...posts), fc.array(edit, { maxLength: 3 })).map(([{ bodyText }, edits]) => {
      const body = Buffer.from(bodyText)
      for (const [at, byte] of edits) body[at % body.length] = byte
      return body
    }),
  )
  const coding = fc.constantFrom('', 'identity', 'gzip', 'gzipped')
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...posts), bytes, coding, async ({ path }, body, how) => {
      const sent = how === 'gzipped' ? gzipSync(body) : body
      const headers = { ...authorized, 'Content-Encoding': how.slice(0, 4) === 'gzip' ? 'gzip' : how }
      const { status } = await send(door, path, sent, { headers })
      expect(status >= 200 && status < 500 && Math.floor(status / 100) !== 3).toBe(true)
    }),
    { numRuns: 300 },
  )
  expect(door.recorded.failures).toEqual([])
})

test('HI1 whatever has shown a behaviour of its own in a fuzzing run is answered or hung up on, and breaks nothing', async () => {
  const sdkKeys = [
    { kind: 'server', sha256: sha256(serverKey) },
    { kind: 'client', sha256: sha256(clientKey) },
  ] as const
  const limits = { bodyMs: 500, headersMs: 500, clientAddressPostsBurst: 1000 }
  const app = await openTestApp({ environments: [{ id: 'prod', name: 'Production', sdkKeys }], limits })
  const port = Number(new URL(app.url).port)
  const inputs = [...recorded(), ...new Corpus(false).inputs]
  expect(inputs.length).toBeGreaterThan(100)
  const faults = await Promise.all(
    inputs.map(async (input) => {
      const outcome = await exchange(port, input)
      const fault = faultOf(input, outcome)
      return fault === undefined ? [] : [`${fault}: ${JSON.stringify(input.headers)} ${input.body.toString('latin1')}`]
    }),
  )
  expect(faults.flat()).toEqual([])
  expect(app.logged).toEqual([])
})
