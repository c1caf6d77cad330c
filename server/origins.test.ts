import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { openTestApp } from './app.fixture.ts'
import { ask, socketPath, statusOf, upgrade } from './ask.fixture.ts'
import { Wire } from './ingest/ingest.fixture.ts'
import { originCheck } from './origins.ts'

const hosts = ['Flags.Example.com', 'tail.internal:8443', 'behind.example.com:443']
const check = originCheck({ host: 'box.local', hosts })

function allows(host: string | undefined, origin?: string): boolean {
  return check({ headers: { host, origin } } as IncomingMessage)
}

const ours = [
  'localhost',
  'localhost:3000',
  'LocalHost:3000',
  'tail.localhost:3000',
  '127.0.0.1',
  '127.0.0.1:3000',
  '[::1]:3000',
  '[::1]',
  '192.168.1.20:3000',
  '8.8.8.8',
  '[2001:db8::7]:80',
  '[::ffff:10.0.0.1]:80',
  'box.local',
  'BOX.local:3000',
  'flags.example.com',
  'flags.example.com:8080',
  'tail.internal:8443',
  'behind.example.com',
]
const others = [
  undefined,
  '',
  'evil.com',
  'evil.com:3000',
  'localhost.evil.com',
  'evillocalhost',
  'localhost.',
  'box.local.evil.com',
  'tail.internal',
  'tail.internal:9000',
  'behind.example.com:80',
  '127.0.0.1.evil.com',
  'user@localhost',
  ':word@localhost',
  '@localhost',
  'localhost/path',
  'localhost?q',
  'localhost#f',
  'localhost\\x',
  'local\thost',
  'localhost:',
  'localhost:port',
  'localhost:999999',
  'localhost:3000:3000',
  '[::1',
  '::1',
  '[localhost]:3000',
  '[1.2.3.4]',
  'localhost, evil.com',
  '%6cocalhost',
  '*',
  '🦊',
]

test('H1 a Host is answered when it is a loopback name, a literal address, HOST or one of FLAGTAIL_HOSTS', () => {
  expect(ours.filter((host) => !allows(host))).toEqual([])
})

test('H1 any other Host, or what is no host, is not', () => {
  expect(others.filter((host) => allows(host))).toEqual([])
})

test.each([
  ['localhost:3000', 'http://localhost:3000'],
  ['LOCALHOST:3000', 'http://localhost:3000'],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['[::1]:3000', 'http://[::1]:3000'],
  ['192.168.1.20', 'http://192.168.1.20'],
  ['flags.example.com', 'https://flags.example.com'],
  ['flags.example.com', 'http://flags.example.com'],
  ['flags.example.com:443', 'https://flags.example.com'],
  ['flags.example.com', 'http://flags.example.com:80'],
])('H2 at %s a page of %s is our own', (host, origin) => {
  expect(allows(host, origin)).toBe(true)
})

test.each([
  ['localhost:3000', 'null'],
  ['localhost:3000', ''],
  ['localhost:3000', 'http://localhost'],
  ['localhost:3000', 'http://localhost:3001'],
  ['localhost:3000', 'http://127.0.0.1:3000'],
  ['127.0.0.1:3000', 'http://[::1]:3000'],
  ['localhost:3000', 'https://evil.com'],
  ['localhost:3000', 'http://evil.com:3000'],
  ['localhost:3000', 'chrome-extension://localhost:3000'],
  ['localhost:3000', 'file://localhost:3000'],
  ['localhost:3000', 'localhost:3000'],
  ['flags.example.com', 'https://flags.example.com:8443'],
  ['flags.example.com:443', 'http://flags.example.com'],
  ['evil.com:3000', 'http://evil.com:3000'],
])('H2 at %s a page of %s is a stranger', (host, origin) => {
  expect(allows(host, origin)).toBe(false)
})

test('H3 strangers get 403 from the reads, and no socket', async () => {
  const { url } = await openTestApp()
  const own = { Host: 'localhost:3000' }
  const strangers = [{ Host: 'evil.com:3000' }, { ...own, Origin: 'https://evil.com' }, { ...own, Origin: 'null' }]
  for (const headers of strangers) {
    const refusal = await ask(url, '/api/impressions', { headers })
    expect(refusal).toMatchObject({ status: 403, text: expect.stringContaining('may not read here') })
    expect(refusal.headers['access-control-allow-origin']).toBeUndefined()
    expect(await statusOf(url, '/api/tail', { headers })).toBe(403)
    expect(await statusOf(url, socketPath, { headers: { ...headers, ...upgrade } })).toBe(400)
  }
})

test('H3 our own page and a script without an Origin are let in to all three', async () => {
  const { url } = await openTestApp()
  const own: Record<string, string>[] = [{ Host: 'localhost:9', Origin: 'http://localhost:9' }, { Host: '10.0.0.1:3' }]
  for (const headers of own) {
    expect(await statusOf(url, '/api/impressions', { headers })).toBe(200)
    expect(await statusOf(url, '/api/tail', { headers })).toBe(200)
    expect(await statusOf(url, socketPath, { headers: { ...headers, ...upgrade } })).toBe(101)
  }
})

test('H3 a request without a Host reads nothing', async () => {
  const { url } = await openTestApp()
  const old = new Wire(Number(new URL(url).port))
  old.write('GET /api/impressions HTTP/1.0\r\n\r\n')
  expect((await old.reply()).status).toBe(403)
})

test('H3 SDKs and health checks may come by any name', async () => {
  const { url } = await openTestApp()
  const headers = { Host: 'host.docker.internal:3000', Origin: 'https://shop.example.com' }
  expect(await statusOf(url, '/healthz', { headers })).toBe(200)
  expect(await statusOf(url, '/api/version', { headers })).toBe(200)
})
