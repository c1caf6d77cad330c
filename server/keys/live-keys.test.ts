import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../domain/limits.ts'
import { groupsOf, openTestApp, type TestApp, type TestAppOptions, until } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { givenConnection, givenRedis } from '../bus/redis/redis.fixture.ts'
import { type ConfiguredEnvironments, readConfigFile } from '../config-file.ts'
import { openSharedStore } from '../store/open.ts'
import { openFileShelf } from './file-shelf.ts'
import { keyIdOf, makeKey, sha256Of } from './made-key.ts'
import { newKey } from './shelf.contract.ts'
import { openStoreShelf } from './store-shelf.ts'

const fileKey = 'the-key-in-the-config-file'
const file = {
  environments: [
    { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key: fileKey }] },
    { id: 'stage', name: 'Staging', sdkKeys: [] },
  ],
}
const limits = { keysRefreshMs: 20 }

function givenFile(text: string = JSON.stringify(file)): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-live-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'flagtail.json')
  writeFileSync(path, text)
  return path
}

function environmentsIn(path: string): ConfiguredEnvironments {
  return valueIn(readConfigFile(path, () => JSON.stringify(file))).environments
}

function openServer(configPath: string, options: TestAppOptions = {}): Promise<TestApp> {
  return openTestApp({ configPath, environments: environmentsIn(configPath), limits, ...options })
}

async function isTaken({ url }: TestApp, key: string): Promise<boolean> {
  const headers = { Authorization: `Bearer ${key}` }
  const body = JSON.stringify(groupsOf({ a: [{}] }))
  const { status } = await fetch(`${url}/api/testImpressions/bulk`, { method: 'POST', headers, body })
  if (status !== 200 && status !== 401 && status !== 429) throw new Error(`unexpected ${status}`)
  return status === 200
}

async function givenShelf(redisUrl: string) {
  const store = valueIn(await openSharedStore({ redisUrl, limits: defaultLimits, now: Date.now }))
  onTestFinished(() => store.close())
  return openStoreShelf(store, environmentsIn(''))
}

test('KY8 without Redis a key that is made in the config file is taken, and one that is revoked is dead, without a restart', async () => {
  const path = givenFile()
  const app = await openServer(path)
  const shelf = openFileShelf(path)
  const key = makeKey('server')
  expect([await isTaken(app, fileKey), await isTaken(app, key)]).toEqual([true, false])
  valueIn(await shelf.add(newKey({ sha256: sha256Of(key) })))
  await until(() => isTaken(app, key))
  valueIn(await shelf.remove(keyIdOf(sha256Of(fileKey))))
  await until(async () => !(await isTaken(app, fileKey)))
  expect(await isTaken(app, key)).toBe(true)
  expect(app.logged).toEqual([])
})

test('KY8 with Redis a made key is taken by every server, and a revoked one is dead on every one', async () => {
  const { url } = await givenRedis()
  const shelf = await givenShelf(url)
  const [early, late] = [makeKey('server'), makeKey('client')]
  valueIn(await shelf.add(newKey({ sha256: sha256Of(early) })))
  const path = givenFile()
  const servers = [await openServer(path, { redisUrl: url }), await openServer(path, { redisUrl: url })]
  for (const server of servers) expect(await isTaken(server, early)).toBe(true)
  valueIn(await shelf.add(newKey({ sha256: sha256Of(late), kind: 'client' })))
  for (const server of servers) await until(() => isTaken(server, late))
  valueIn(await shelf.remove(keyIdOf(sha256Of(early))))
  for (const server of servers) await until(async () => !(await isTaken(server, early)))
  for (const server of servers) expect(await isTaken(server, fileKey)).toBe(true)
})

test('KY8 a made key posts to its environment with its kind and its origins', async () => {
  const { url } = await givenRedis()
  const shelf = await givenShelf(url)
  const key = makeKey('client')
  valueIn(await shelf.add(newKey({ sha256: sha256Of(key), kind: 'client', origins: ['https://shop.example'] })))
  const app = await openServer(givenFile(), { redisUrl: url })
  await app.post(groupsOf({ made: [{}] }), { key, headers: { Origin: 'https://shop.example' } })
  await expect(app.post(groupsOf({ made: [{}] }), { key, headers: { Origin: 'https://evil.test' } })).rejects.toThrow(
    '403',
  )
  const { impressions } = await (await fetch(`${app.url}/api/impressions?q=flag:made`)).json()
  expect(impressions).toMatchObject([{ environmentId: 'stage', verified: false }])
  expect(impressions).toHaveLength(1)
})

test('KY8 keys have 30 s to be known, so that a revoked one is dead within 60 s', () => {
  expect(defaultLimits.keysRefreshMs).toBeLessThanOrEqual(30_000)
})

test('KY9 while Redis is down the last known keys are taken, that is told once, and what was revoked meanwhile is dead afterwards', async () => {
  const redis = await givenRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] })
  const shelf = await givenShelf(redis.url)
  const key = makeKey('server')
  valueIn(await shelf.add(newKey({ sha256: sha256Of(key) })))
  const path = givenFile()
  const app = await openServer(path, { redisUrl: redis.url })
  await redis.kill()
  await until(() => app.logged.some((line) => line.startsWith('made SDK keys stay as they were')))
  const other = makeKey('server')
  valueIn(await openFileShelf(path).add(newKey({ sha256: sha256Of(other) })))
  await until(async () => (await statusOf(app, other)) === 503)
  expect(await statusOf(app, key)).toBe(503) // not 401: the key is known, the log is away
  await redis.restart()
  const direct = await givenConnection(redis.url)
  await direct.hdel('flagtail:{store}:table:keys', sha256Of(key))
  await until(async () => (await statusOf(app, key)) === 401)
  expect(app.logged.filter((line) => line.startsWith('made SDK keys stay'))).toHaveLength(1)
})

async function statusOf({ url }: TestApp, key: string): Promise<number> {
  const headers = { Authorization: `Bearer ${key}` }
  const body = JSON.stringify(groupsOf({ a: [{}] }))
  return (await fetch(`${url}/api/testImpressions/bulk`, { method: 'POST', headers, body })).status
}

test('KY9 a config file that breaks leaves the keys as they were, which is told once; mended it counts again', async () => {
  const path = givenFile()
  const app = await openServer(path)
  writeFileSync(path, '{"environments": [')
  const words = `SDK keys stay as they were: ${path} is not JSON`
  await until(() => app.logged.includes(words))
  expect(await isTaken(app, fileKey)).toBe(true)
  const another = 'another-key-in-the-config-file'
  const stage = { id: 'stage', name: 'Staging', sdkKeys: [{ kind: 'server', key: another }] }
  writeFileSync(path, JSON.stringify({ environments: [stage, { id: 'new', name: 'New', sdkKeys: [] }] }))
  await until(() => isTaken(app, another))
  expect(await isTaken(app, fileKey)).toBe(false)
  const strangers = 'environments are read at the start only, and these are new in the config file: new'
  expect(app.logged).toEqual([words, strangers])
})

test('KY9 a server whose Redis cannot tell the keys at the start does not start without them', async () => {
  const { url } = await givenRedis()
  const redis = await givenConnection(url)
  await redis.set('flagtail:{store}:table:keys', 'not a table')
  await expect(openServer(givenFile(), { redisUrl: url })).rejects.toThrow('cannot read the SDK keys: WRONGTYPE')
})

test('KY9 made keys that this version cannot read are told, and the others are taken', async () => {
  const { url } = await givenRedis()
  const shelf = await givenShelf(url)
  const key = makeKey('server')
  valueIn(await shelf.add(newKey({ sha256: sha256Of(key) })))
  const redis = await givenConnection(url)
  await redis.hset('flagtail:{store}:table:keys', sha256Of('torn'), '{"environ')
  const app = await openServer(givenFile(), { redisUrl: url })
  expect(await isTaken(app, key)).toBe(true)
  expect(app.logged).toEqual(['1 of the made SDK keys cannot be read by this version, and are not taken'])
})
