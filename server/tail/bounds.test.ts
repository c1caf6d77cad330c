import { expect, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed, until } from '../app.fixture.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { openHarness, PlayBus } from './harness.fixture.ts'
import { BatchRing } from './ring.ts'
import { TestViewer } from './viewer.fixture.ts'

test('a ring takes about the memory that it may, also when every batch is tiny', () => {
  const ring = new BatchRing(1024 * 1024)
  const batches = batchesOf(groupsOf({ a: [{}] }))
  for (const batch of chained(Array.from({ length: 5000 }, () => batches).flat())) ring.push(batch)
  expect(ring.before(5001, 5000).length).toBeLessThan(1000) // each some 1.3 KB, of which its row is 40 bytes
})

test('a start is bounded in bytes', async () => {
  const { bus, view } = openHarness()
  const one = view()
  await one.watch('flag:other')
  const cursor = one.cursor
  for (let post = 0; post < 15; post++)
    await bus.append(
      'development',
      batchesOf(
        groupsOf({ a: rowsNamed(`x${post}-`, 100, { properties: JSON.stringify({ p: 'p'.repeat(30_000) }) }) }),
      ),
    )
  const two = view()
  let chars = 0
  const start = two.start.bind(two)
  two.start = (message) => {
    chars = message.text.length
    start(message)
  }
  await two.watch('', cursor)
  expect(chars).toBeLessThan(8 * 1024 * 1024)
})

test('pickers are told the last minute also when nobody watched for a part of it', async () => {
  const app = await openTestApp({ limits: { heartbeatMs: 40 } })
  const first = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 5) }))
  await until(() => first.rows.length === 5)
  first.socket.disconnect()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await app.post(groupsOf({ a: rowsNamed('y', 7) }))
  const back = await TestViewer.watch(app.url)
  await until(() => back.facets.length > 0)
  expect(back.facets.at(-1)?.flags.values).toEqual([['a', 12]])
})

test('a hold right behind a watch does not lose the start', async () => {
  const { view } = openHarness()
  const one = view()
  const watching = one.watch()
  one.viewer.hold()
  await watching
  expect(one.starts).toHaveLength(1)
})

test('messages that are none are paced too', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url)
  for (let one = 0; one < 3000; one++) Reflect.apply(viewer.socket.emit, viewer.socket, ['watch', null])
  await until(() => viewer.refusals.length >= 200, 2000).catch(() => {})
  expect(viewer.refusals.length).toBeLessThan(200)
})

test('nothing is encoded for a Tail whose room is empty', async () => {
  const h = openHarness()
  const one = h.view()
  await one.watch()
  one.viewer.hold()
  let _frames = 0
  const tail = (h.fanout as unknown as { tails: number }).tails
  expect(tail).toBe(1)
  const { Tail } = await import('./tail.ts')
  const take = Tail.prototype.takeFrame
  let bytes = 0
  Tail.prototype.takeFrame = function (...args) {
    const frame = take.apply(this, args)
    _frames++
    bytes += frame?.text.length ?? 0
    return frame
  }
  for (let post = 0; post < 20; post++)
    await h.bus.append('development', batchesOf(groupsOf({ a: rowsNamed('x', 250) })))
  await new Promise((resolve) => setTimeout(resolve, 400))
  Tail.prototype.takeFrame = take
  expect(bytes).toBeLessThan(20_000)
})

test('catching up does not spin while the follower is behind the log', async () => {
  const bus = new PlayBus()
  const { view } = openHarness({ bus })
  const one = view()
  await one.watch()
  await bus.append('development', batchesOf(groupsOf({ a: rowsNamed('w', 1) })))
  await until(() => one.keys.length === 1)
  bus.muted = true
  for (let post = 0; post < 3; post++) await bus.append('development', batchesOf(groupsOf({ a: rowsNamed('x', 1) })))
  const head = await bus.current.head('development')
  if (!head.ok) throw new Error('head')
  bus.calls.after = 0
  const late = view()
  const watching = late.watch('', [head.value]) // comes from a server that has heard more
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(bus.calls.after).toBeLessThan(50)
  late.viewer.close()
  await watching
})
