import { io } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import type { Limits } from '../../domain/limits.ts'
import { protocolVersion } from '../../domain/protocol.ts'
import { groupsOf, openTestApp, rowsNamed, type TestApp, twoEnvironments, until } from '../app.fixture.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { FacetCounter } from './facets.ts'
import { openHarness, PlayBus } from './harness.fixture.ts'
import { HeardBatch } from './heard.ts'
import { BatchRing } from './ring.ts'
import { sightOf } from './sight.fixture.ts'
import { Turnstile } from './turnstile.ts'
import { TestViewer } from './viewer.fixture.ts'

const open = (limits: Partial<Limits>): Promise<TestApp> => openTestApp({ limits })

/** Why a handshake is refused. */
async function refusalOf(app: TestApp): Promise<unknown> {
  const socket = io(app.url, {
    transports: ['websocket'],
    auth: { version: protocolVersion },
    reconnection: false,
    forceNew: true,
  })
  onTestFinished(() => void socket.disconnect())
  return new Promise((resolve) => {
    socket.once('connect_error', (error: Error & { data?: unknown }) => resolve(error.data))
    socket.once('connect', () => resolve(undefined))
  })
}

test('K1 a server with as many viewers as it takes (`sockets`) says that it is full, and when to come back', async () => {
  const app = await open({ sockets: 2 })
  await TestViewer.watch(app.url)
  await TestViewer.watch(app.url)
  expect(await refusalOf(app)).toMatchObject({ reason: 'full', retryInMs: expect.any(Number) })
})

test('K2 viewers are let in so many a second (`handshakesPerSecond`)', async () => {
  const app = await open({ handshakesPerSecond: 3 })
  const refusals = await Promise.all(Array.from({ length: 8 }, () => refusalOf(app)))
  expect(refusals.filter((refusal) => refusal === undefined).length).toBeLessThanOrEqual(4)
  expect(refusals.filter((refusal) => refusal !== undefined)).not.toEqual([])
})

test('K3 a message larger than `messageBytes` ends that connection and no other', async () => {
  const app = await open({ messageBytes: 2000 })
  const [loud, calm] = [await TestViewer.watch(app.url), await TestViewer.watch(app.url)]
  loud.socket.emit('watch', { revision: 9, filter: `"${'x'.repeat(4000)}"` })
  await until(() => loud.socket.disconnected)
  await app.post(groupsOf({ a: rowsNamed('x', 1) }))
  await until(() => calm.rows.length === 1)
})

test('K4 commands beyond `commandsBurst` wait for `commandsPerMinute`, and the last one wins', async () => {
  const app = await open({ commandsBurst: 3, commandsPerMinute: 120 })
  const viewer = await TestViewer.watch(app.url)
  for (let revision = 2; revision <= 30; revision++)
    viewer.socket.emit('watch', { revision, filter: `flag:f${revision}` })
  await until(() => viewer.starts.at(-1)?.revision === 30)
  expect(viewer.starts.length).toBeLessThan(8)
})

test('K5 a frame carries at most `frameRows` rows and `frameBytes` bytes, by whole batches', async () => {
  const app = await open({ frameRows: 20, frameBytes: 4000, batchImpressions: 10 })
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 100), b: rowsNamed('y', 100, { b: 'z'.repeat(300) }) }))
  await until(() => viewer.rows.length === 200)
  for (const frame of viewer.frames) {
    const rows = frame.rows.flatMap(({ flags }) => flags).flatMap(({ rows: ofFlag }) => ofFlag)
    expect(rows.length).toBeLessThanOrEqual(20)
    if (frame.rows.length > 1) expect(JSON.stringify(rows).length).toBeLessThanOrEqual(4500)
  }
})

test('K5 also when a gap comes while more rows wait than a frame takes: it is told behind them', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus, limits: { frameRows: 20, tickMs: 20 } })
  const viewer = view()
  await viewer.watch()
  const keysAtGaps: number[] = []
  const gap = viewer.gap.bind(viewer)
  viewer.gap = (told) => {
    keysAtGaps.push(viewer.keys.length)
    gap(told)
  }
  const append = (name: string) => bus.append('development', batchesOf(groupsOf({ a: rowsNamed(name, 10) })))
  for (let post = 0; post < 30; post++) await append(`x${post}-`)
  bus.restart()
  await append('y')
  await until(() => viewer.keys.length === 310)
  expect(keysAtGaps).toEqual([300])
  const perFrame = viewer.frames.map(
    ({ rows }) => rows.flatMap(({ flags }) => flags.flatMap((flag) => flag.rows)).length,
  )
  expect(Math.max(...perFrame)).toBeLessThanOrEqual(20)
  expect(viewer.ledger?.books).toMatchObject({ matched: 310, held: 310, missed: { impressions: 0, unknown: 1 } })
})

test('K6 rows that wait for their frame take at most `tailWaitingBytes`; the rest is sampled out, and counted', async () => {
  const app = await open({ tailWaitingBytes: 20_000, tickMs: 200 })
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 2000, { b: 'z'.repeat(100) }) }))
  await until(() => viewer.books.matched === 2000)
  expect(viewer.books.sampledOut).toBeGreaterThan(1000)
  expect(viewer.books.held + viewer.books.sampledOut).toBe(2000)
})

test('K7 the first `tailTreatments` treatments have counts of their own, the others share one', async () => {
  const app = await open({ tailTreatments: 3 })
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: Array.from({ length: 10 }, (_, index) => ({ t: `t${index}` })) }))
  await until(() => viewer.books.matched === 10)
  expect(viewer.frames.at(-1)?.perTreatment).toEqual({
    counts: [
      ['t0', 1],
      ['t1', 1],
      ['t2', 1],
    ],
    other: 7,
  })
})

test('K8 a watch is backfilled with `backfillRows` rows, and looks through `backfillBytes` of log for them', async () => {
  const rows = await open({ backfillRows: 7 })
  await rows.post(groupsOf({ a: rowsNamed('x', 30) }))
  expect((await TestViewer.watch(rows.url)).keys).toEqual(
    rowsNamed('x', 30)
      .slice(23)
      .map(({ k }) => k),
  )
  const bytes = await open({ backfillBytes: 3000 })
  await bytes.post(groupsOf({ rare: rowsNamed('old', 1) }))
  for (let post = 0; post < 5; post++) await bytes.post(groupsOf({ a: rowsNamed('x', 30) }))
  const viewer = await TestViewer.watch(bytes.url, 'flag:rare')
  expect(viewer.starts[0]).toMatchObject({ complete: false, replayed: { matched: 0 } })
})

test('K9 pickers are told `facetTop` values, and `facetValues` are counted each; nothing is left out of the sum', () => {
  const counter = new FacetCounter(
    { facetValues: 5, facetTop: 3, facetBytes: 100 },
    { now: () => 0, monotonicMs: () => 0 },
  )
  const flags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, rowsNamed('x', 1)]))
  for (const { header } of batchesOf(groupsOf(flags))) counter.count(header)
  const facet = counter.of(sightOf(['development'])).flags
  expect(facet.values).toHaveLength(3)
  expect(facet.values.reduce((sum, [, count]) => sum + count, 0) + facet.other).toBe(20)
})

test('K10 more than `tailReaders` readers of /api/tail are refused', async () => {
  const app = await open({ tailReaders: 1 })
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  const first = await fetch(`${app.url}/api/tail`, { signal: leave.signal })
  expect(first.status).toBe(200)
  expect((await fetch(`${app.url}/api/tail`)).status).toBe(503)
})

test('K11 /api/impressions gives no more than `impressionsRows`', async () => {
  const app = await open({ impressionsRows: 5 })
  expect((await fetch(`${app.url}/api/impressions?limit=5`)).status).toBe(200)
  expect((await fetch(`${app.url}/api/impressions?limit=6`)).status).toBe(400)
})

test('K12 rings share `allRingsBytes`, and one never holds more than its bytes', async () => {
  const ring = new BatchRing(1000)
  for (const batch of chained(batchesOf(groupsOf({ a: rowsNamed('x', 3000) })))) ring.push(batch)
  expect(ring.bytes).toBeLessThanOrEqual(25_000) // the newest batch stays whatever its size
  const app = await openTestApp({ environments: twoEnvironments, limits: { allRingsBytes: 2, replayPageBatches: 2 } })
  const viewer = await TestViewer.watch(app.url)
  for (let post = 0; post < 5; post++)
    await app.post(groupsOf({ a: rowsNamed(`p${post}-`, 20) }), { key: 'prod-server-key-0001' })
  await until(() => viewer.rows.length === 100)
  const back = await TestViewer.watch(app.url, '', viewer.starts[0]?.cursor)
  expect(back.rows).toHaveLength(100) // what the rings do not hold comes from the log
})

test('K13 no more than `replaysAtOnce` pasts are read at the same time, and every one is', async () => {
  const turnstile = new Turnstile(3)
  let inside = 0
  let most = 0
  let done = 0
  const act = async (): Promise<void> => {
    inside++
    most = Math.max(most, inside)
    await new Promise(setImmediate)
    inside--
    done++
  }
  await Promise.all(Array.from({ length: 20 }, () => turnstile.pass(act)))
  expect([most, done]).toEqual([3, 20])
  const app = await open({ replaysAtOnce: 1 })
  await app.post(groupsOf({ a: rowsNamed('x', 50) }))
  const viewers = await Promise.all(Array.from({ length: 10 }, () => TestViewer.watch(app.url)))
  for (const viewer of viewers) expect(viewer.rows).toHaveLength(50)
})

test('what a batch had parsed is let go of when it is kept for a replay', () => {
  const [batch] = chained(batchesOf(groupsOf({ a: rowsNamed('x', 2) })))
  if (!batch) throw new Error('no batch')
  const heard = new HeardBatch(batch)
  const [span] = heard.header.spans
  if (!span) throw new Error('no span')
  const before = heard.impressions(span)
  expect(heard.impressions(span)).toBe(before)
  heard.forget()
  expect(heard.impressions(span)).not.toBe(before)
  expect(heard.impressions(span)).toEqual(before)
})
