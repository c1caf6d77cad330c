import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../domain/limits.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { givenConnection, givenRedis } from '../bus/redis/redis.fixture.ts'
import type { ConfiguredEnvironments } from '../config-file.ts'
import { openMemoryStore } from '../store/memory.ts'
import { openSharedStore } from '../store/open.ts'
import { keyIdOf, sha256Of } from './made-key.ts'
import { readMadeKeys } from './made-keys.ts'
import { newKey, shelfContract, writtenKey } from './shelf.contract.ts'
import { openStoreShelf } from './store-shelf.ts'

const environments: ConfiguredEnvironments = [
  { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', sha256: sha256Of(writtenKey) }] },
  { id: 'stage', name: 'Staging', sdkKeys: [] },
]

async function openStore(redisUrl: string) {
  return valueIn(await openSharedStore({ redisUrl, limits: defaultLimits, now: Date.now }))
}

shelfContract('Redis', async (views) => {
  const { url } = await givenRedis()
  const stores = await Promise.all(Array.from({ length: views }, () => openStore(url)))
  return stores.map((store) => openStoreShelf(store, environments))
})

test('KY5 a key that stands in the config file is revoked there, and that is said', async () => {
  const shelf = openStoreShelf(openMemoryStore({ limits: defaultLimits, now: Date.now }), environments)
  const id = keyIdOf(sha256Of(writtenKey))
  const words = `${id} stands in the config file: take it out there, servers read it again within a minute`
  expect(await shelf.remove(id)).toEqual({ ok: false, error: words })
})

test('KY5 in Redis there is the SHA-256 of a key, and what was said of it; what cannot be read is no key', async () => {
  const { url } = await givenRedis()
  const store = await openStore(url)
  onTestFinished(() => store.close())
  const key = newKey({ kind: 'client', name: 'web', origins: ['https://shop.example'] })
  valueIn(await openStoreShelf(store, environments).add(key))
  const redis = await givenConnection(url)
  const { sha256, environmentId, ...fields } = key
  expect(await redis.hgetall('flagtail:{store}:table:keys')).toEqual({
    [sha256]: JSON.stringify({ environment: environmentId, ...fields }),
  })
  const record = { environment: 'stage', kind: 'client', createdAt: key.createdAt }
  const newer = sha256Of('newer')
  await redis.hset('flagtail:{store}:table:keys', newer, JSON.stringify({ ...record, expiresAt: 'later' }))
  const limited = { ...record, origins: { kind: 'a newer sort of list' } }
  await redis.hset('flagtail:{store}:table:keys', sha256Of('limited'), JSON.stringify(limited))
  await redis.hset('flagtail:{store}:table:keys', 'no hash', JSON.stringify(record), sha256Of('torn'), '{"environ')
  const { keys, unreadable } = valueIn(await readMadeKeys(store))
  expect(keys.map((one) => one.sha256).sort()).toEqual([newer, sha256].sort())
  expect(unreadable).toBe(3)
})
