import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { givenRedis } from '../bus/redis/redis.fixture.ts'
import { askRedis, freePort } from '../bus/redis/redis-server.fixture.ts'
import { isMadeKey, keyIdOf, sha256Of } from './made-key.ts'
import { runKeys } from './run-command.ts'

const writtenKey = 'written-by-hand-into-the-file'
const file = {
  environments: [
    { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key: writtenKey }] },
    { id: 'stage', name: 'Staging', sdkKeys: [] },
  ],
}

function givenFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-run-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'flagtail.json')
  writeFileSync(path, JSON.stringify(file))
  return path
}

type Settings = Readonly<Record<string, string | undefined>>

/** Runs a command as a person types it; `said` is everything that can be seen of it. */
async function keys(words: string, environment: Settings) {
  const told: string[] = []
  const remarks: string[] = []
  const done = await runKeys({
    words: words.split(' ').filter((word) => word !== ''),
    environment,
    now: () => Date.UTC(2026, 10, 24, 10),
    tell: (text) => void told.push(text),
    remark: (line) => void remarks.push(line),
  })
  return { done, told, remarks, refusal: done.ok ? '' : done.error }
}

/** In the config file, and in Redis. */
const places: readonly (readonly [string, () => Promise<Settings>])[] = [
  ['config file', async () => ({ FLAGTAIL_CONFIG: givenFile() })],
  ['Redis', async () => ({ FLAGTAIL_CONFIG: givenFile(), REDIS_URL: (await givenRedis()).url })],
]

test.each(places)(
  'KY12 in the %s a key is made and told once, listed without itself, and revoked',
  async (place, given) => {
    const settings = await given()
    const origins = '--origin https://shop.example --origin HTTPS://shop.example --origin http://localhost:8080'
    const made = await keys(`create --environment stage --kind client --name web ${origins}`, settings)
    expect(made.done.ok).toBe(true)
    expect(made.told).toHaveLength(1)
    const [key = ''] = made.told
    expect(isMadeKey(key) && key.startsWith('ftl_c_')).toBe(true)
    const id = keyIdOf(sha256Of(key))
    expect(made.remarks).toEqual([`${id}: a client key of stage, shown this once. Servers take it within 30 s.`])
    const listed = await keys('list', settings)
    expect(listed.told[0]?.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['id', 'environment', 'kind', 'name', 'created', 'origins', 'kept in'],
      [keyIdOf(sha256Of(writtenKey)), 'prod', 'server', '-', '-', '-', 'config file'],
      [id, 'stage', 'client', 'web', '2026-11-24T10:00:00.000Z', 'https://shop.example http://localhost:8080', place],
    ])
    const revoked = await keys(`revoke ${id}`, settings)
    expect(revoked.remarks).toEqual([`${id}, a client key of stage, is revoked: dead on every server within 60 s.`])
    const after = await keys('list', settings)
    expect(after.told[0]).not.toContain(id)
    const said = JSON.stringify([
      made.remarks,
      listed,
      revoked,
      after,
      readFileSync(settings.FLAGTAIL_CONFIG ?? '', 'utf8'),
    ])
    expect(said).not.toContain(key.slice(6, 30))
  },
)

function runProgram(args: readonly string[], environment: Settings) {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' as const, ...environment }
  return spawnSync(process.execPath, args, { env, encoding: 'utf8' })
}

test('KY12 the key stands alone on standard output, so that it can be piped, and a refusal has exit code 1', () => {
  const program = ['--import', 'tsx', fileURLToPath(new URL('../main-keys.ts', import.meta.url))]
  const settings = { FLAGTAIL_CONFIG: givenFile() }
  const made = runProgram([...program, 'create', '--environment', 'stage'], settings)
  expect(made.status).toBe(0)
  expect(made.stdout.endsWith('\n') && isMadeKey(made.stdout.trimEnd())).toBe(true)
  expect(made.stderr).toMatch(/^flagtail: [0-9a-f]{8}: a server key of stage, shown this once\. [^\n]+\n$/)
  const refused = runProgram([...program, 'create', '--environment', 'prd'], settings)
  expect(refused).toMatchObject({ status: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^flagtail: no environment "prd" in [^\n]+\n$/)
})

test('KY13 flagtail knows serving and keys, and says so of anything else', () => {
  const program = fileURLToPath(new URL('../../scripts/flagtail.js', import.meta.url))
  const other = runProgram([program, 'key'], {})
  expect(other).toMatchObject({ status: 1, stdout: '' })
  expect(other.stderr).toBe(
    'flagtail: nothing is called "key": flagtail serves, flagtail keys makes and revokes SDK keys\n',
  )
})

test.each(places)('KY13 in the %s a third key, and an environment that is not there, are refused', async (_, given) => {
  const settings = await given()
  expect((await keys('create --environment prod', settings)).done.ok).toBe(true)
  const third = await keys('create --environment prod', settings)
  expect(third.refusal).toMatch(
    /^prod has 2 live server keys \([0-9a-f]{8}, [0-9a-f]{8}\), and 2 are the most: revoke one first$/,
  )
  expect(third.told).toEqual([])
  const unknown = await keys('create --environment prd', settings)
  expect(unknown.refusal).toBe(`no environment "prd" in ${settings.FLAGTAIL_CONFIG}, which has prod, stage`)
})

test('KY13 without a place for keys, or in open mode, it is said what is missing', async () => {
  for (const words of ['create --environment prod', 'list', 'revoke 0a1b2c3d']) {
    expect((await keys(words, {})).refusal).toBe(
      'no place for keys: set REDIS_URL to the Redis of your servers, or FLAGTAIL_CONFIG to the config file of your one server',
    )
  }
  const redis = await givenRedis()
  const open = await keys('create --environment development', { REDIS_URL: redis.url })
  expect(open.refusal).toMatch(/^without FLAGTAIL_CONFIG the servers are in open mode, in which any key/)
  expect(await askRedis(redis.port, 'DBSIZE')).toBe(':0\r\n')
  expect((await keys('list', { REDIS_URL: redis.url })).done.ok).toBe(true)
})

test('KY13 settings that a server would refuse are refused, but what is for serving alone does not matter', async () => {
  const path = givenFile()
  expect((await keys('list', { FLAGTAIL_CONFIG: path, FLAGTAIL_PROT: '1' })).refusal).toMatch(
    /^unknown setting FLAGTAIL_PROT/,
  )
  expect((await keys('list', { FLAGTAIL_CONFIG: path, PORT: 'x', HOST: '0.0.0.0' })).done.ok).toBe(true)
  const port = await freePort()
  const away = await keys('list', { FLAGTAIL_CONFIG: path, REDIS_URL: `redis://:hidden@127.0.0.1:${port}` })
  expect(away.refusal).toBe(`cannot use Redis at redis://127.0.0.1:${port}/0: connect ECONNREFUSED 127.0.0.1:${port}`)
})

test.each([
  ['delete x', 'flagtail keys takes create, list or revoke, not "delete"'],
  ['create', '--environment <id> is wanted: the key is for one of the config file'],
  ['create --environment', "Option '--environment <value>' argument missing"],
  ['create --environment prod --kind admin', '--kind is server or client, not "admin"'],
  ['create --environment prod --origin https://shop.example', '--origin is for client keys: a server sends none'],
  [
    'create --environment prod --kind client --origin https://shop.example/cart',
    '--origin is like https://shop.example, without a path, not "https://shop.example/cart"',
  ],
  [`create --environment prod --name ${'x'.repeat(101)}`, '--name is 1 to 100 plain characters'],
  ['create --environment prod --role x', "Unknown option '--role'"],
  ['create --environment prod stage', 'a word too many: what has spaces wants quotes'],
  ['ftl_s_000000000000000000000000_0VX4Zl', 'flagtail keys takes create, list or revoke, not that'],
  ['list all', 'flagtail keys list takes nothing else'],
  ['revoke', 'flagtail keys revoke takes the id of one key'],
  ['revoke 0a1b2c3d 0a1b2c3e', 'flagtail keys revoke takes the id of one key'],
  ['revoke 0A1B2C3D', 'an id is 8 hex digits, as flagtail keys list shows it (not the key itself)'],
  ['revoke ftl_s_secret', 'an id is 8 hex digits, as flagtail keys list shows it (not the key itself)'],
])('KY13 flagtail keys %s is not understood, and that is said in one line', async (words, refusal) => {
  const { done, told } = await keys(words, { FLAGTAIL_CONFIG: givenFile() })
  expect(done).toEqual({ ok: false, error: refusal })
  expect(told).toEqual([])
})

test('KY13 without a word it is said what there is', async () => {
  expect((await keys('', {})).refusal.split('\n')).toEqual([
    expect.stringMatching(/^flagtail keys create --environment /),
    'flagtail keys list',
    'flagtail keys revoke <id>',
  ])
})

test.each(places)(
  'AU4 in the %s keys that are made and revoked are written down, without the key',
  async (_, given) => {
    const path = join(givenFile(), '..', 'audit.ndjson')
    const settings = { ...(await given()), FLAGTAIL_AUDIT: path }
    const { told } = await keys('create --environment prod --name api', settings)
    const keyId = keyIdOf(sha256Of(told[0] ?? ''))
    await keys('list', settings)
    await keys(`revoke ${keyId}`, settings)
    const text = readFileSync(path, 'utf8')
    const person = userInfo().username
    const line = {
      time: '2026-11-24T10:00:00.000Z',
      person,
      address: 'local',
      keyId,
      environment: 'prod',
      kind: 'server',
    }
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((one) => JSON.parse(one)),
    ).toEqual([
      { ...line, event: 'key-created', name: 'api' },
      { ...line, event: 'key-revoked', name: 'api' },
    ])
    expect(text).not.toContain(told[0])
  },
)

test('AU4 when it cannot be written down, the key is made all the same, and that is said', async () => {
  const settings = { FLAGTAIL_CONFIG: givenFile(), FLAGTAIL_AUDIT: '/nowhere/audit.ndjson' }
  const made = await keys('create --environment stage', settings)
  expect(made.done.ok).toBe(true)
  expect(made.remarks.at(-1)).toBe('this is not in the audit log: /nowhere/audit.ndjson cannot be written')
})
