import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { compileFilter } from '../../domain/filter/compile.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { groupsOf, openTestApp, rowsNamed, until } from '../app.fixture.ts'
import { givenBus, givenRedis } from '../bus/redis/redis.fixture.ts'
import { startRedis } from '../bus/redis/redis-server.fixture.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { openHarness } from './harness.fixture.ts'
import { sightOf } from './sight.fixture.ts'
import { TailReader } from './tail-reader.ts'
import { TestViewer } from './viewer.fixture.ts'

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

test('a viewer that connects while the bus is down is told so', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const app = await openTestApp({ redisUrl: redis.url })
  const first = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: [{}] }))
  await until(() => first.rows.length === 1)
  await redis.kill()
  await until(() => first.notices.length === 1)
  const late = await TestViewer.watch(app.url, '', first.cursor) // the ring serves it
  await pause(500)
  expect(late.notices).toMatchObject([{ kind: 'bus-down' }])
})

test('readers never exceed their bound', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const app = await openTestApp({ redisUrl: redis.url, limits: { tailReaders: 2 } })
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => fetch(`${app.url}/api/tail`, { signal: leave.signal })),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
})

const nothingSeen = { matcher: compileFilter({ terms: [] }), environments: new Map() }

test('waiting for a slow reader leaves no listeners behind', async () => {
  const response = Object.assign(new EventEmitter(), { writableNeedDrain: true, writableLength: 0, write: () => true })
  response.setMaxListeners(0)
  const reader = new TailReader(response as never, nothingSeen, defaultLimits)
  for (let batch = 0; batch < 100; batch++) {
    const ready = reader.ready()
    response.emit('drain')
    await ready
  }
  expect(response.listenerCount('close')).toBeLessThan(5)
})

test('a reader that reads nothing at all does not fill memory with ledgers', async () => {
  let buffered = 0
  const response = Object.assign(new EventEmitter(), {
    writableNeedDrain: true,
    write: (text: string) => {
      buffered += text.length
      return false
    },
  })
  Object.defineProperty(response, 'writableLength', { get: () => buffered })
  const reader = new TailReader(response as never, nothingSeen, {
    ...defaultLimits,
    tailReaderBytes: 10_000,
  })
  for (let ledger = 0; ledger < 10_000; ledger++) reader.ledger([], 'if-read')
  expect(buffered).toBeLessThan(20_000)
})

const keyOf = (index: number) => `server-key-of-environment-${index}`
const environmentsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `env-${index}`,
    name: `Environment ${index}`,
    sdkKeys: [{ kind: 'server' as const, sha256: createHash('sha256').update(keyOf(index)).digest('hex') }],
  }))

test('a ledger’s cursor of 150 environments can be given back', async () => {
  const app = await openTestApp({ environments: environmentsOf(150), limits: { ledgerMs: 20 } })
  for (let index = 0; index < 150; index++) await app.post(groupsOf({ a: [{}] }), { key: keyOf(index) })
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  const response = await fetch(`${app.url}/api/tail`, { signal: leave.signal })
  const { value } = (await response.body?.getReader().read()) ?? {}
  const { ledger } = JSON.parse(new TextDecoder().decode(value).split('\n')[0] ?? '')
  const back = await fetch(`${app.url}/api/tail?cursor=${ledger.cursor}`, { signal: leave.signal })
  expect(back.status).toBe(200)
})

async function throttled(url: string, bytesPerSecond: number): Promise<string> {
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1')
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      client.write(chunk)
      upstream.pause()
      setTimeout(() => upstream.resume(), (chunk.length * 1000) / bytesPerSecond)
    })
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    client.on('error', end).on('close', end)
    upstream.on('error', end).on('close', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

test('rows behind a large start are not lost to a healthy viewer', async () => {
  const app = await openTestApp({ limits: { replayRows: 6000 } })
  const { cursor } = await TestViewer.watch(app.url)
  for (let post = 0; post < 20; post++)
    await app.post(groupsOf({ a: rowsNamed(`x${post}-`, 250, { b: 'b'.repeat(500) }) }))
  let posting = true
  const poster = (async () => {
    for (let _post = 0; posting; _post++) {
      await app.post(groupsOf({ late: [{}] }))
      await pause(5)
    }
  })()
  const back = await TestViewer.watch(await throttled(app.url, 2_000_000), 'flag:(a|late)', cursor)
  await pause(300)
  posting = false
  await poster
  await pause(1500)
  expect(back.starts[0]?.replayed.matched).toBeLessThanOrEqual(6000)
  expect(back.books.skipped).toBe(0)
})

test('facets of many Tails do not stop the server', async () => {
  const { facets } = openHarness()
  const flags = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`flag-number-${i}`, [{}]]))
  for (const batch of chained(batchesOf(groupsOf(flags)))) facets.count(batch.header)
  const ids = sightOf(['development'])
  facets.of(ids)
  const started = performance.now()
  for (let tail = 0; tail < 100; tail++) JSON.stringify(facets.of(ids))
  const ms = performance.now() - started
  expect(ms).toBeLessThan(50)
})

test('unreadable rows in the log do not end the server', async () => {
  const redis = await givenRedis()
  const app = await openTestApp({ redisUrl: redis.url })
  const { bus } = await givenBus(redis.url)
  const [batch] = batchesOf(groupsOf({ a: rowsNamed('x', 2) }))
  if (!batch) throw new Error('no batch')
  await bus.append('development', [{ ...batch, rows: Buffer.alloc(batch.rows.length, 'x') }]) // a newer server, a bad disk
  let broken: unknown
  const note = (error: unknown): void => {
    broken = error
  }
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  await Promise.race([TestViewer.watch(app.url, 'key:x1').catch(() => {}), pause(1500)])
  expect(broken).toBeUndefined()
})
