import { expect, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed, twoEnvironments, until } from '../app.fixture.ts'
import { TestViewer } from './viewer.fixture.ts'

const balance = ({ books }: TestViewer): number => books.held + books.evicted + books.sampledOut + books.skipped

test('F1 a viewer gets the newest matches of the log, then every later one, each once and in order', async () => {
  const app = await openTestApp()
  await app.post(groupsOf({ checkout: rowsNamed('early', 600) }))
  const viewer = await TestViewer.watch(app.url)
  expect(viewer.rows).toHaveLength(500)
  expect(viewer.starts[0]).toMatchObject({ complete: false, replayed: { matched: 500 } })
  await app.post(groupsOf({ checkout: rowsNamed('late', 300), search: rowsNamed('other', 2) }))
  await until(() => viewer.rows.length === 802)
  expect(viewer.keys.slice(0, 500)).toEqual(
    rowsNamed('early', 600)
      .slice(100)
      .map(({ k }) => k),
  )
  expect(viewer.keys.slice(500, 800)).toEqual(rowsNamed('late', 300).map(({ k }) => k))
  expect(new Set(viewer.rows.map(({ id }) => id)).size).toBe(802)
  expect(viewer.books).toMatchObject({ matched: 802, held: 802, sampledOut: 0, skipped: 0 })
})

test('F2 counts are exact however few of the rows are sent, and the books add up', async () => {
  const app = await openTestApp({ limits: { tailRowsPerSecond: 100, tailRowsBurst: 200 } })
  const viewer = await TestViewer.watch(app.url)
  for (let post = 0; post < 20; post++) {
    await app.post(groupsOf({ a: rowsNamed('x', 400, { t: 'on' }), b: rowsNamed('y', 100, { t: 'off' }) }))
  }
  await until(() => viewer.books.matched === 10_000)
  expect(balance(viewer)).toBe(10_000)
  expect(viewer.books.sampledOut).toBeGreaterThan(9000)
  expect(viewer.books.held).toBe(viewer.rows.length)
  expect(new Map(viewer.books.perTreatment.counts)).toEqual(
    new Map([
      ['on', 8000],
      ['off', 2000],
    ]),
  )
})

test('F3 what is sampled is a uniform sample: no treatment, flag or place in a post is favoured', async () => {
  const app = await openTestApp({ limits: { tailRowsPerSecond: 2000, tailRowsBurst: 2000 } })
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 9000, { t: 'on' }), b: rowsNamed('y', 3000, { t: 'off' }) }))
  await until(() => viewer.books.matched === 12_000)
  const off = viewer.rows.filter(({ impression }) => impression.treatment === 'off').length
  expect(viewer.rows.length).toBeGreaterThanOrEqual(2000)
  expect(off / viewer.rows.length).toBeGreaterThan(0.2) // 0.25 ± 5 standard deviations of 0.0097
  expect(off / viewer.rows.length).toBeLessThan(0.3)
})

test('F4 a post of 5,000 after a quiet time is not sampled, and comes in frames of at most 500 rows', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 5000) }))
  await until(() => viewer.books.matched === 5000)
  expect(viewer.books).toMatchObject({ held: 5000, sampledOut: 0, skipped: 0 })
  const perFrame = viewer.frames.map(
    (frame) => frame.rows.flatMap((group) => group.flags).flatMap((flag) => flag.rows).length,
  )
  expect(Math.max(...perFrame)).toBeLessThanOrEqual(512) // whole batches of 256
})

test('F5 frames of a Tail are at least a tick apart, however many posts come in', async () => {
  const app = await openTestApp({ limits: { tickMs: 100 } })
  const viewer = await TestViewer.watch(app.url)
  for (let post = 0; post < 60; post++) await app.post(groupsOf({ a: rowsNamed('x', 1) }))
  await until(() => viewer.rows.length === 60)
  const span = (viewer.frameTimes.at(-1) ?? 0) - (viewer.frameTimes[0] ?? 0)
  expect(viewer.frames.length).toBeLessThanOrEqual(span / 100 + 3)
})

test('F6 a Tail sends a frame at least once a second, also when nothing matches, with the cursor moved on', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 50 } })
  const viewer = await TestViewer.watch(app.url, 'flag:nothing')
  await app.post(groupsOf({ a: rowsNamed('x', 3) }))
  await until(() => viewer.cursor[0]?.cumulative === 3)
  expect(viewer.books.matched).toBe(0)
  const frames = viewer.frames.length
  await until(() => viewer.frames.length >= frames + 3)
  expect(viewer.frames.map(({ sequence }) => sequence)).toEqual(
    viewer.frames.map((_, index) => (viewer.frames[0]?.sequence ?? 0) + index),
  )
})

test('F7 a viewer that comes back with its cursor gets exactly what it missed, and its books go on', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  await app.post(groupsOf({ a: rowsNamed('first', 10), b: rowsNamed('no', 5) }))
  await until(() => viewer.rows.length === 10)
  await viewer.hold()
  await app.post(groupsOf({ a: rowsNamed('second', 20), b: rowsNamed('no', 5) }))
  await until(() => viewer.frames.at(-1)?.matched === 30)
  const start = await viewer.resume()
  expect(start).toMatchObject({ replayed: { matched: 20 }, complete: true, gaps: [] })
  await app.post(groupsOf({ a: rowsNamed('third', 5) }))
  await until(() => viewer.rows.length === 35)
  expect(new Set(viewer.rows.map(({ id }) => id)).size).toBe(35)
  expect(viewer.books).toMatchObject({ matched: 35, held: 35, skipped: 0 })
})

test('F8 what the log no longer holds is a gap with the exact count, beside matched', async () => {
  const app = await openTestApp({ limits: { logBytes: 20_000, ringBytes: 1 } })
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  await app.post(groupsOf({ a: rowsNamed('first', 10) }))
  await until(() => viewer.rows.length === 10)
  viewer.socket.disconnect()
  for (let post = 0; post < 10; post++) await app.post(groupsOf({ a: rowsNamed('x', 50), b: rowsNamed('y', 50) }))
  const back = await TestViewer.watch(app.url, 'flag:a', viewer.cursor)
  const [gap] = back.starts[0]?.gaps ?? []
  expect(gap).toMatchObject({ environmentId: 'development', reason: 'trimmed' })
  expect((gap?.impressions ?? 0) + back.books.matched * 2).toBe(1000)
  expect(gap?.impressions).toBeGreaterThan(0)
})

test('F9 a Tail reads the environments that its filter leaves, and counts only what it matches', async () => {
  const app = await openTestApp({ environments: twoEnvironments })
  const stage = await TestViewer.watch(app.url, 'env:Staging treatment:off')
  const both = await TestViewer.watch(app.url, 'flag:a')
  await app.post(groupsOf({ a: [{ t: 'on' }, { t: 'off' }] }), { key: 'prod-server-key-0001' })
  await app.post(
    groupsOf({
      a: [
        { t: 'off', k: 's1' },
        { t: 'on', k: 's2' },
      ],
      b: [{}],
    }),
    { key: 'stage-client-key-001' },
  )
  await until(() => both.rows.length === 4 && stage.rows.length === 1)
  expect(stage.keys).toEqual(['s1'])
  expect(stage.cursor.map(({ environmentId }) => environmentId)).toEqual(['stage'])
  expect(both.rows.map(({ impression }) => [impression.environmentId, impression.verified])).toEqual([
    ['prod', true],
    ['prod', true],
    ['stage', false],
    ['stage', false],
  ])
  expect(both.starts[0]?.environments).toEqual([
    { id: 'prod', name: 'Production' },
    { id: 'stage', name: 'Staging' },
  ])
})

test('F10 a viewer on hold gets exact totals without rows, and on resume the rows', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 50 } })
  const viewer = await TestViewer.watch(app.url)
  await viewer.hold()
  await app.post(groupsOf({ a: rowsNamed('x', 40) }))
  await until(() => viewer.frames.some((frame) => frame.matched === 40))
  expect(viewer.rows).toHaveLength(0)
  expect(viewer.frames.find((frame) => frame.matched === 40)?.cursor).toEqual([])
  await viewer.resume()
  expect(viewer.rows).toHaveLength(40)
  expect(viewer.books).toMatchObject({ matched: 40, held: 40 })
})

test('F11 of more matches than a replay may send the newest come, and the rest is counted as skipped', async () => {
  const app = await openTestApp({ limits: { replayRows: 100, heartbeatMs: 50 } })
  const viewer = await TestViewer.watch(app.url)
  await viewer.hold()
  await app.post(groupsOf({ a: rowsNamed('x', 700) }))
  await until(() => viewer.frames.at(-1)?.matched === 700)
  const start = await viewer.resume()
  expect(start).toMatchObject({ complete: false, replayed: { matched: 700 } })
  expect(viewer.keys).toEqual(
    rowsNamed('x', 700)
      .slice(600)
      .map(({ k }) => k),
  )
  expect(viewer.books).toMatchObject({ matched: 700, held: 100, skipped: 600 })
})

test('F12 a filter that does not parse is refused with its token, and what was watched goes on', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  viewer.socket.emit('watch', { revision: 2, filter: 'flga:b' })
  await until(() => viewer.refusals.length === 1)
  expect(viewer.refusals[0]).toMatchObject({ reason: 'filter', revision: 2, error: { token: 'flga', position: 0 } })
  await app.post(groupsOf({ a: rowsNamed('x', 1) }))
  await until(() => viewer.rows.length === 1)
})

test('F13 a message that is none is refused in one line, and the connection stays', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url)
  const say = (event: string, message: unknown): unknown =>
    Reflect.apply(viewer.socket.emit, viewer.socket, [event, message])
  say('watch', { revision: -1, filter: 7 })
  say('resume', { cursor: [{ environmentId: '../x', offset: 1 }] })
  say('watch', null)
  await until(() => viewer.refusals.length === 3)
  expect(viewer.refusals.every(({ reason }) => reason === 'message')).toBe(true)
  await app.post(groupsOf({ a: rowsNamed('x', 1) }))
  await until(() => viewer.rows.length === 1)
  expect(app.logged).toEqual([])
})

test('F14 an env that names no environment gives no rows and says so', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url, 'env:nowhere')
  expect(viewer.starts[0]?.unknownEnvironments).toEqual(['nowhere'])
  const all = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 1) }))
  await until(() => all.rows.length === 1)
  expect(viewer.rows).toHaveLength(0)
})

test('F15 a changed filter keeps the socket and is backfilled from the log', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  await app.post(groupsOf({ a: rowsNamed('a', 3), b: rowsNamed('b', 4) }))
  await until(() => viewer.rows.length === 3)
  const start = await viewer.watch('key:b2')
  expect(start).toMatchObject({ revision: 2, complete: true, replayed: { matched: 1 } })
  expect(viewer.keys.at(-1)).toBe('b2')
  expect(viewer.books).toMatchObject({ matched: 1, held: 1 })
})

test('F16 a viewer of another protocol version is refused before it watches', async () => {
  const app = await openTestApp()
  const { io } = await import('socket.io-client')
  const socket = io(app.url, { transports: ['websocket'], auth: { version: 999 }, reconnection: false })
  const error = await new Promise<Error & { data?: unknown }>((resolve) => socket.once('connect_error', resolve))
  socket.disconnect()
  expect(error.data).toMatchObject({ reason: 'version' })
})

test('F17 pickers are told the exact counts of the last minute, before the filter', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 40 } })
  const viewer = await TestViewer.watch(app.url, 'flag:a')
  await app.post(groupsOf({ a: rowsNamed('x', 3), b: rowsNamed('y', 4, { t: 'off' }) }))
  await until(() => viewer.facets.at(-1)?.flags.values.length === 2)
  expect(viewer.facets.at(-1)).toMatchObject({
    environments: { values: [['development', 7]], other: 0 },
    flags: {
      values: [
        ['b', 4],
        ['a', 3],
      ],
      other: 0,
    },
    treatments: {
      values: [
        ['off', 4],
        ['on', 3],
      ],
      other: 0,
    },
  })
})
