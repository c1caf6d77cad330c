import { expect, test } from 'vitest'
import { ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { authorized, bulk, head, openDoor, post, row, send, until, Wire } from './ingest.fixture.ts'

test('I2 a path that is not ours is left alone, and a wrong method on ours is told the right ones', async () => {
  const door = await openDoor()
  for (const path of ['/', '/metrics', '/api/impressions', '/api/tail']) {
    expect((await send(door, path, '', { method: 'GET' })).status).toBe(418)
  }
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const reply = await send(door, bulk, '', { method, headers: {} })
    expect(reply).toMatchObject({
      status: 405,
      headers: { allow: 'POST, OPTIONS', 'access-control-allow-origin': '*' },
    })
  }
  const version = await send(door, '/api/version', '{}')
  expect(version).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } })
  expect(door.recorded.posts).toEqual([])
})

test('the version is told without a key, by GET and HEAD', async () => {
  const door = await openDoor()
  const reply = await send(door, '/api/version', '', { method: 'GET', headers: {} })
  expect(reply).toMatchObject({ status: 200, text: '{"version":"1.2.3"}' })
  const wire = new Wire(door.port)
  wire.write(head('HEAD', '/version', [['Connection', 'close']]))
  let received = ''
  wire.socket.on('data', (bytes) => {
    received += bytes
  })
  await wire.closed
  expect(received).toMatch(/^HTTP\/1.1 200 [\s\S]*Content-Length: 19\r\n[\s\S]*\r\n\r\n$/)
})

test('I3 browsers of any page may post: preflights need no key, and every answer says so', async () => {
  const door = await openDoor()
  const reply = await send(door, bulk, '', {
    method: 'OPTIONS',
    headers: { 'Access-Control-Request-Headers': 'authorization,x-my-own, splitsdkversion ,b@d,x-my-own,,' },
  })
  expect(reply).toMatchObject({
    status: 204,
    text: '',
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers':
        'Authorization, Content-Type, SplitSDKVersion, SplitSDKMachineIP, SplitSDKMachineName, SplitSDKImpressionsMode, X-Harness-FME-SDK-Version, x-my-own',
      'access-control-max-age': '7200',
      'access-control-allow-private-network': 'true',
    },
  })
  for (const answer of [await send(door, bulk, '[]'), await send(door, bulk, '', { headers: {} })]) {
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': 'application/json',
    })
  }
})

test('a preflight echoes no more than 32 names', async () => {
  const door = await openDoor()
  const names = Array.from({ length: 200 }, (_, index) => `x-${index}`)
  const headers = { 'Access-Control-Request-Headers': names.join(',') }
  const reply = await send(door, bulk, '', { method: 'OPTIONS', headers })
  expect(reply.headers['access-control-allow-headers']?.split(', ')).toHaveLength(7 + 32)
})

test('I19 on shutdown new posts get 503 and those in flight are answered first', async () => {
  let finish: (outcome: Result<void, BusFailure>) => void = () => {}
  const door = await openDoor({
    append: () =>
      new Promise((resolve) => {
        finish = resolve
      }),
  })
  const pending = send(door, bulk, post('a', row()))
  await until(() => door.recorded.appends.length === 1)
  let drained = false
  const draining = door.ingest.drain().then(() => {
    drained = true
  })
  const refused = await send(door, bulk, post('a', row()))
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5', connection: 'close' } })
  expect(drained).toBe(false)
  finish(ok(undefined))
  expect((await pending).status).toBe(200)
  await draining
})

test('draining an idle door is done at once', async () => {
  const door = await openDoor()
  await door.ingest.drain()
})

test('what breaks inside is a 500 that says nothing, and is reported', async () => {
  const broken = new Error('secret detail')
  const door = await openDoor({ append: () => Promise.reject(broken) })
  const reply = await send(door, bulk, post('a', row()))
  expect(reply).toMatchObject({ status: 500, text: '{"error":{"message":"internal error"}}' })
  expect(door.recorded.failures).toEqual([broken])
})

test('a connection takes one post after another', async () => {
  const door = await openDoor()
  const wire = new Wire(door.port)
  for (const flag of ['a', 'b', 'c']) {
    const body = post(flag, row())
    wire.write(head('POST', bulk, [...Object.entries(authorized), ['Content-Length', String(body.length)]]) + body)
    expect((await wire.reply()).status).toBe(200)
  }
  expect(door.recorded.impressions.map(({ flag }) => flag)).toEqual(['a', 'b', 'c'])
})
