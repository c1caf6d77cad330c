import { expect, test } from 'vitest'
import { until } from '../app.fixture.ts'
import { ask, statusOf } from '../ask.fixture.ts'
import { givenRedis } from '../bus/redis/redis.fixture.ts'
import { openDoors, postSession, proxy, signIn, token } from './doors.fixture.ts'

const reads = ['/api/tail', '/api/impressions', '/api/without', '/api/evidence']
const bearer = (shown: string) => ({ headers: { Authorization: `Bearer ${shown}` } })

test.each(reads)('AC1 %s is for who signed in or shows the token; anybody else is told how', async (path) => {
  const { url } = await openDoors()
  const refused = await ask(url, path)
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
  expect(JSON.parse(refused.text)).toMatchObject({ reason: 'unknown', signIn: { token: true, proxy: false } })
  expect((await ask(url, path, bearer(`${token}x`))).status).toBe(401)
  expect((await ask(url, `${path}?token=${token}`)).status).toBe(401)
  const { cookie } = await signIn(url)
  if (path === '/api/tail') return // it lasts, and is asked elsewhere
  expect((await ask(url, path, bearer(token))).status).toBe(200)
  expect((await ask(url, path, { headers: { Cookie: cookie } })).status).toBe(200)
})

test('AC1 a wrong token is not made good by a cookie', async () => {
  const { url } = await openDoors()
  const { cookie } = await signIn(url)
  const headers = { Cookie: cookie, Authorization: 'Bearer some-sdk-key-of-somebody' }
  expect((await ask(url, '/api/impressions', { headers })).status).toBe(401)
})

test('AC2 the token is exchanged for a cookie that no script reads and no other site sends', async () => {
  const { url } = await openDoors()
  const { answer } = await signIn(url)
  const port = new URL(url).port
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toMatchObject({ person: { name: 'access token' }, sees: true })
  expect(answer.headers['set-cookie']?.join()).toMatch(
    new RegExp(`^flagtail-${port}=[\\w.-]+; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict$`),
  )
  expect(answer.text).not.toContain(token)
})

test('AC2 a token that is none is refused, and not repeated', async () => {
  const { url, logged } = await openDoors()
  const { answer } = await postSession(url, { body: { token: 'not-the-token' } })
  expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined])
  expect(logged.join()).toContain('"sign-in-refused"')
  expect(answer.text + logged.join()).not.toContain('not-the-token')
})

test('AC2 a body that is no small object is refused', async () => {
  const { url } = await openDoors()
  const post = (body: string) => ask(url, '/api/session', { method: 'POST', body })
  expect((await post('[]')).status).toBe(400)
  expect((await post('{')).status).toBe(400)
  expect((await post(JSON.stringify({ token: 'x'.repeat(9000) }))).status).toBe(400)
})

test('AC2 servers on one Redis have one link, those without another at each start; none where others sign people in', async () => {
  const { url: redisUrl } = await givenRedis()
  const access = { kind: 'sign-in', token: undefined, provider: undefined, grants: [] } as const
  const [one, other, alone, again] = await Promise.all([
    openDoors({ access, redisUrl }),
    openDoors({ access, redisUrl }),
    openDoors({ access }),
    openDoors({ access }),
  ])
  expect(one?.token).toMatch(/^[\w-]{43}$/)
  expect(other?.token).toBe(one?.token)
  expect(alone?.token).not.toBe(again?.token)
  const { cookie } = await postSession(one?.url ?? '', { body: { token: one?.token } })
  expect(
    (await ask(other?.url ?? '', '/api/impressions', { headers: { Authorization: `Bearer ${one?.token}` } })).status,
  ).toBe(200)
  expect(cookie).not.toBe('')
  const byProxy = await openDoors({ access, proxy })
  expect(byProxy.token).toBeUndefined()
  const shown = await ask(byProxy.url, '/api/impressions', { headers: { Authorization: 'Bearer undefined' } })
  expect(shown.status).toBe(401)
})

test('AC1 readers who hang up at once take no place', async () => {
  const { url } = await openDoors({ limits: { tailReaders: 5 } })
  const { cookie } = await signIn(url)
  for (let each = 0; each < 20; each++) {
    const leave = new AbortController()
    const asked = fetch(`${url}/api/tail`, { headers: { Cookie: cookie }, signal: leave.signal })
    setImmediate(() => leave.abort())
    await asked.catch(() => {})
  }
  await until(async () => (await statusOf(url, '/api/tail', bearer(token))) === 200)
})

test('AC3 each sign-in begins a session of its own: none is taken over from the browser', async () => {
  const { url } = await openDoors()
  const first = await signIn(url)
  const again = await postSession(url, { body: { token }, headers: { Cookie: first.cookie } })
  expect(idOf(again.cookie)).not.toBe(idOf(first.cookie))
  const planted = await postSession(url, { headers: { Cookie: first.cookie.replace(/.{10}$/, 'AAAAAAAAAA') } })
  expect(planted.answer.status).toBe(401)
  const unsigned = `${first.cookie.split('=')[0]}=${Buffer.from('{"alg":"none"}').toString('base64url')}.${payloadOf(first.cookie)}.`
  expect((await postSession(url, { headers: { Cookie: unsigned } })).answer.status).toBe(401)
})

test('AC4 tries to sign in are few per address, and then take a while', async () => {
  const { url } = await openDoors({ limits: { signInsBurst: 3, signInsPerSecond: 1 } })
  const tries = []
  for (let each = 0; each < 5; each++) tries.push((await postSession(url, { body: { token: `guess-${each}` } })).answer)
  expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429])
  expect(tries[4]?.headers['retry-after']).toBe('1')
})

test('AC5 a session ends after its time, and when no page of it was seen for a while', async () => {
  const short = await openDoors({ limits: { sessionMs: 1000 } })
  const idle = await openDoors({ limits: { sessionIdleMs: 400 } })
  const [one, other] = [await signIn(short.url), await signIn(idle.url)]
  const ends = async (url: string, cookie: string) => {
    const deadline = performance.now() + 5000
    while ((await ask(url, '/api/impressions', { headers: { Cookie: cookie } })).status !== 401) {
      if (performance.now() > deadline) return 'never'
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return JSON.parse((await postSession(url, { headers: { Cookie: cookie } })).answer.text).reason
  }
  expect(await ends(idle.url, other.cookie)).toBe('ended')
  expect(await ends(short.url, one.cookie)).toMatch(/^(ended|unknown)$/)
})

test('AC5 a session that is renewed goes on', async () => {
  const { url } = await openDoors({ limits: { sessionIdleMs: 600 } })
  let { cookie } = await signIn(url)
  const untilMs = performance.now() + 1500
  while (performance.now() < untilMs) {
    const renewed = await postSession(url, { headers: { Cookie: cookie } })
    expect(renewed.answer.status).toBe(200)
    cookie = renewed.cookie
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})

function payloadOf(cookie: string): string {
  return cookie.split('.')[1] ?? ''
}

function idOf(cookie: string): string {
  return JSON.parse(Buffer.from(payloadOf(cookie), 'base64url').toString()).id
}

test('AC19 that rows were exported is written down, also where nobody signs in', async () => {
  const exported = (format: unknown) => JSON.stringify({ format, rows: 3, filter: 'key:ada' })
  const open = await openDoors({ access: { kind: 'nobody-asks' } })
  const post = (url: string, body: string, headers = {}) => ask(url, '/api/exported', { method: 'POST', body, headers })
  expect((await post(open.url, exported('csv'))).status).toBe(200)
  expect(open.logged.join()).toMatch(/"event":"export".*"rows":3|"rows":3.*"event":"export"/)
  expect(open.logged.join()).not.toContain('ada')
  const { url } = await openDoors()
  expect((await post(url, exported('csv'))).status).toBe(401)
  const { cookie } = await signIn(url)
  expect((await post(url, exported('csv'), { Cookie: cookie })).status).toBe(200)
  expect((await post(url, exported('pdf'), { Cookie: cookie })).status).toBe(400)
})
