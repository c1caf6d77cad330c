import { expect, test } from 'vitest'
import { defaultLimits } from '../../domain/limits.ts'
import { authorized, bulk, clientKey, openDoor, post, productionRing, row, send, serverKey } from './ingest.fixture.ts'
import { type KeyHolder, openKeyRing } from './keys.ts'
import { Rates } from './rates.ts'

function holder(key: string): KeyHolder {
  const found = productionRing().find(key)
  if (!found) throw new Error('the fixture has no such key')
  return found
}

test('I18 posts above the rates of their key or address are 429 and say when to come back', async () => {
  let now = 0
  const limits = { serverKeyPostsPerSecond: 1, serverKeyPostsBurst: 2, clientAddressPostsBurst: 1, rateAddresses: 10 }
  const door = await openDoor({ limits, now: () => now })
  const statuses = async (count: number, body: string, key: string) => {
    const headers = { Authorization: `Bearer ${key}` }
    const replies = []
    for (let sent = 0; sent < count; sent++) replies.push(await send(door, bulk, body, { headers }))
    return replies.map(({ status, headers: { 'retry-after': after } }) => (after ? `${status} ${after}` : status))
  }
  expect(await statuses(3, '[]', serverKey)).toEqual([200, 200, '429 1'])
  expect(await statuses(2, '[]', clientKey)).toEqual([200, '429 1'])
  const beacon = JSON.stringify({ entries: [], token: clientKey })
  expect((await send(door, '/api/events/beacon', beacon, { headers: {} })).status).toBe(429)
  now += 1000
  expect(await statuses(2, '[]', serverKey)).toEqual([200, '429 1'])
})

test('a large post passes and the next wait until its impressions are paid; others of the key do not', async () => {
  let now = 0
  const door = await openDoor({ limits: { serverKeyImpressionsPerSecond: 10 }, now: () => now })
  const large = post('a', ...Array.from({ length: 55 }, () => row()))
  expect((await send(door, bulk, large)).status).toBe(200)
  const refused = await send(door, bulk, large)
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '5' } })
  expect((await send(door, '/api/events/bulk', '[]', { headers: authorized })).status).toBe(200)
  now += 5000
  expect((await send(door, bulk, large)).status).toBe(200)
})

test('an address that floods leaves its key to the others', () => {
  const rates = new Rates({ ...defaultLimits, clientKeyPostsPerSecond: 30 }, () => 0)
  const client = holder(clientKey)
  const passed = (address: string, tries: number) =>
    Array.from({ length: tries }, () => rates.post(client, 'events', address)).filter((waitS) => waitS === 0).length
  expect(passed('192.0.2.1', 1000)).toBe(20)
  expect(passed('192.0.2.2', 5)).toBe(5)
  expect(passed('192.0.2.3', 10)).toBe(5)
})

test('the longest unseen addresses are forgotten', () => {
  const limits = { ...defaultLimits, clientAddressPostsBurst: 1, rateAddresses: 2 }
  const rates = new Rates(limits, () => 0)
  const client = holder(clientKey)
  const waits = ['a', 'b', 'a', 'c', 'a', 'b'].map((address) => rates.post(client, 'events', address))
  expect(waits.map((waitS) => waitS === 0)).toEqual([true, true, false, true, false, true])
})

test('a clock that is set back gives nothing and takes nothing', () => {
  let now = 10_000
  const limits = { ...defaultLimits, serverKeyPostsPerSecond: 1, serverKeyPostsBurst: 1 }
  const rates = new Rates(limits, () => now)
  const server = holder(serverKey)
  const waits = [10_000, 0, 1000, 1500].map((at) => {
    now = at
    return rates.post(server, 'events', '')
  })
  expect(waits).toEqual([0, 1, 0, 1])
})

test('KY10 wrong keys of one address are 429 after some, and the right one from there passes all the same', async () => {
  let now = 0
  const door = await openDoor({ limits: { badKeysPerSecond: 2, badKeysBurst: 3 }, now: () => now })
  const tried = async (headers: Readonly<Record<string, string>>) => {
    const { status, headers: answered } = await send(door, bulk, post('a', row()), { headers })
    return answered['retry-after'] ? `${status} ${answered['retry-after']}` : status
  }
  const wrong = { Authorization: 'Bearer srv-wrong-key-that-nobody-has' }
  expect([await tried(wrong), await tried({}), await tried(wrong), await tried(wrong)]).toEqual([
    401,
    401,
    401,
    '429 1',
  ])
  for (let posts = 0; posts < 10; posts++) expect(await tried(authorized)).toBe(200)
  expect(await tried(wrong)).toBe('429 1')
  now += 500
  expect([await tried(wrong), await tried(wrong)]).toEqual([401, '429 1'])
  const beacon = JSON.stringify({ entries: [], token: 'srv-wrong-key-that-nobody-has' })
  expect((await send(door, '/api/events/beacon', beacon, { headers: {} })).status).toBe(429)
})

test('KY10 wrong keys are counted by address, of so many addresses', () => {
  const rates = new Rates({ ...defaultLimits, badKeysBurst: 1, rateAddresses: 2 }, () => 0)
  const waits = ['a', 'b', 'a', 'c', 'a', 'b'].map((address) => rates.wrongKey(address))
  expect(waits.map((waitS) => waitS === 0)).toEqual([true, true, false, true, false, true])
})

test('KY10 in open mode there are no wrong keys to count', async () => {
  const door = await openDoor({ keys: openKeyRing('open'), limits: { badKeysPerSecond: 1, badKeysBurst: 1 } })
  const short = { Authorization: 'Bearer short' }
  for (let posts = 0; posts < 5; posts++) {
    expect((await send(door, bulk, post('a', row()), { headers: short })).status).toBe(401)
  }
})
