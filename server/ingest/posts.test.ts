import { expect, test } from 'vitest'
import { failed, ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { bulk, clientKey, openDoor, post, row, send, until } from './ingest.fixture.ts'

test('I7 a post is answered 200 only once the log has all of its batches, handed over in one piece', async () => {
  let finish: (outcome: Result<void, BusFailure>) => void = () => {}
  const door = await openDoor({
    append: () =>
      new Promise((resolve) => {
        finish = resolve
      }),
  })
  const rows = Array.from({ length: 600 }, (_, index) => row({ k: `user-${index}` }))
  let answered = false
  const reply = send(door, bulk, post('a', ...rows, {}, { k: '' })).finally(() => {
    answered = true
  })
  await until(() => door.recorded.appends.length === 1)
  expect(door.recorded.appends[0]).toMatchObject({ environmentId: 'prod', batches: { length: 3 } })
  expect([answered, door.recorded.accepted]).toEqual([false, 0])
  finish(ok(undefined))
  expect(await reply).toMatchObject({ status: 200, text: '{"accepted":600,"rejected":2}' })
  expect(door.recorded).toMatchObject({ accepted: 600, rejections: [['key', 2]], appends: { length: 1 } })
})

test('a post of which nothing is accepted is answered without the log', async () => {
  const door = await openDoor({ append: () => Promise.reject(new Error('must not be called')) })
  expect(await send(door, bulk, post('a', {}))).toMatchObject({ status: 200, text: '{"accepted":0,"rejected":1}' })
  expect(await send(door, bulk, '[]')).toMatchObject({ status: 200, text: '{"accepted":0,"rejected":0}' })
})

test('I8 while the log is down a post is 503, at the latest 1.1 s after its last byte', async () => {
  const down = await openDoor({ append: async () => failed({ reason: 'down', message: 'no route to Redis' }) })
  const reply = await send(down, bulk, post('a', row()))
  expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '30' } })
  expect(reply.text).toBe('{"error":{"message":"the log is not available"}}')
  expect(down.recorded.accepted).toBe(0)

  const hung = await openDoor({ append: () => new Promise(() => {}) })
  const since = performance.now()
  const late = await send(hung, bulk, post('a', row()))
  expect(late).toMatchObject({ status: 503, headers: { 'retry-after': '30' } })
  expect(performance.now() - since).toBeGreaterThan(1000)
  expect(performance.now() - since).toBeLessThan(2000) // 1.1 s and what a busy machine adds
})

test('a log that breaks after its time was up is reported', async () => {
  let fail: (error: Error) => void = () => {}
  const door = await openDoor({
    append: () =>
      new Promise((_resolve, reject) => {
        fail = reject
      }),
  })
  expect((await send(door, bulk, post('a', row()))).status).toBe(503)
  fail(new Error('late'))
  await until(() => door.recorded.failures.length === 1)
})

test('a refusal says where the fault is', async () => {
  const door = await openDoor()
  expect(await send(door, bulk, '[{"f":"a","i":7}]')).toMatchObject({
    status: 400,
    text: '{"error":{"message":"the impressions of a group come as an array","field":"[0].i"}}',
  })
  const beacon = JSON.stringify({ token: clientKey, entries: {} })
  expect(await send(door, '/testImpressions/beacon', beacon, { headers: {} })).toMatchObject({
    status: 400,
    text: '{"error":{"message":"impressions come as an array of flags","field":"entries"}}',
  })
})

const others: readonly [path: string, body: unknown, kind: string, entries: number][] = [
  ['testImpressions/count', { pf: [{ f: 'a', m: 1, rc: 2 }] }, 'counts', 1],
  ['testImpressions/count', { pf: null }, 'counts', 0],
  ['events/bulk', [{}, {}], 'events', 2],
  ['keys/ss', { keys: [{ f: 'a', ks: ['b'] }] }, 'keys', 1],
  ['v1/keys/cs', { keys: [] }, 'keys', 0],
  ['v1/metrics/config', { oM: 0 }, 'config', 1],
  ['metrics/usage', {}, 'usage', 1],
  ['metrics/times', [{}, {}, {}], 'legacy', 3],
  ['metrics/counter', {}, 'legacy', 1],
]

test.each(others)('%s takes %j', async (path, body, kind, entries) => {
  const door = await openDoor()
  expect(await send(door, `/api/${path}`, JSON.stringify(body))).toMatchObject({ status: 200, text: '{}' })
  expect(door.recorded.entries).toEqual([{ kind, entries }])
})

test.each([
  ['testImpressions/count/beacon', { pf: [{ f: 'a', m: 1, rc: 2 }] }, 'counts', 1],
  ['events/beacon', [{}, {}], 'events', 2],
  ['v1/keys/cs/beacon', { keys: [{ k: 'a', fs: ['b'] }] }, 'keys', 1],
  ['v1/metrics/usage/beacon', {}, 'usage', 1],
])('%s takes %j', async (path, body, kind, entries) => {
  const door = await openDoor()
  const beacon = JSON.stringify({ entries: body, token: clientKey, sdk: 'browserjs-1.7.1' })
  expect(await send(door, `/api/${path}`, beacon, { headers: {} })).toMatchObject({ status: 204, text: '' })
  expect(door.recorded.entries).toEqual([{ kind, entries }])
})

test.each([
  ['testImpressions/count', '[]', undefined],
  ['testImpressions/count', '{}', 'pf'],
  ['events/bulk', '{}', undefined],
  ['v1/keys/ss', '{"keys":7}', 'keys'],
  ['metrics/config', '[]', undefined],
  ['metrics/usage', 'null', undefined],
  ['metrics/gauge', '7', undefined],
  ['events/bulk', '', undefined],
])('%s refuses %j', async (path, body, field) => {
  const door = await openDoor()
  const reply = await send(door, `/api/${path}`, body)
  expect(reply.status).toBe(400)
  expect(JSON.parse(reply.text).error.field).toBe(field)
})

test('in a beacon of counts the field is named from the top', async () => {
  const door = await openDoor()
  const body = JSON.stringify({ entries: { pf: 1 }, token: clientKey })
  const reply = await send(door, '/api/testImpressions/count/beacon', body, { headers: {} })
  expect(JSON.parse(reply.text).error.field).toBe('entries.pf')
})
