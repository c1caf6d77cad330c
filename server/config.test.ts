import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../domain/limits.ts'
import { isLoopback, readConfig } from './config.ts'

function refusalOf(environment: Readonly<Record<string, string>>): string {
  const config = readConfig(environment)
  if (config.ok) throw new Error('it was accepted')
  return config.error
}

function givenFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'flagtail.json')
  writeFileSync(path, text)
  return path
}

const oneEnvironment = { environments: [{ id: 'prod', name: 'Production', sdkKeys: [] }] }

test('C1 without settings the server is open, on loopback, on port 3000, without Redis', () => {
  expect(readConfig({ PATH: '/bin', HOME: '/root', PORTAL: 'x' })).toEqual({
    ok: true,
    value: {
      port: 3000,
      host: '127.0.0.1',
      redisUrl: undefined,
      environments: 'open',
      configPath: undefined,
      auditPath: undefined,
      hosts: [],
      limits: defaultLimits,
    },
  })
})

test('C1 every setting arrives, and an empty one is as if it were not set', () => {
  const path = givenFile(JSON.stringify({ ...oneEnvironment, limits: { tickMs: 50 } }))
  const set = readConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    REDIS_URL: 'rediss://:word@redis.internal:6380/2',
    FLAGTAIL_CONFIG: path,
    FLAGTAIL_AUTH: 'none',
    FLAGTAIL_HOSTS: 'flags.example.com, tail.internal:8443,[fd00::1]:3000,',
    FLAGTAIL_AUDIT: '/var/log/flagtail/audit.ndjson',
  })
  expect(set).toEqual({
    ok: true,
    value: {
      port: 8080,
      host: '0.0.0.0',
      redisUrl: 'rediss://:word@redis.internal:6380/2',
      environments: oneEnvironment.environments,
      configPath: path,
      auditPath: '/var/log/flagtail/audit.ndjson',
      hosts: ['flags.example.com', 'tail.internal:8443', '[fd00::1]:3000'],
      limits: { ...defaultLimits, tickMs: 50 },
    },
  })
  const names = ['PORT', 'HOST', 'REDIS_URL', 'FLAGTAIL_CONFIG', 'FLAGTAIL_AUTH', 'FLAGTAIL_HOSTS', 'FLAGTAIL_AUDIT']
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}))
})

test.each(['FLAGTAIL_PROT', 'FLAGTAIL_PORT', 'FLAGTAIL_', 'FLAGTAIL_CONFIG_'])('C1 %s is refused by name', (name) => {
  expect(refusalOf({ [name]: '' })).toBe(
    `unknown setting ${name} (known: PORT, HOST, REDIS_URL, FLAGTAIL_CONFIG, FLAGTAIL_AUTH, FLAGTAIL_HOSTS, FLAGTAIL_AUDIT)`,
  )
})

test.each(['0', '80', '65535', '08080'])('C2 PORT=%s is taken', (port) => {
  const config = readConfig({ PORT: port })
  expect(config.ok && config.value.port).toBe(Number(port))
})

test.each(['-1', '65536', '3000.5', '3e3', '0x50', '+80', ' ', '80 ', 'http', '99999999', 'NaN', '٣'])(
  'C2 PORT=%s is refused, and quoted',
  (port) => {
    expect(refusalOf({ PORT: port })).toBe(`PORT is a whole number from 0 to 65535, not "${port}"`)
  },
)

const reachable = [
  '0.0.0.0',
  '::',
  '192.168.1.20',
  '10.0.0.1',
  'fd00::1',
  'flags.local',
  '128.0.0.1',
  '127.example.com',
]
const loopback = ['127.0.0.1', '127.8.9.10', '::1', '0:0:0:0:0:0:0:1', 'localhost', 'LOCALHOST']

test.each(reachable)('C3 open mode on %s is refused unless FLAGTAIL_AUTH=none is said', (host) => {
  expect(refusalOf({ HOST: host })).toMatch(/^HOST=.* lets others in.*FLAGTAIL_AUTH=none$/)
  expect(readConfig({ HOST: host, FLAGTAIL_AUTH: 'none' }).ok).toBe(true)
  expect(isLoopback(host)).toBe(false)
})

test.each(loopback)('C3 open mode on %s needs no word', (host) => {
  expect(readConfig({ HOST: host }).ok).toBe(true)
})

test('C3 a config file lets in only who has a key, so any HOST will do', () => {
  expect(readConfig({ HOST: '0.0.0.0', FLAGTAIL_CONFIG: givenFile(JSON.stringify(oneEnvironment)) }).ok).toBe(true)
})

test.each(['token', 'None', 'oidc', 'true'])('C4 FLAGTAIL_AUTH=%s is refused', (auth) => {
  expect(refusalOf({ FLAGTAIL_AUTH: auth })).toBe(`FLAGTAIL_AUTH is "none" or not set, not "${auth}"`)
})

test.each(['redis', 'http://127.0.0.1:6379', '127.0.0.1:6379', 'redis//:hidden@127.0.0.1', 'unix:/hidden'])(
  'C4 REDIS_URL=%s is refused, and not repeated',
  (url) => {
    const refusal = refusalOf({ REDIS_URL: url })
    expect(refusal).toMatch(/^REDIS_URL is a URL like redis:\/\/127\.0\.0\.1:6379 or /)
    expect(refusal).not.toContain('hidden')
  },
)

test.each(['https://flags.example.com', 'flags.example.com/', 'a b', 'user@host', '*.example.com', 'x:port', '::1'])(
  'C4 FLAGTAIL_HOSTS=%s is refused',
  (host) => {
    const refusal = `FLAGTAIL_HOSTS is a comma list of host or host:port, and "${host}" is neither`
    expect(refusalOf({ FLAGTAIL_HOSTS: `ok.example.com, ${host}` })).toBe(refusal)
  },
)
