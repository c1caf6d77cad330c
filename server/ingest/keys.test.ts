import { expect, test } from 'vitest'
import {
  authorized,
  bulk,
  clientKey,
  openDoor,
  post,
  productionRing,
  row,
  send,
  serverKey,
  sha256,
} from './ingest.fixture.ts'
import { ChangingKeyRing, keyOfHeader, openKeyRing } from './keys.ts'

const beacon = '/api/testImpressions/beacon'

test('I5 an unknown key is 401 before the body is read, and no answer repeats a key', async () => {
  const door = await openDoor()
  const wrong = 'srv-wrong-key-that-nobody-has'
  const tries = [
    await send(door, bulk, post('a', row()), { headers: { Authorization: `Bearer ${wrong}` } }),
    await send(door, bulk, post('a', row()), { headers: { Authorization: `Basic ${serverKey}` } }),
    await send(door, bulk, post('a', row()), { headers: {} }),
    await send(door, bulk, '', { headers: { Authorization: wrong, 'Content-Length': '1000000' } }),
    await send(door, beacon, JSON.stringify({ entries: [], token: wrong }), { headers: {} }),
    await send(door, beacon, JSON.stringify({ entries: [] }), { headers: {} }),
    await send(door, beacon, JSON.stringify({ entries: [] })),
    await send(door, beacon, '[]'),
  ]
  for (const reply of tries) {
    expect(reply).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': '*' } })
    expect(reply.text).toBe('{"error":{"message":"no environment has this SDK key"}}')
  }
  const broken = await send(door, beacon, `{"token":"${clientKey}","entries":[`, { headers: {} })
  expect(broken).toMatchObject({ status: 400, text: '{"error":{"message":"the body is not valid JSON"}}' })
  expect(door.recorded.appends).toEqual([])
})

test('a key is taken as Bearer, in any case, or bare; a beacon shows it in its body', async () => {
  const door = await openDoor()
  for (const Authorization of [`Bearer ${serverKey}`, `bearer ${serverKey}`, `BEARER   ${serverKey}`, serverKey]) {
    expect((await send(door, bulk, post('a', row()), { headers: { Authorization } })).status).toBe(200)
  }
  const body = JSON.stringify({ entries: [{ f: 'a', i: [row()] }], token: clientKey, sdk: 'js-1', sim: 'optimized' })
  expect((await send(door, beacon, body, { headers: { 'Content-Type': 'text/plain' } })).status).toBe(204)
  expect(door.recorded.impressions.map(({ verified }) => verified)).toEqual([true, true, true, true, false])
  expect(door.recorded.impressions.at(-1)).toMatchObject({ source: 'beacon', impressionsMode: 'OPTIMIZED', sdk: 'js' })
})

test.each([
  [undefined, undefined],
  ['', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  ['Basic abc', undefined],
  ['bearer abc', 'abc'],
  ['abc', 'abc'],
])('Authorization %j shows key %j', (header, key) => {
  expect(keyOfHeader(header)).toBe(key)
})

test('I6 in open mode any key of 8 characters posts to development, unverified and without rates', async () => {
  const limits = { serverKeyPostsPerSecond: 0, serverKeyPostsBurst: 0, clientAddressPostsBurst: 0 }
  const door = await openDoor({ keys: openKeyRing('open'), limits })
  const headers = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } })
  expect((await send(door, bulk, post('a', row()), headers('12345678'))).status).toBe(200)
  expect((await send(door, bulk, post('a', row()), headers('1234567'))).status).toBe(401)
  expect((await send(door, bulk, post('a', row()), headers('x'.repeat(1025)))).status).toBe(401)
  expect(door.recorded.impressions).toMatchObject([
    { environmentId: 'development', environmentName: 'development', verified: false },
  ])
})

test('a ring finds each key, and tells nothing of it', () => {
  const ring = productionRing()
  const server = ring.find(serverKey)
  expect(server).toMatchObject({ kind: 'server', verified: true })
  expect(server?.environment).toEqual({ id: 'prod', name: 'Production', trafficTypeName: 'user' })
  expect(server?.keyId).toMatch(/^[0-9a-f]{16}$/)
  expect(sha256(serverKey)).not.toContain(server?.keyId)
  expect(ring.find(clientKey)).toMatchObject({ kind: 'client', verified: false })
  expect(ring.find(clientKey)?.keyId).not.toBe(server?.keyId)
  for (const other of ['', serverKey.slice(1), `${serverKey} `, sha256(serverKey)]) {
    expect(ring.find(other)).toBeUndefined()
  }
})

test('a key may be given in capitals of hex, but neither twice nor as something else', () => {
  const ring = (...hexes: readonly string[]) =>
    openKeyRing({
      environments: hexes.map((hex, index) => ({
        id: `e${index}`,
        name: `e${index}`,
        sdkKeys: [{ kind: 'server', sha256: hex }],
      })),
    })
  expect(ring(sha256('some-key').toUpperCase()).find('some-key')?.environment.id).toBe('e0')
  expect(() => ring(sha256('some-key'), sha256('some-key'))).toThrow('a key of e1 is configured twice')
  expect(() => ring('some-key')).toThrow('a key of e0 is not a SHA-256 in hex')
})

test('the headers of a post say which SDK, machine and mode', async () => {
  const door = await openDoor()
  const tell = async (headers: Readonly<Record<string, string>>) => {
    await send(door, bulk, post('a', row()), { headers: { ...authorized, ...headers } })
    const { sdk, sdkVersion, machineName, machineIp, impressionsMode } = door.recorded.impressions.at(-1) ?? {}
    return [sdk, sdkVersion, machineName, machineIp, impressionsMode]
  }
  expect(
    await tell({
      SplitSDKVersion: 'go-11.0.0-rc.1',
      SplitSDKMachineName: 'vm-ü',
      SplitSDKMachineIP: '192.0.2.2',
      SplitSDKImpressionsMode: 'debug',
    }),
  ).toEqual(['go', '11.0.0-rc.1', expect.stringContaining('vm-'), '192.0.2.2', 'DEBUG'])
  expect(
    await tell({
      'X-Harness-FME-SDK-Version': 'nodejs',
      SplitSDKMachineName: 'NA',
      SplitSDKMachineIP: 'Unknown',
      SplitImpressionsMode: 'OPTIMIZED',
    }),
  ).toEqual(['nodejs', undefined, undefined, undefined, 'OPTIMIZED'])
  expect(
    await tell({ SplitSDKVersion: '', SplitSDKMachineName: 'x'.repeat(300), SplitSDKImpressionsMode: 'other' }),
  ).toEqual([undefined, undefined, 'x'.repeat(256), undefined, undefined])
})

test('KY9 a key that stays keeps its id when others come and go, and so its rates', () => {
  const environment = { id: 'prod', name: 'Production' }
  const keyed = (...keys: readonly string[]) => [
    { ...environment, sdkKeys: keys.map((key) => ({ kind: 'server' as const, sha256: sha256(key) })) },
  ]
  const ring = new ChangingKeyRing(keyed('stays', 'goes'))
  const before = ring.find('stays')
  ring.replace(keyed('comes', 'stays'))
  expect(ring.find('stays')).toEqual(before)
  expect(ring.find('goes')).toBeUndefined()
  expect(ring.find('comes')?.keyId).not.toBe(before?.keyId)
})

test('KY11 a key with origins is not for pages of others; who names no origin may post', async () => {
  const origins = ['https://shop.example', 'capacitor://localhost']
  const sdkKeys = [{ kind: 'client', sha256: sha256(clientKey), origins }] as const
  const door = await openDoor({ keys: openKeyRing({ environments: [{ id: 'prod', name: 'Production', sdkKeys }] }) })
  const from = async (Origin: string | undefined, key = clientKey) => {
    const headers = { Authorization: `Bearer ${key}`, ...(Origin !== undefined && { Origin }) }
    return (await send(door, bulk, post('a', row()), { headers })).status
  }
  expect(await from('https://shop.example')).toBe(200)
  expect(await from('capacitor://localhost')).toBe(200)
  expect(await from(undefined)).toBe(200)
  for (const other of [
    'https://shop.example.evil.test',
    'http://shop.example',
    'https://shop.example:444',
    'null',
    '',
  ]) {
    expect(await from(other), other).toBe(403)
  }
  expect(await from('https://evil.test', 'not-a-key-of-anybody')).toBe(401)
  const token = JSON.stringify({ entries: [{ f: 'a', i: [row()] }], token: clientKey })
  const beaconFrom = async (Origin: string) => (await send(door, beacon, token, { headers: { Origin } })).status
  expect([await beaconFrom('https://evil.test'), await beaconFrom('https://shop.example')]).toEqual([403, 204])
  const asked = { Origin: 'https://evil.test', 'Access-Control-Request-Method': 'POST' }
  expect((await send(door, bulk, '', { method: 'OPTIONS', headers: asked })).status).toBe(204)
  const refused = await send(door, bulk, '', { headers: { ...asked, Authorization: clientKey } })
  expect(refused.headers['access-control-allow-origin']).toBe('*')
  expect(refused.text).toBe('{"error":{"message":"this SDK key is not for pages of this origin"}}')
})
