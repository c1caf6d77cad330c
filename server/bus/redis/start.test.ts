import { expect, test } from 'vitest'
import { defaultLimits } from '../../../domain/limits.ts'
import { readAddress } from './address.ts'
import { givenBus, givenRedis } from './redis.fixture.ts'
import { openRedisBus } from './redis.ts'
import { freePort } from './redis-server.fixture.ts'
import { checkServer } from './server-check.ts'

/** Opens a bus that is expected not to; the message, and how long it took. */
async function refusalOf(url: string) {
  const startMs = performance.now()
  const opened = await openRedisBus({ url, limits: defaultLimits, environments: 1, now: Date.now, warn: () => {} })
  if (opened.ok) {
    await opened.value.close()
    throw new Error('it opened')
  }
  return { message: opened.error.message, ms: performance.now() - startMs }
}

test('B18 an unreachable Redis is told in one line within three seconds', async () => {
  const port = await freePort()
  const { message, ms } = await refusalOf(`redis://:secret@127.0.0.1:${port}/3`)
  expect(message).toBe(`cannot use Redis at redis://127.0.0.1:${port}/3: connect ECONNREFUSED 127.0.0.1:${port}`)
  expect(ms).toBeLessThan(3000)
})

test('B18 a wrong password, or none, is told as that, and is not repeated', async () => {
  const server = await givenRedis({ password: 'right' })
  const wrong = await refusalOf(server.url.replace('right', 'secret'))
  expect(wrong.message).toContain('Redis does not take this user name and password')
  expect(wrong.message).not.toContain('secret')
  const none = await refusalOf(server.url.replace(':right@', ''))
  expect(none.message).toContain('Redis wants a password')
  const { warnings } = await givenBus(server.url)
  expect(warnings).toEqual([])
})

test('B18 a Redis that does not answer is told within some three seconds', async () => {
  const server = await givenRedis()
  server.freeze()
  const { message, ms } = await refusalOf(server.url)
  expect(message).toContain('Redis did not answer in time')
  expect(ms).toBeLessThan(3500)
})

test('B18 a database that Redis does not have is told', async () => {
  const server = await givenRedis()
  expect((await refusalOf(server.url.replace(/0$/, '99'))).message).toContain('DB index is out of range')
})

test.each(['http://127.0.0.1:6379', 'redis//127.0.0.1', '', 'redis://127.0.0.1/prod'])(
  'B18 %s is refused as a Redis URL',
  async (url) => {
    expect((await refusalOf(url)).message).toMatch(/^the Redis URL /)
  },
)

test('B18 a Redis that is too old is refused', () => {
  const answer = (version: string) => checkServer(`# Server\r\nredis_version:${version}\r\n`, () => {})
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
