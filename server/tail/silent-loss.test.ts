import { expect, type MockInstance, onTestFinished, test, vi } from 'vitest'
import { acceptedBetween } from '../../domain/chain.ts'
import { groupsOf, openTestApp, rowsNamed, until } from '../app.fixture.ts'
import { Interest } from './interest.ts'
import { Sockets } from './sockets.ts'
import { TestViewer } from './viewer.fixture.ts'

/** Makes a method of the running server do nothing, once, and tells nobody. */
function failOnce(method: MockInstance<(...values: never[]) => void>): { fired: () => boolean } {
  method.mockImplementationOnce(() => {})
  onTestFinished(() => method.mockRestore())
  return { fired: () => method.mock.calls.length > 0 }
}

test('F22 a frame that the server drops in silence is found from totals and sequence numbers, to the row', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 10) }))
  await until(() => viewer.rows.length === 10)
  const fault = failOnce(vi.spyOn(Sockets.prototype, 'frame'))
  await app.post(groupsOf({ a: rowsNamed('y', 7) }))
  await until(fault.fired)
  await app.post(groupsOf({ a: rowsNamed('z', 5) }))
  await until(() => viewer.rows.length === 15)
  expect(viewer.books).toMatchObject({ matched: 22, held: 15, skipped: 7, sampledOut: 0 })
})

test('F23 a batch that the server forgets in silence shows in the chain: more was accepted than matched', async () => {
  const app = await openTestApp()
  const viewer = await TestViewer.watch(app.url)
  const before = viewer.cursor
  await app.post(groupsOf({ a: rowsNamed('x', 10) }))
  await until(() => viewer.rows.length === 10)
  const fault = failOnce(vi.spyOn(Interest.prototype, 'route'))
  await app.post(groupsOf({ a: rowsNamed('y', 7) }))
  await until(fault.fired)
  await app.post(groupsOf({ a: rowsNamed('z', 5) }))
  await until(() => viewer.rows.length === 15)
  expect(acceptedBetween(before, viewer.cursor)).toBe(22)
  expect(viewer.books.matched).toBe(15)
})
