import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, onTestFinished, test } from 'vitest'
import { startServing } from './serving.fixture.ts'

const seconds = 8
const lateMs = 100

function row(index: number) {
  return { k: `user-${index}`, t: index % 3 === 0 ? 'off' : 'on', m: 1_795_514_523_829 + index, r: 'default rule' }
}

function bodyOf(rows: number, flag: string, more: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify([{ f: flag, i: Array.from({ length: rows }, (_, index) => ({ ...row(index), ...more })) }]),
  )
}

/** What costs the parser most: each name is another. */
const names = Array.from({ length: 400_000 }, (_, index) => `"${index.toString(36)}":1`)
const large = [
  bodyOf(65_000, 'checkout', { c: 1_718_900_000_123 }),
  bodyOf(65_000, 'search', { unknown: 'to us' }),
  Buffer.from(`[{"f":"names","i":[{${names.join(',')}}]}]`),
]
const small = bodyOf(20, 'small')

async function reads(url: string): Promise<void> {
  const hangUp = new AbortController()
  onTestFinished(() => hangUp.abort())
  const response = await fetch(`${url}/api/tail?q=${encodeURIComponent('key:*99*')}`, { signal: hangUp.signal })
  void response.body?.pipeTo(new WritableStream()).catch(() => {}) // hung up on
}

test('I24 the event loop has its turns while large posts come in beside small ones', { timeout: 60_000 }, async () => {
  const { url, number, post } = await startServing()
  const p99Ms = async (): Promise<number> => 1000 * (await number('nodejs_eventloop_lag_p99_seconds'))
  await reads(url)
  for (const body of large) await post(body) // code is compiled, the thread is there
  for (let sent = 0; sent < 100; sent++) await post(small)
  await p99Ms()
  const own = monitorEventLoopDelay({ resolution: 10 })
  own.enable()
  const statuses = new Map<number, number>()
  const end = performance.now() + seconds * 1000
  const keepPosting = async (next: () => Buffer | undefined): Promise<void> => {
    for (let body = next(); body && performance.now() < end; body = next()) {
      const status = await post(body)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  let round = 0
  await Promise.all([keepPosting(() => small), keepPosting(() => large[round++ % large.length])])
  const busyMs = own.percentile(99) / 1e6 // what the machine alone makes of a program that does little
  expect(await p99Ms()).toBeLessThan(lateMs + busyMs)
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(round).toBeGreaterThan(3)
  expect(statuses.get(200)).toBeGreaterThan(100)
})
