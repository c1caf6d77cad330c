import { expect, test } from 'vitest'
import { readAddress } from './address.ts'
import { givenBus, givenRedis, refusalOf } from './redis.fixture.ts'
import { freePort } from './redis-server.fixture.ts'
import { checkServer } from './server-check.ts'

async function timedRefusalOf(url: string) {
  const startMs = performance.now()
  return { message: await refusalOf(url), ms: performance.now() - startMs }
}

test('B18 an unreachable Redis is told in one line within three seconds', async () => {
  const port = await freePort()
  const { message, ms } = await timedRefusalOf(`redis://:secret@127.0.0.1:${port}/3`)
  expect(message).toBe(`cannot use Redis at redis://127.0.0.1:${port}/3: connect ECONNREFUSED 127.0.0.1:${port}`)
  expect(ms).toBeLessThan(3000)
})

test('B18 a wrong password, or none, is told as that, and is not repeated', async () => {
  const server = await givenRedis({ password: 'right' })
  const wrong = await refusalOf(server.url.replace('right', 'secret'))
  expect(wrong).toContain('Redis does not take this user name and password')
  expect(wrong).not.toContain('secret')
  const none = await refusalOf(server.url.replace(':right@', ''))
  expect(none).toContain('Redis wants a password')
  const { warnings } = await givenBus(server.url)
  expect(warnings).toEqual([])
})

test('B18 a Redis that does not answer is told within some three seconds', async () => {
  const server = await givenRedis()
  server.freeze()
  const { message, ms } = await timedRefusalOf(server.url)
  expect(message).toContain('Redis did not answer in time')
  expect(ms).toBeLessThan(3500)
})

test('B18 a database that Redis does not have is told', async () => {
  const server = await givenRedis()
  expect(await refusalOf(server.url.replace(/0$/, '99'))).toContain('DB index is out of range')
})

test.each(['http://127.0.0.1:6379', 'redis//127.0.0.1', '', 'redis://127.0.0.1/prod'])(
  'B18 %s is refused as a Redis URL',
  async (url) => {
    expect(await refusalOf(url)).toMatch(/^the Redis URL /)
  },
)

test('B18 a Redis that is too old is refused', () => {
  const answer = (version: string) =>
    checkServer(`# Server\r\nredis_version:${version}\r\n`, { kind: 'single' }, () => {})
  expect(answer('6.0.16')).toEqual({ ok: false, error: 'Redis 6.0.16 is too old: 6.2 or newer is needed' })
  expect([answer('5.0.14').ok, answer('6.2.0').ok, answer('7.0.15').ok, answer('10.0.0').ok]).toEqual([
    false,
    true,
    true,
    true,
  ])
})

test('B18 a Redis that may evict logs is warned of', async () => {
  const server = await givenRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] })
  const { warnings } = await givenBus(server.url)
  expect(warnings).toEqual([expect.stringContaining('maxmemory-policy allkeys-lru')])
})

test.each([
  ['redis://127.0.0.1:6379', undefined],
  ['redis://localhost', undefined],
  ['redis://[::1]:6379/2', undefined],
  ['redis://10.0.0.5', 'it is on another machine and has no TLS and no password'],
  ['redis://user:word@10.0.0.5', 'it is on another machine and has no TLS'],
  ['rediss://10.0.0.5', 'it is on another machine and has no password'],
  ['rediss://:word@10.0.0.5', undefined],
  ['redis://127.example.com', 'it is on another machine and has no TLS and no password'],
])('B18 %s is warned of when others may reach it: %s', (url, exposure) => {
  const address = readAddress(url)
  expect(address.ok && address.value.exposure).toBe(exposure)
})

test.each([
  ['redis://127.0.0.1', ['127.0.0.1:6379'], 'redis://127.0.0.1:6379/0'],
  ['rediss://:word@redis.internal:6380/2', ['redis.internal:6380'], 'rediss://redis.internal:6380/2'],
  [
    'redis+sentinel://u:word@a,b:1,[::1]/main/3',
    ['a:26379', 'b:1', '[::1]:26379'],
    'redis+sentinel://a:26379,b:1,[::1]:26379/main/3',
  ],
  [
    'rediss+cluster://:word@10.0.0.1:7000,10.0.0.2',
    ['10.0.0.1:7000', '10.0.0.2:6379'],
    'rediss+cluster://10.0.0.1:7000,10.0.0.2:6379/0',
  ],
])('B19 %s is understood, and shown without its password', (url, hosts, label) => {
  expect(readAddress(url)).toMatchObject({ ok: true, value: { hosts, label } })
})

test('B19 a user and a password may hold any character, percent-encoded', () => {
  const address = readAddress('redis+cluster://us%40er:p%2Fa%3As%25s@h')
  expect(address).toMatchObject({ ok: true, value: { login: { username: 'us@er', password: 'p/a:s%s', tls: false } } })
})

test.each([
  ['redis://a:1,b:2', 'names several servers, and not what they are: redis+…://'],
  ['redis://h/hidden', 'must end with the number of a database, or with nothing'],
  ['redis+sentinel://:hidden@h:26379', 'must end with the name of the master that Sentinel watches: …/<master>'],
  ['redis+sentinel://h/main/hidden', 'must end with the name of the master that Sentinel watches: …/<master>'],
  ['redis+cluster://:hidden@h/2', 'names a database, and a cluster has none but 0'],
  ['redis+cluster://h/main', 'must end with the number of a database, or with nothing'],
])('B19 %s is refused with what would be right', (url, error) => {
  expect(readAddress(url)).toEqual({ ok: false, error })
})

test.each([
  'redis+ring://h',
  'redis://:hid/den@h',
  'redis://:hidden%@h',
  'redis://h?db=2',
  'redis+cluster://h,,g',
  'redis+cluster://',
  'redis://h:port',
])('B19 %s is refused, and not repeated', (url) => {
  const address = readAddress(url)
  expect(!address.ok && address.error).toMatch(
    /^is a URL like redis:\/\/127\.0\.0\.1:6379 or rediss:\/\/…, for Sentinel redis\+sentinel/,
  )
  expect(JSON.stringify(address)).not.toContain('hid')
})

test('B18 what is asked for must be there: a Sentinel is no Redis', () => {
  const check = (mode: string, kind: 'single' | 'cluster') =>
    checkServer(`redis_mode:${mode}\r\nredis_version:7.0.15\r\n`, { kind }, () => {})
  expect(check('sentinel', 'single')).toEqual({
    ok: false,
    error: 'it is a Sentinel: its URL is redis+sentinel://host:port/<master>',
  })
  expect([check('cluster', 'single').ok, check('standalone', 'cluster').ok, check('cluster', 'cluster').ok]).toEqual([
    false,
    false,
    true,
  ])
})
