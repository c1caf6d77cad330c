import { expect, onTestFinished, test } from 'vitest'
import type { Environment } from '../../domain/impression.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { groupsOf, openTestApp, rowsNamed, until } from '../app.fixture.ts'
import type { Bus } from '../bus/bus.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { startRedis } from '../bus/redis/redis-server.fixture.ts'
import { withSharedReads } from '../bus/shared-reads.ts'
import { batchesOf } from './batches.fixture.ts'
import { catchUp } from './catch-up.ts'
import { Logs } from './logs.ts'
import { seeAll, testMasks } from './sight.fixture.ts'
import { TestViewer } from './viewer.fixture.ts'

const environment: Environment = { id: 'development', name: 'development' }

test('N5 however many viewers come back at once to a server that knows nothing yet, the log is read once', async () => {
  const limits = defaultLimits
  const inner = openMemoryBus({ limits, environments: 1, now: Date.now })
  onTestFinished(() => inner.close())
  for (let post = 0; post < 300; post++)
    await inner.append('development', batchesOf(groupsOf({ a: rowsNamed('x', 20) })))
  let reads = 0
  const counted = new Proxy(inner, {
    get: (target, name) => {
      const member = Reflect.get(target, name)
      if (name !== 'after' && name !== 'before') return member.bind(target)
      return (...values: unknown[]) => {
        reads++
        return member.apply(target, values)
      }
    },
  }) satisfies Bus
  const bus = withSharedReads(counted)
  const logs = new Logs({
    bus,
    environments: [environment],
    limits,
    masks: testMasks,
    heard: () => {},
    gapTold: () => {},
    unfollowed: () => {},
    failed: () => {},
  })
  onTestFinished(() => logs.close())
  await logs.follow(['development'])
  const comeBack = async (): Promise<number> => {
    let batches = 0
    await catchUp({
      logs: seeAll(bus, logs),
      environments: ['development'],
      cursor: [],
      point: () => logs.positions,
      take: () => {
        batches++
      },
      gap: () => {},
      stale: () => false,
      pageBatches: limits.replayPageBatches,
      joined: () => {},
    })
    return batches
  }
  const all = await Promise.all(Array.from({ length: 200 }, comeBack))
  expect(all).toEqual(Array.from({ length: 200 }, () => 300))
  expect(reads).toBe(3) // pages of 100
})

test('N6 when a server restarts, its viewers come back on another node and every one has every row once', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const [left, right] = [await openTestApp({ redisUrl: redis.url }), await openTestApp({ redisUrl: redis.url })]
  const viewers = await Promise.all(Array.from({ length: 40 }, () => TestViewer.watch(left.url)))
  for (let post = 0; post < 5; post++) await left.post(groupsOf({ a: rowsNamed(`p${post}-`, 60) }))
  await until(() => viewers.every(({ rows }) => rows.length === 300))
  const leaving = left.close()
  for (let post = 5; post < 10; post++) await right.post(groupsOf({ a: rowsNamed(`p${post}-`, 60) }))
  await leaving
  const back = await Promise.all(viewers.map(({ cursor }) => TestViewer.watch(right.url, '', cursor)))
  for (const [index, viewer] of back.entries()) {
    await until(() => viewer.rows.length + (viewers[index]?.rows.length ?? 0) === 600)
    const ids = [...(viewers[index]?.rows ?? []), ...viewer.rows].map(({ id }) => id)
    expect(new Set(ids).size).toBe(600)
  }
})
