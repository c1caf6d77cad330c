import { expect, test } from 'vitest'
import { HandClock } from '../tail/stage.fixture.ts'
import { TailStore } from '../tail/store.ts'
import { openDemoSocket } from './demo-socket.ts'

/** A store of this size over demo data, ten seconds of which are there from the start. */
function playDemo(capacity = 5000) {
  const clock = new HandClock()
  const connect = (hears: Parameters<typeof openDemoSocket>[0]) => openDemoSocket(hears, clock)
  const link = { text: '', paused: false, openId: undefined }
  const store = new TailStore({ clock, connect, capacity, paintMs: 100, flipMs: 0, link })
  store.open()
  clock.turn(50)
  return { clock, store }
}

/** Matched = held + evicted + sampled out + skipped, and nothing missed. */
function balance({ store }: ReturnType<typeof playDemo>): void {
  const { books } = store.view()
  expect(books.held + books.evicted + books.sampledOut + books.skipped).toBe(books.matched)
  expect(books.missed).toEqual({ impressions: 0, unknown: 0 })
}

test('W4 demo data are 50 rows a second, all of an environment called demo', () => {
  const demo = playDemo()
  demo.clock.turn(10_000)
  const { list, books, firstRun, facets, environments } = demo.store.view()
  expect(books).toMatchObject({ matched: 1000, held: 1000 })
  expect(firstRun.kind).toBe('over')
  expect(environments).toEqual([{ id: 'demo', name: 'demo' }])
  expect(facets?.environments.values).toEqual([['demo', 1000]])
  const ids = new Set(Array.from({ length: list.count }, (_, index) => list.at(index)?.id))
  expect(ids.size).toBe(list.count)
  balance(demo)
})

test('W4 demo data can be filtered, and counts stay exact', () => {
  const demo = playDemo()
  demo.store.setText('flag:legacy_banner')
  demo.clock.turn(5000)
  const { list, books } = demo.store.view()
  expect(books.matched).toBeGreaterThan(50)
  expect(books.held).toBe(books.matched)
  for (let index = 0; index < list.count; index++) {
    expect(list.at(index)).toMatchObject({ impression: { flag: 'legacy_banner', treatment: 'off' } })
  }
  balance(demo)
})

test('W4 demo data wait while they are paused for longer than they fit, and come on resume', () => {
  const demo = playDemo(1000)
  demo.store.reader.setPaused(true)
  demo.clock.turn(40_000)
  const { waiting, matched } = demo.store.view()
  expect(waiting).toBe(2000)
  demo.store.reader.setPaused(false)
  demo.clock.turn(1000)
  expect(demo.store.view().books.matched).toBeGreaterThan(matched)
  balance(demo)
})

test('W4 demo data older than the newest matches of a filter are loaded, each once', () => {
  const demo = playDemo()
  demo.clock.turn(30_000)
  demo.store.setText('-flag:nowhere')
  demo.clock.turn(1000)
  const before = demo.store.view().books.matched
  expect(before).toBeLessThan(1000)
  demo.store.reader.setPaused(true)
  for (let presses = 0; presses < 5; presses++) {
    const { list } = demo.store.view()
    demo.store.load(list.at(list.count - 1)?.id ?? '')
  }
  demo.clock.turn(1000)
  const { list, books } = demo.store.view()
  expect(list.at(list.count - 1)).toMatchObject({ kind: 'impression', impression: { flag: expect.any(String) } })
  expect(books.matched).toBe(2100) // all that there ever was
  balance(demo)
})
