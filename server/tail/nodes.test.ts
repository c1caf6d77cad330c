import { expect, onTestFinished, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed, until } from '../app.fixture.ts'
import { type RedisServer, startRedis } from '../bus/redis/redis-server.fixture.ts'
import { TestViewer } from './viewer.fixture.ts'

async function openRedis(): Promise<RedisServer> {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  return redis
}

test('N1 a post to either of two servers behind one Redis is seen by the viewers of both, once', async () => {
  const redis = await openRedis()
  const [left, right] = [await openTestApp({ redisUrl: redis.url }), await openTestApp({ redisUrl: redis.url })]
  const viewers = [await TestViewer.watch(left.url), await TestViewer.watch(right.url)]
  await left.post(groupsOf({ a: rowsNamed('left', 300) }))
  await right.post(groupsOf({ a: rowsNamed('right', 300) }))
  for (const viewer of viewers) {
    await until(() => viewer.rows.length === 600)
    expect(new Set(viewer.keys).size).toBe(600)
    expect(viewer.books).toMatchObject({ matched: 600, held: 600, skipped: 0 })
  }
})

test('N2 a viewer that comes to another server with its cursor goes on where it was', async () => {
  const redis = await openRedis()
  const [left, right] = [await openTestApp({ redisUrl: redis.url }), await openTestApp({ redisUrl: redis.url })]
  const viewer = await TestViewer.watch(left.url)
  await left.post(groupsOf({ a: rowsNamed('x', 10) }))
  await until(() => viewer.rows.length === 10)
  viewer.socket.disconnect()
  await left.post(groupsOf({ a: rowsNamed('y', 20) }))
  const back = await TestViewer.watch(right.url, '', viewer.cursor)
  expect(back.keys).toEqual(rowsNamed('y', 20).map(({ k }) => k))
  expect(back.starts[0]).toMatchObject({ complete: true, gaps: [] })
})

test('N3 when Redis comes back empty, viewers see that the log began anew, and go on', async () => {
  const redis = await openRedis()
  const app = await openTestApp({ redisUrl: redis.url, limits: { idleTickMs: 100 } })
  const viewer = await TestViewer.watch(app.url)
  await app.post(groupsOf({ a: rowsNamed('x', 10) }))
  await until(() => viewer.rows.length === 10)
  await redis.restart()
  await until(async () =>
    app.post(groupsOf({ a: rowsNamed('y', 5) })).then(
      () => true,
      () => false,
    ),
  )
  await until(() => viewer.keys.includes('y4'))
  expect(viewer.gaps).toEqual([{ environmentId: 'development', reason: 'restarted' }])
  expect(viewer.keys.filter((key) => key.startsWith('x'))).toHaveLength(10)
})

test('N11 a viewer who stands before the first batch is told when that life of the log filled and ended meanwhile', async () => {
  const redis = await openRedis()
  const app = await openTestApp({ redisUrl: redis.url, limits: { idleTickMs: 100 } })
  const viewer = await TestViewer.watch(app.url)
  expect(viewer.cursor).toMatchObject([{ environmentId: 'development', offset: 0, cumulative: 0 }])
  viewer.socket.disconnect()
  await app.post(groupsOf({ a: rowsNamed('x', 10) }))
  await redis.restart()
  const posted = (): Promise<boolean> =>
    app.post(groupsOf({ a: rowsNamed('y', 5) })).then(
      () => true,
      () => false,
    )
  await until(posted)
  const back = await comeBack(app.url, viewer.cursor)
  expect(back.starts[0]?.gaps).toEqual([{ environmentId: 'development', reason: 'restarted' }])
  await until(() => back.keys.includes('y4'))
  expect(back.keys.some((key) => key.startsWith('x'))).toBe(false)
  expect(back.books).toMatchObject({ matched: back.keys.length, missed: { unknown: 1 } })
})

/** As the page does: who is refused because the log is away asks again. */
async function comeBack(url: string, cursor: TestViewer['cursor']): Promise<TestViewer> {
  let back: TestViewer | undefined
  await until(async () => {
    back = await TestViewer.watch(url, '', cursor).catch(() => undefined)
    return back !== undefined
  })
  return back as TestViewer
}

test('N4 while Redis is away posts are refused with 503 and Retry-After, and viewers are told', async () => {
  const redis = await openRedis()
  const app = await openTestApp({ redisUrl: redis.url })
  const viewer = await TestViewer.watch(app.url)
  await redis.stop()
  const body = JSON.stringify(groupsOf({ a: [{}] }))
  const headers = { Authorization: 'Bearer some-sdk-key' }
  const started = performance.now()
  const response = await fetch(`${app.url}/api/testImpressions/bulk`, { method: 'POST', headers, body })
  expect(response.status).toBe(503)
  expect(performance.now() - started).toBeLessThan(1100)
  expect(response.headers.get('retry-after')).toBe('30')
  await until(() => viewer.notices.some(({ kind }) => kind === 'bus-down'))
})
