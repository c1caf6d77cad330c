import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Limits } from '../../domain/limits.ts'
import { decoded } from './decode.fixture.ts'
import { authorized, bulk, clientKey, openDoor, post, row, send } from './ingest.fixture.ts'

const cases: readonly (readonly [keyof Limits, number, string, string])[] = [
  ['flagChars', 3, 'flag', post('long', row())],
  ['keyChars', 3, 'key', post('a', row({ k: 'long' }))],
  ['keyChars', 3, 'key', post('a', row({ k: 'abc', b: 'long' }))],
  ['treatmentChars', 3, 'treatment', post('a', row({ t: 'long' }))],
  ['labelChars', 3, 'label', post('a', row({ r: 'long' }))],
  ['propertiesBytes', 9, 'properties', post('a', row({ properties: '{"a":"bc"}' }))],
  ['rowBytes', 60, 'size', post('a', row({ extra: 'x'.repeat(60) }))],
  ['jsonDepth', 4, 'depth', post('a', row({ extra: [[]] }))],
]

test.each(cases)(
  'K14 an impression beyond `%s` is rejected by its reason, one at the limit is not (%i)',
  (name, most, reason, body) => {
    const { accepted, rejected } = decoded(body, { [name]: most })
    expect([accepted, [...rejected]]).toEqual([0, [[reason, 1]]])
    expect(decoded(body, { [name]: most * 10 }).accepted).toBe(1)
  },
)

test('K15 a gzipped body may inflate by `gzipRatio` beyond `gzipRatioFreeBytes`', async () => {
  const body = gzipSync(post('a', row()) + ' '.repeat(50_000))
  const headers = { ...authorized, 'Content-Encoding': 'gzip' }
  const strict = await openDoor({ limits: { gzipRatio: 10, gzipRatioFreeBytes: 1000 } })
  expect((await send(strict, bulk, body, { headers })).status).toBe(413)
  const generous = await openDoor({ limits: { gzipRatio: 1000, gzipRatioFreeBytes: 1000 } })
  expect((await send(generous, bulk, body, { headers })).status).toBe(200)
})

test('K16 one address posts `clientAddressPostsPerSecond` with a client key, however many that key may', async () => {
  let now = 0
  const limits = { clientAddressPostsBurst: 2, clientAddressPostsPerSecond: 2, clientKeyPostsPerSecond: 100 }
  const door = await openDoor({ limits, now: () => now })
  const statuses = async (count: number): Promise<number[]> => {
    const found: number[] = []
    for (let sent = 0; sent < count; sent++) {
      found.push((await send(door, bulk, '[]', { headers: { Authorization: `Bearer ${clientKey}` } })).status)
    }
    return found
  }
  expect(await statuses(3)).toEqual([200, 200, 429])
  now += 1000
  expect(await statuses(3)).toEqual([200, 200, 429])
})
