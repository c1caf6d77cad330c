import { expect, test } from 'vitest'
import { until } from '../app.fixture.ts'
import { ask, socketPath, statusOf, upgrade } from '../ask.fixture.ts'
import { givenRedis } from '../bus/redis/redis.fixture.ts'
import {
  brought,
  connect,
  connected,
  grants,
  openDoors,
  postSession,
  proxy,
  signIn,
  ticketOf,
  token,
} from './doors.fixture.ts'

test('AC6 a socket wants a ticket beside the cookie: of this session, once, within its time', async () => {
  const { url } = await openDoors({ limits: { ticketMs: 300 } })
  const { cookie, ticket } = await signIn(url)
  const other = await signIn(url)
  const headers = { Cookie: cookie }
  const noTicket = 'This socket has no ticket that is good'
  expect(await connect(url, { headers })).toBe(noTicket)
  expect(await connect(url, { headers, ticket: other.ticket })).toBe(noTicket)
  expect(await connect(url, { headers, ticket: 17 })).toBe(noTicket)
  await connected(url, { headers, ticket: await ticketOf(url, cookie) })
  const used = await ticketOf(url, cookie)
  await connected(url, { headers, ticket: used })
  expect(await connect(url, { headers, ticket: used })).toBe(noTicket)
  await until(async () => (await connect(url, { headers, ticket })) === noTicket)
  expect(await connect(url, { headers, ticket: cookie.split('=')[1] })).toBe(noTicket)
})

test('AC6 without a session, or from a page of others, there is no upgrade at all', async () => {
  const { url } = await openDoors()
  const { cookie } = await signIn(url)
  const host = new URL(url).host
  const status = (headers: Readonly<Record<string, string>>) =>
    statusOf(url, socketPath, { headers: { ...upgrade, ...headers } })
  expect(await status({ Host: host })).toBe(400)
  expect(await status({ Host: host, Cookie: cookie })).toBe(101)
  expect(await status({ Host: host, Cookie: cookie, Origin: 'https://evil.example' })).toBe(400)
  expect(await status({ Host: 'evil.example', Cookie: cookie })).toBe(400)
  expect(await status({ Host: host, Authorization: `Bearer ${token}` })).toBe(101)
  expect(await status({ Host: host, Authorization: 'Bearer no' })).toBe(400)
})

test('AC7 signing in, out and others out is not for pages of others', async () => {
  const { url } = await openDoors()
  const headers = { Host: new URL(url).host, Origin: 'https://evil.example' }
  for (const [method, path] of [
    ['POST', '/api/session'],
    ['DELETE', '/api/session'],
    ['POST', '/api/sign-out'],
  ] as const) {
    expect((await ask(url, path, { method, headers, body: JSON.stringify({ token }) })).status).toBe(403)
    expect((await ask(url, path, { method, headers: { Host: 'evil.example' } })).status).toBe(403)
  }
})

test('AC8 who signs out is signed out: sockets and streams end, the cookie is worth nothing', async () => {
  const { url } = await openDoors()
  const { cookie, ticket } = await signIn(url)
  const other = await signIn(url)
  const socket = await connected(url, { headers: { Cookie: cookie }, ticket })
  const stays = await connected(url, { headers: { Cookie: other.cookie }, ticket: other.ticket })
  const stream = await fetch(`${url}/api/tail`, { headers: { Cookie: cookie } })
  const ended = stream.text().catch(() => 'cut')
  const out = await ask(url, '/api/session', { method: 'DELETE', headers: { Cookie: cookie } })
  expect(out.headers['set-cookie']?.join()).toMatch(/=; Max-Age=0;/)
  await until(() => socket.disconnected)
  expect(await ended).toBe('cut')
  expect(JSON.parse((await ask(url, '/api/impressions', { headers: { Cookie: cookie } })).text).reason).toBe('ended')
  expect(stays.connected).toBe(true)
})

test('AC9 an admin signs somebody out on every server within a minute; nobody else may', {
  timeout: 60_000,
}, async () => {
  const redis = await givenRedis()
  const limits = { revocationsMs: 200 } // 20 s if nobody says otherwise
  const access = { kind: 'sign-in', token, provider: undefined, grants } as const
  const [one, other] = await Promise.all([1, 2].map(() => openDoors({ redisUrl: redis.url, limits, access, proxy })))
  if (!one || !other) throw new Error('two servers')
  const sam = { ...brought('sam', 'support'), Host: 'localhost' }
  const session = await postSession(other.url, { headers: sam })
  const socket = await connected(other.url, { headers: { ...sam, Cookie: session.cookie }, ticket: session.ticket })
  const signOut = (headers: Readonly<Record<string, string>>) =>
    ask(one.url, '/api/sign-out', { method: 'POST', headers, body: JSON.stringify({ person: 'sam' }) })
  expect((await signOut({ Host: 'localhost', ...brought('ann', 'engineers') })).status).toBe(403)
  expect((await signOut({ Host: 'localhost' })).status).toBe(401)
  expect(socket.connected).toBe(true)
  expect(JSON.parse((await signOut({ Host: 'localhost', Authorization: `Bearer ${token}` })).text)).toEqual({
    signedOut: 'sam',
    everywhere: true,
  })
  await until(() => socket.disconnected)
})

test('AC10 the sockets of one person and of one address are bounded, where there is a config file', async () => {
  const { url } = await openDoors({ limits: { socketsPerPerson: 2, socketsPerAddress: 3 } })
  const ann = await signIn(url)
  const headers = { Cookie: ann.cookie }
  const first = await connected(url, { headers, ticket: ann.ticket })
  await connected(url, { headers, ticket: await ticketOf(url, ann.cookie) })
  expect(await connect(url, { headers, ticket: await ticketOf(url, ann.cookie) })).toMatch(
    /^You have 2 live tails open/,
  )
  const bob = await signIn(url)
  await connected(url, { headers: { Cookie: bob.cookie }, ticket: bob.ticket })
  const eve = await signIn(url)
  const more = async () => connect(url, { headers: { Cookie: eve.cookie }, ticket: await ticketOf(url, eve.cookie) })
  expect(await more()).toMatch(/^3 live tails are open from your address/)
  first.disconnect()
  await until(async () => typeof (await more()) !== 'string')
})
