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

test('C1 without settings the server takes any key, signs in by a token of its own, on loopback, on port 3000, without Redis', () => {
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
      access: { kind: 'sign-in', token: undefined, provider: undefined, grants: [] },
      proxy: undefined,
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
      access: { kind: 'nobody-asks' },
      proxy: undefined,
      limits: { ...defaultLimits, tickMs: 50 },
    },
  })
  const names = [
    'PORT',
    'HOST',
    'REDIS_URL',
    'FLAGTAIL_CONFIG',
    'FLAGTAIL_TOKEN',
    'FLAGTAIL_AUTH',
    'FLAGTAIL_HOSTS',
    'FLAGTAIL_AUDIT',
  ]
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}))
})

test.each(['FLAGTAIL_PROT', 'FLAGTAIL_PORT', 'FLAGTAIL_', 'FLAGTAIL_CONFIG_'])('C1 %s is refused by name', (name) => {
  expect(refusalOf({ [name]: '' })).toBe(
    `unknown setting ${name} (known: PORT, HOST, REDIS_URL, FLAGTAIL_CONFIG, FLAGTAIL_TOKEN, FLAGTAIL_AUTH, FLAGTAIL_HOSTS, FLAGTAIL_AUDIT)`,
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
  expect(refusalOf({ HOST: host })).toMatch(
    /^HOST=.* lets others in.*FLAGTAIL_CONFIG.*FLAGTAIL_AUTH=none if everybody may post and read$/,
  )
  expect(readConfig({ HOST: host, FLAGTAIL_AUTH: 'none' }).ok).toBe(true)
  expect(isLoopback(host)).toBe(false)
})

test.each(loopback)('C3 open mode on %s needs no word', (host) => {
  expect(readConfig({ HOST: host }).ok).toBe(true)
})

const token = 'a-token-of-more-than-32-characters-1'
const oidc = { issuer: 'https://id.example.com', clientId: 'flagtail', url: 'https://flags.example.com' }
const signsIn = { secret: 'a-secret-of-the-proxy-with-32-chars' }

test('C3 a public address wants keys and a way to sign in: a token, a provider, a proxy, or the word that there is none', () => {
  const HOST = '0.0.0.0'
  const withFile = (more: object) => ({
    HOST,
    FLAGTAIL_CONFIG: givenFile(JSON.stringify({ ...oneEnvironment, ...more })),
  })
  expect(refusalOf({ HOST, FLAGTAIL_TOKEN: token })).toMatch(/without FLAGTAIL_CONFIG any key/)
  expect(refusalOf(withFile({}))).toMatch(/nothing says who may read: set FLAGTAIL_TOKEN/)
  expect(refusalOf(withFile({ proxy: { addresses: ['10.0.0.1'] } }))).toMatch(/nothing says who may read/)
  expect(readConfig({ ...withFile({}), FLAGTAIL_TOKEN: token }).ok).toBe(true)
  expect(readConfig({ ...withFile({}), FLAGTAIL_AUTH: 'none' }).ok).toBe(true)
  expect(readConfig(withFile({ auth: { oidc } })).ok).toBe(true)
  expect(readConfig(withFile({ proxy: { addresses: ['10.0.0.0/8'], signsIn } })).ok).toBe(true)
})

test("C14 a provider, roles and a proxy arrive, and the provider's URL is a name by which we may be asked", () => {
  const roles = [{ group: 'support', environments: ['prod'], role: 'masked' }]
  const proxy = { addresses: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'], signsIn }
  const path = givenFile(JSON.stringify({ ...oneEnvironment, auth: { oidc, roles }, proxy }))
  const config = readConfig({ FLAGTAIL_CONFIG: path })
  expect(config.ok && config.value).toMatchObject({
    hosts: ['flags.example.com'],
    access: {
      kind: 'sign-in',
      token: undefined,
      provider: { ...oidc, scope: 'openid profile email groups' },
      grants: roles,
    },
    proxy: { addresses: proxy.addresses, signsIn: { ...signsIn, personHeader: 'x-forwarded-user' } },
  })
})

test.each([
  [{ auth: { oidc: { ...oidc, issuer: 'http://id.example.com' } } }, 'auth.oidc.issuer: an https URL is wanted'],
  [{ auth: { oidc: { ...oidc, url: 'https://flags.example.com/tail' } } }, 'auth.oidc.url: a URL without path'],
  [
    { auth: { roles: [{ group: 'a', environments: ['stage'], role: 'full' }] } },
    'auth.roles[0].environments: no environment',
  ],
  [{ auth: { roles: [{ group: 'a', environments: ['*'], role: 'owner' }] } }, 'auth.roles[0].role'],
  [{ proxy: { addresses: ['10.0.0.0/33'] } }, 'proxy.addresses[0]: an address or a CIDR'],
  [{ proxy: { addresses: ['10.0.0.1'], signsIn: { secret: 'short' } } }, 'proxy.signsIn.secret: at least 32'],
])('C14 %j is refused', (more, wanted) => {
  expect(refusalOf({ FLAGTAIL_CONFIG: givenFile(JSON.stringify({ ...oneEnvironment, ...more })) })).toContain(wanted)
})

test.each(['short', `${token} with space`, `${token}#`])(
  'C14 FLAGTAIL_TOKEN=%s is refused, and not repeated',
  (wrong) => {
    expect(refusalOf({ FLAGTAIL_TOKEN: wrong })).toMatch(/^FLAGTAIL_TOKEN has 32 to 256 of/)
    expect(refusalOf({ FLAGTAIL_TOKEN: wrong })).not.toContain(wrong)
  },
)

test('C14 that nobody signs in and that somebody does cannot both be said', () => {
  expect(refusalOf({ FLAGTAIL_AUTH: 'none', FLAGTAIL_TOKEN: token })).toMatch(
    /^FLAGTAIL_AUTH=none says that nobody signs in/,
  )
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
