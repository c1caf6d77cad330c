import { expect, test } from 'vitest'
import { until } from '../app.fixture.ts'
import { ask } from '../ask.fixture.ts'
import { brought, connect, connected, openDoors, postSession, proxy, token } from './doors.fixture.ts'

const host = { Host: 'flags.example.com' }
const tls = { ...host, 'X-Forwarded-Proto': 'https' }
const hosts = ['flags.example.com']

async function environmentsSeen(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await ask(url, '/api/impressions?q=env:prod', { headers })).status
}

test('AC11 a proxy signs people in from its address and with its secret, and groups give roles', async () => {
  const { url } = await openDoors({ proxy, hosts })
  expect(await environmentsSeen(url, { ...tls, ...brought('ann', 'engineers, others') })).toBe(200)
  const sam = await postSession(url, { headers: { ...tls, ...brought('sam', 'support') } })
  expect(JSON.parse(sam.answer.text)).toMatchObject({ person: { id: 'sam', name: 'sam' }, sees: true })
  const guest = await postSession(url, { headers: { ...tls, ...brought('guest', 'everybody') } })
  expect(JSON.parse(guest.answer.text)).toMatchObject({ person: { id: 'guest' }, sees: false })
  for (const path of ['/api/impressions', '/api/evidence']) {
    expect((await ask(url, path, { headers: { ...tls, ...brought('guest', 'everybody') } })).status).toBe(403)
  }
  expect(
    typeof (await connect(url, {
      headers: { ...tls, ...brought('guest', ''), Cookie: guest.cookie },
      ticket: guest.ticket,
    })),
  ).toBe('string')
})

test('AC11 its headers are worth nothing without the secret, from elsewhere, or twice', async () => {
  const { url } = await openDoors({ proxy, hosts })
  const { 'X-Flagtail-Secret': _, ...noSecret } = brought('ann', 'owners')
  expect(await environmentsSeen(url, { ...tls, ...noSecret })).toBe(401)
  expect(await environmentsSeen(url, { ...tls, ...noSecret, 'X-Flagtail-Secret': 'guessed' })).toBe(401)
  const far = await openDoors({ proxy: { ...proxy, addresses: ['10.0.0.0/8'] }, hosts })
  expect(await environmentsSeen(far.url, { ...tls, ...brought('ann', 'owners') })).toBe(401)
  const none = await openDoors({ hosts })
  expect(await environmentsSeen(none.url, { ...tls, ...brought('ann', 'owners') })).toBe(401)
  const doubled = { ...tls, ...brought('ann', 'owners'), 'X-Forwarded-User': ['ann', 'eve'] }
  const twice = await ask(url, '/api/impressions', { headers: doubled })
  expect(twice.status).toBe(401)
})

test('AC11 a session by the proxy is nothing without it, nor for anybody else whom it brings', async () => {
  const { url } = await openDoors({ proxy, hosts })
  const ann = await postSession(url, { headers: { ...tls, ...brought('ann', 'engineers') } })
  expect(await environmentsSeen(url, { ...tls, Cookie: ann.cookie })).toBe(401)
  const bob = { ...tls, ...brought('bob', 'everybody'), Cookie: ann.cookie }
  expect(JSON.parse((await postSession(url, { headers: bob })).answer.text).person.id).toBe('bob')
  const brings = { ...tls, ...brought('ann', 'engineers') }
  expect(await connect(url, { headers: brings })).toMatch(/no ticket/)
  expect(typeof (await connect(url, { headers: { ...brings, Cookie: ann.cookie }, ticket: ann.ticket }))).toBe('object')
})

test('AC12 under TLS the cookie is __Host- and Secure and browsers are told to keep to TLS; without it there is one on loopback only', async () => {
  const { url } = await openDoors({ proxy, hosts })
  const under = await postSession(url, { body: { token }, headers: tls })
  expect(under.answer.headers['set-cookie']?.join()).toMatch(
    /^__Host-flagtail=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  expect(under.answer.headers['strict-transport-security']).toBe('max-age=31536000')
  const plain = await postSession(url, { body: { token }, headers: host })
  expect([plain.answer.status, plain.answer.headers['set-cookie']]).toEqual([403, undefined])
  expect(plain.answer.text).toContain('over https only')
  expect(plain.answer.headers['strict-transport-security']).toBeUndefined()
  const far = await openDoors({ proxy: { addresses: ['10.0.0.0/8'] }, hosts })
  const claimed = await postSession(far.url, { body: { token }, headers: tls })
  expect([claimed.answer.status, claimed.answer.headers['strict-transport-security']]).toEqual([403, undefined])
})

test('AC9 what a proxy let in without a session is cut too when its person is signed out', async () => {
  const { url } = await openDoors({ proxy, hosts })
  const stream = await fetch(`${url}/api/tail`, { headers: brought('sam', 'engineers') })
  expect(stream.status).toBe(200)
  const ended = stream.text().catch(() => 'cut')
  const headers = { Authorization: `Bearer ${token}` }
  await ask(url, '/api/sign-out', { method: 'POST', headers, body: JSON.stringify({ person: 'sam' }) })
  expect(await ended).toBe('cut')
})

test('AC11 other groups at the proxy end what was opened under the old ones', async () => {
  const { url } = await openDoors({ proxy, hosts })
  const before = { ...tls, ...brought('sam', 'engineers') }
  const sam = await postSession(url, { headers: before })
  const socket = await connected(url, { headers: { ...before, Cookie: sam.cookie }, ticket: sam.ticket })
  const same = await postSession(url, { headers: { ...before, Cookie: sam.cookie } })
  expect([same.answer.status, socket.connected]).toEqual([200, true])
  const after = await postSession(url, { headers: { ...tls, ...brought('sam', 'support'), Cookie: same.cookie } })
  expect(after.answer.status).toBe(200)
  await until(() => socket.disconnected)
})
