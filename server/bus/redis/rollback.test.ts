import { readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { batchOf, until, valueIn } from '../bus.fixture.ts'
import { givenBus, givenRedis } from './redis.fixture.ts'
import type { RedisServer } from './redis-server.fixture.ts'
import { givenFollower, keysInLog, Traffic } from './traffic.fixture.ts'

const environmentId = 'prod'

/** Cuts off the file of appends where this text is first written: in the midst of a transaction, as a crash may. */
async function cutAppends(server: RedisServer, text: string): Promise<void> {
  const folder = join(server.folder, 'appendonlydir')
  const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'))
  if (!name) throw new Error('Redis has written no appends')
  const at = (await readFile(join(folder, name))).indexOf(text)
  if (at === -1) throw new Error(`Redis has not written ${text}`)
  await truncate(join(folder, name), at)
}

test('B26 after a crash that took the newest second, offsets repeat: a fork is told once and no later batch is dropped', async () => {
  const server = await givenRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'everysec'] })
  const { bus } = await givenBus(server.url)
  const follower = await givenFollower(bus, environmentId)
  const append = async (key: string) => valueIn(await bus.append(environmentId, [batchOf(environmentId, { key })]))
  for (const key of ['kept-1', 'kept-2', 'lost-1', 'lost-2', 'lost-3']) await append(key)
  await until(() => follower.keys.length === 5)
  const before = valueIn(await bus.head(environmentId))

  await server.kill()
  await cutAppends(server, '"k":"lost-1"')
  const traffic = new Traffic(bus, environmentId)
  await traffic.untilRefused()
  await server.restart()
  await traffic.untilAccepted(10)
  await until(() => follower.gaps.length > 0)
  await traffic.untilAccepted(10)
  await traffic.stop()
  traffic.expectBounded()

  expect(await keysInLog(bus, environmentId)).toEqual({ keys: ['kept-1', 'kept-2', ...traffic.accepted], gaps: [] })
  const after = valueIn(await bus.head(environmentId))
  expect(after).toMatchObject({ epoch: before.epoch, offset: 2 + traffic.accepted.length })
  await until(() => follower.keys.at(-1) === traffic.accepted.at(-1))
  expect(follower.gaps).toEqual([{ environmentId, reason: 'forked' }])
  const heardAgain = follower.keys.slice(5)
  expect(heardAgain).toEqual(traffic.accepted.slice(-heardAgain.length))
  expect(heardAgain.length).toBeGreaterThanOrEqual(10)
}, 30_000)
