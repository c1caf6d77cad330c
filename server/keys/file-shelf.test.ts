import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until, valueIn } from '../bus/bus.fixture.ts'
import { readConfigFile } from '../config-file.ts'
import { openFileShelf } from './file-shelf.ts'
import { keyIdOf, sha256Of } from './made-key.ts'
import { newKey, shelfContract, writtenKey } from './shelf.contract.ts'

const file = {
  environments: [
    { id: 'prod', name: 'Production', trafficTypeName: 'user', sdkKeys: [{ kind: 'server', key: writtenKey }] },
    { name: 'Staging', id: 'stage', sdkKeys: [] },
  ],
  limits: { logBytes: 1_000_000 },
}

function givenFile(text: string = JSON.stringify(file)): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'flagtail.json')
  writeFileSync(path, text)
  return path
}

shelfContract('the config file', async (views) => {
  const path = givenFile()
  return Array.from({ length: views }, () => openFileShelf(path))
})

test('KY7 the file keeps everything else, in its order, two spaces deep', async () => {
  const path = givenFile()
  const shelf = openFileShelf(path)
  const key = newKey({ kind: 'client', name: 'web', origins: ['https://shop.example'] })
  valueIn(await shelf.add(key))
  const { sha256, kind, createdAt, name, origins } = key
  const [prod, stage] = file.environments
  const withKey = { ...file, environments: [prod, { ...stage, sdkKeys: [{ kind, sha256, createdAt, name, origins }] }] }
  expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(withKey, undefined, 2)}\n`)
  valueIn(await shelf.remove(keyIdOf(sha256)))
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(file)
  valueIn(await shelf.remove(keyIdOf(sha256Of(writtenKey))))
  expect(valueIn(await shelf.list())).toEqual([])
})

test('KY7 whoever reads the file while it is changed finds a whole one, and nothing is left beside it', async () => {
  const path = givenFile()
  const shelf = openFileShelf(path)
  let changing = true
  const changes = (async () => {
    for (let round = 0; round < 30; round++) {
      const key = newKey()
      valueIn(await shelf.add(key))
      valueIn(await shelf.remove(keyIdOf(key.sha256)))
    }
    changing = false
  })()
  let reads = 0
  await until(() => {
    valueIn(readConfigFile(path, readFileSync))
    reads++
    return !changing
  })
  await changes
  expect(reads).toBeGreaterThan(5)
  expect(readdirSync(dirname(path))).toEqual(['flagtail.json'])
})

test('KY7 rights of the file and a link to it stay', async () => {
  const path = givenFile()
  chmodSync(path, 0o640)
  const link = `${path}.link`
  symlinkSync(path, link)
  valueIn(await openFileShelf(link).add(newKey()))
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(JSON.parse(readFileSync(path, 'utf8')).environments[1].sdkKeys).toHaveLength(1)
  expect(readFileSync(link, 'utf8')).toBe(readFileSync(path, 'utf8'))
})

test('KY7 a file that is wrong, is not there, or is being changed is left as it is, and that is told in one line', async () => {
  const broken = givenFile('{"environments": [')
  expect(await openFileShelf(broken).add(newKey())).toEqual({ ok: false, error: `${broken} is not JSON` })
  expect(readFileSync(broken, 'utf8')).toBe('{"environments": [')
  expect(readdirSync(dirname(broken))).toEqual(['flagtail.json'])
  const absent = await openFileShelf(`${broken}.none`).add(newKey())
  expect(!absent.ok && absent.error).toMatch(`cannot change ${broken}.none: ENOENT`)
  const path = givenFile()
  writeFileSync(`${path}.flagtail-keys`, '')
  const busy = await openFileShelf(path).add(newKey())
  const words = `somebody is changing ${path}: wait, or delete ${path}.flagtail-keys if nobody is`
  expect(busy).toEqual({ ok: false, error: words })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(file)
})
