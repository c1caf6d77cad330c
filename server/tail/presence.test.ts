import { expect, test } from 'vitest'
import { rowsOf } from '../../domain/rows.ts'
import { groupsOf, openTestApp, rowsNamed, until } from '../app.fixture.ts'
import { TestViewer } from './viewer.fixture.ts'

test('P1 a viewer that does not say that it reads leaves its room, is told so on its next ack, and misses nothing', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 50, viewerSilentMs: 400 } })
  const [silent, other] = [await TestViewer.watch(app.url), await TestViewer.watch(app.url)]
  await app.post(groupsOf({ a: rowsNamed('x', 10) }))
  await until(() => silent.rows.length === 10)
  silent.acks = false
  await until(async () => {
    const frames = silent.frames.length
    await until(() => other.frames.at(-1)?.sequence !== other.frames[frames]?.sequence)
    await new Promise((resolve) => setTimeout(resolve, 200))
    return silent.frames.length === frames
  })
  await app.post(groupsOf({ a: rowsNamed('y', 20) }))
  await until(() => other.rows.length === 30)
  expect(silent.rows).toHaveLength(10)
  silent.socket.emit('ack', { sequence: 1 })
  silent.acks = true
  await until(() => silent.behind === 1 && silent.starts.length === 2)
  await app.post(groupsOf({ a: rowsNamed('z', 5) }))
  await until(() => silent.rows.length === 35)
  expect(silent.books).toMatchObject({ matched: 35, held: 35, skipped: 0 })
})

test('P7 a viewer that comes back joins, however much comes in while its past is on its way to it', async () => {
  const startBytes = 8000
  const app = await openTestApp({ limits: { heartbeatMs: 50, startBytes } })
  const [viewer, other] = [await TestViewer.watch(app.url), await TestViewer.watch(app.url)]
  let posted = 0
  const postMuch = async (): Promise<void> => {
    for (let post = 0; post < 20; post++) await app.post(groupsOf({ a: rowsNamed(`p${posted + post}-`, 30) }))
    posted += 600
    await until(() => other.books.matched === posted)
  }
  viewer.socket.off('behind')
  viewer.socket.on('behind', async () => {
    viewer.behind++
    await postMuch()
    await viewer.resume()
  })
  await viewer.hold()
  await postMuch()
  await viewer.resume()
  await until(() => viewer.starts.length > 2)
  const frames = viewer.frames.length
  await until(() => viewer.frames.length > frames + 5)
  expect(viewer.behind).toBe(1)
  expect(JSON.stringify(viewer.starts[2]).length).toBeLessThan(startBytes)
  const { matched, held, skipped } = viewer.books
  expect(matched).toBe(posted)
  expect(held + skipped).toBe(posted)
  expect(skipped).toBeGreaterThan(0)
})

test('P2 a viewer that stays silent is hung up on', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 50, viewerSilentMs: 200, viewerGoneMs: 600 } })
  const viewer = await TestViewer.watch(app.url)
  viewer.acks = false
  await until(() => viewer.socket.disconnected)
})

test('P3 a viewer on hold that reads is left alone', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 50, viewerSilentMs: 300, viewerGoneMs: 600 } })
  const viewer = await TestViewer.watch(app.url)
  await viewer.hold()
  const frames = viewer.frames.length
  await until(() => viewer.frames.length > frames + 20)
  expect(viewer.socket.connected).toBe(true)
  expect(viewer.behind).toBe(0)
})

test('P4 rows that a resume did not send can be loaded from the log, oldest first, until none is missing', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 50, replayRows: 100, loadRows: 300 } })
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  await viewer.hold()
  const from = viewer.cursor
  for (let post = 0; post < 8; post++)
    await app.post(groupsOf({ a: rowsNamed(`p${post}-`, 90), b: rowsNamed('no', 10) }))
  await until(() => viewer.frames.at(-1)?.matched === 720)
  const start = await viewer.resume()
  const keys: string[] = []
  let at = from
  for (let complete = false; !complete; ) {
    const loaded = await viewer.load(at, start.cursor)
    keys.push(...loaded.rows.flatMap(rowsOf).map(({ impression }) => impression.key))
    expect(loaded.gaps).toEqual([])
    at = loaded.to
    complete = loaded.complete
  }
  expect(keys).toEqual(
    Array.from({ length: 8 }, (_, post) => rowsNamed(`p${post}-`, 90))
      .flat()
      .map(({ k }) => k),
  )
  expect(viewer.loads.length).toBeGreaterThan(1)
})

test('P5 what can no longer be loaded is told as a gap', async () => {
  const app = await openTestApp({ limits: { logBytes: 20_000 } })
  const viewer = await TestViewer.watch(app.url)
  const from = viewer.cursor
  for (let post = 0; post < 10; post++) await app.post(groupsOf({ a: rowsNamed('x', 100) }))
  await until(() => viewer.books.matched === 1000)
  const loaded = await viewer.load(from, viewer.cursor)
  const rows = loaded.rows.flatMap(rowsOf).length
  expect(loaded.complete).toBe(true)
  expect(loaded.gaps).toMatchObject([{ reason: 'trimmed' }])
  expect((loaded.gaps[0]?.impressions ?? 0) + rows).toBe(1000)
})

test('P6 a server that leaves sends its viewers away one after the other, and takes no new ones', async () => {
  const app = await openTestApp()
  const viewers = await Promise.all(Array.from({ length: 20 }, () => TestViewer.watch(app.url)))
  const waits: number[] = []
  for (const { socket } of viewers) {
    socket.on('drain', ({ reconnectInMs }) => {
      waits.push(reconnectInMs)
      setTimeout(() => socket.disconnect(), reconnectInMs)
    })
  }
  const began = performance.now()
  await app.close()
  expect(waits).toHaveLength(20)
  expect(Math.max(...waits)).toBeLessThanOrEqual(400)
  expect(new Set(waits).size).toBeGreaterThan(5)
  expect(performance.now() - began).toBeLessThan(1500)
})
