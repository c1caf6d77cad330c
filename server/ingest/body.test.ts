import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { authorized, bulk, head, openDoor, post, row, send, type TestDoor, until, Wire } from './ingest.fixture.ts'

const mib = 1024 * 1024

function begin(door: TestDoor, headers: Readonly<Record<string, string>>): Wire {
  const wire = new Wire(door.port)
  wire.write(head('POST', bulk, Object.entries({ ...authorized, ...headers })))
  return wire
}

test('I15 a body is refused when too large (413), too slow (408) or not UTF-8 (400)', async () => {
  const door = await openDoor({ limits: { bodyMs: 50, bodyBytes: 1000 } })
  const declared = begin(door, { 'Content-Length': '1001' })
  expect(await declared.reply()).toMatchObject({ status: 413, headers: { connection: 'close' } })
  await declared.closed

  const chunked = begin(door, { 'Transfer-Encoding': 'chunked' })
  chunked.write(`3e8\r\n${' '.repeat(1000)}\r\n1\r\n \r\n`)
  expect(await chunked.reply()).toMatchObject({ status: 413, headers: { connection: 'close' } })

  const slow = begin(door, { 'Content-Length': '1000' })
  slow.write('[')
  expect(await slow.reply()).toMatchObject({ status: 408, headers: { connection: 'close' } })
  await slow.closed

  const invalid = Buffer.from('[{"f":"\xff"}]', 'latin1')
  expect(await send(door, bulk, invalid)).toMatchObject({ status: 400 })
  expect(door.recorded.posts.map(({ status }) => status)).toEqual([413, 413, 408, 400])
})

test('a sender who reads no answer before the whole body is written still gets it', async () => {
  const door = await openDoor()
  const wire = begin(door, { 'Content-Length': String(40 * mib) })
  wire.socket.pause()
  await new Promise<void>((resolve) => wire.socket.write(Buffer.alloc(40 * mib, ' '), () => resolve()))
  wire.socket.resume()
  expect(await wire.reply()).toMatchObject({ status: 413, headers: { connection: 'close' } })
})

test('a refused body that has come whole ends the connection at once', async () => {
  const door = await openDoor()
  const wire = new Wire(door.port)
  const since = performance.now()
  wire.write(`${head('POST', bulk, [['Content-Length', '2']])}[]`)
  expect((await wire.reply()).status).toBe(401)
  await wire.closed
  expect(performance.now() - since).toBeLessThan(900)
})

test('a body of exactly 16 MiB is taken, one byte more is not', async () => {
  const door = await openDoor()
  const body = Buffer.alloc(16 * mib, ' ')
  body.write(post('a', row()))
  expect((await send(door, bulk, body)).text).toBe('{"accepted":1,"rejected":0}')
  expect((await send(door, bulk, Buffer.alloc(16 * mib + 1, ' '))).status).toBe(413)
})

test('65,000 impressions in one post, as a real SDK sent them', async () => {
  const door = await openDoor()
  const rows = Array.from({ length: 65_000 }, (_, index) => row({ k: `user-${index}`, r: 'default rule' }))
  expect((await send(door, bulk, post('a', ...rows))).text).toBe('{"accepted":65000,"rejected":0}')
  expect(door.recorded.impressions.map(({ key }) => key)).toEqual(rows.map(({ k }) => k))
})

test('a body comes in pieces of any size', async () => {
  const door = await openDoor()
  const body = Buffer.from(post('a', row({ k: 'alïce 😀' })))
  const wire = begin(door, { 'Transfer-Encoding': 'chunked' })
  for (const byte of body) wire.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]))
  wire.write('0\r\n\r\n')
  expect((await wire.reply()).status).toBe(200)
  expect(door.recorded.impressions).toMatchObject([{ key: 'alïce 😀' }])
})

test('a length that is too short cuts the body; one that is too long waits in vain', async () => {
  const door = await openDoor({ limits: { bodyMs: 50 } })
  const body = post('a', row())
  const short = begin(door, { 'Content-Length': String(body.length - 1) })
  short.write(body)
  expect((await short.reply()).status).toBe(400)
  const long = begin(door, { 'Content-Length': String(body.length + 1) })
  long.write(body)
  expect((await long.reply()).status).toBe(408)
})

test('I16 gzip is inflated, bombs are cut (413), broken gzip is 400 and any other encoding 415', async () => {
  const door = await openDoor()
  const sendCoded = (body: Uint8Array, coding: string) =>
    send(door, bulk, body, { headers: { ...authorized, 'Content-Encoding': coding } })
  const plain = Buffer.from(post('a', row()))
  for (const coding of ['gzip', 'GZIP', 'x-gzip', ' gzip ']) {
    expect((await sendCoded(gzipSync(plain), coding)).text).toBe('{"accepted":1,"rejected":0}')
  }
  expect((await sendCoded(plain, 'identity')).status).toBe(200)
  expect((await sendCoded(gzipSync(Buffer.alloc(2 * mib, ' ')), 'gzip')).text).toContain('inflates more than 100 : 1')
  for (const broken of [plain, gzipSync(plain).subarray(0, -9), Buffer.alloc(0)]) {
    expect((await sendCoded(broken, 'gzip')).status).toBe(400)
  }
  for (const coding of ['br', 'deflate', 'gzip, gzip', 'zstd', 'identity, gzip']) {
    expect(await sendCoded(brotliCompressSync(plain), coding)).toMatchObject({ status: 415 })
  }
})

test('gzip is bounded as received and as inflated, and may exceed 100 : 1 while small', async () => {
  const limits = { gzipBodyBytes: 3000, inflatedBodyBytes: 200_000, gzipRatioFreeBytes: 150_000 }
  const door = await openDoor({ limits })
  const headers = { ...authorized, 'Content-Encoding': 'gzip' }
  const spaces = (bytes: number) => gzipSync(post('a', row()) + ' '.repeat(bytes))
  expect((await send(door, bulk, spaces(140_000), { headers })).status).toBe(200)
  expect((await send(door, bulk, spaces(160_000), { headers })).status).toBe(413)
  expect((await send(door, bulk, Buffer.alloc(3001), { headers })).status).toBe(413)
  const sparse = Array.from({ length: 2500 }, (_, index) => row({ k: `${index}`, x: ' '.repeat(80) }))
  const inflated = gzipSync(post('a', ...sparse), { level: 9 })
  const roomy = await openDoor({ limits: { inflatedBodyBytes: 200_000 } })
  const reply = await send(roomy, bulk, inflated, { headers })
  expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('larger than 200000 bytes') })
  const chunked = begin(door, { 'Content-Encoding': 'gzip', 'Transfer-Encoding': 'chunked' })
  chunked.write('bb9\r\n')
  chunked.write(Buffer.concat([gzipSync('[]'), Buffer.alloc(3001 - gzipSync('[]').length), Buffer.from('\r\n')]))
  expect((await chunked.reply()).status).toBe(413)
})

test('a gzipped body in many pieces', async () => {
  const door = await openDoor()
  const rows = Array.from({ length: 20_000 }, (_, index) =>
    row({ k: `user-${index}`, m: 1795514523829 + index * 7919 }),
  )
  const body = gzipSync(post('a', ...rows), { level: 1 })
  const wire = begin(door, { 'Content-Encoding': 'gzip', 'Content-Length': String(body.length) })
  for (let at = 0; at < body.length; at += 1000) wire.write(body.subarray(at, at + 1000))
  expect((await wire.reply()).text).toBe('{"accepted":20000,"rejected":0}')
})

test('I17 too many posts or bytes at once are 503, and a sender who hangs up gives back what he had', async () => {
  const door = await openDoor({ limits: { inFlightPosts: 2, inFlightBytes: 100_000 } })
  const large = begin(door, { 'Content-Length': '90000' })
  large.write(' '.repeat(80_000))
  const second = begin(door, { 'Content-Length': '60000' })
  second.write(' ')
  expect(await second.reply()).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  const third = begin(door, { 'Content-Length': '60' })
  const fourth = begin(door, { 'Content-Length': '60' })
  const refused = await Promise.race([third.reply(), fourth.reply()])
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  for (const wire of [large, second, third, fourth]) wire.socket.destroy()
  await until(() => door.recorded.posts.filter(({ status }) => status === 499).length === 2)
  expect((await send(door, bulk, post('a', row()) + ' '.repeat(90_000))).status).toBe(200)
})

test('I27 beacons, whose key is known once they are read, leave room for posts, and have less time', async () => {
  const door = await openDoor({ limits: { inFlightPosts: 4, inFlightBeacons: 2, beaconMs: 500 } })
  const slow = [1, 2].map(() => {
    const wire = new Wire(door.port)
    wire.write(head('POST', '/api/testImpressions/beacon', [['Content-Length', '60']]))
    wire.write(' ')
    return wire
  })
  const beacon = async () => (await send(door, '/api/testImpressions/beacon', '{}')).status
  for (let status = 0; status !== 503; ) status = await beacon() // both slow ones are there once it is full
  expect((await send(door, bulk, post('a', row()))).status).toBe(200)
  for (const wire of slow) expect((await wire.reply()).status).toBe(408)
})

test('a sender who hangs up while the log is asked breaks nothing', async () => {
  let finish = () => {}
  const door = await openDoor({
    append: () =>
      new Promise((resolve) => {
        finish = () => resolve({ ok: true, value: undefined })
      }),
  })
  const body = post('a', row())
  const wire = begin(door, { 'Content-Length': String(body.length) })
  wire.write(body)
  await until(() => door.recorded.appends.length === 1)
  wire.socket.resetAndDestroy()
  await wire.closed
  const drained = door.ingest.drain()
  finish()
  await drained
  expect(door.recorded).toMatchObject({ failures: [], accepted: 1 })
})
