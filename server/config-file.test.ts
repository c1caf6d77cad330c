import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type ConfigFile, readConfigFile } from './config-file.ts'

const serverKey = 'server-key-of-production-1'
const clientKey = 'client-key-of-production-1'

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function readText(text: string) {
  return readConfigFile('flagtail.json', () => text)
}

function accepted(file: unknown): ConfigFile {
  const read = readText(JSON.stringify(file))
  if (!read.ok) throw new Error(read.error)
  return read.value
}

function refused(file: unknown): string {
  const read = readText(JSON.stringify(file))
  if (read.ok) throw new Error('it was accepted')
  return read.error
}

/** A whole environment, of which a test names what it is about. */
function environment(fields: Readonly<Record<string, unknown>> = {}) {
  return { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key: serverKey }], ...fields }
}

function withKey(key: unknown) {
  return { environments: [environment(), environment({ id: 'stage', name: 'Staging', sdkKeys: [key] })] }
}

test('C5 the config file gives environments, and of their keys only the SHA-256', () => {
  const file = accepted({
    environments: [
      {
        id: 'prod',
        name: 'Production',
        trafficTypeId: '6b54',
        trafficTypeName: 'user',
        sdkKeys: [
          { kind: 'server', key: serverKey },
          { kind: 'client', sha256: hashOf(clientKey) },
        ],
      },
      { id: 'stage', name: 'stage', sdkKeys: [] },
    ],
  })
  expect(file).toEqual({
    environments: [
      {
        id: 'prod',
        name: 'Production',
        trafficTypeId: '6b54',
        trafficTypeName: 'user',
        sdkKeys: [
          { kind: 'server', sha256: hashOf(serverKey) },
          { kind: 'client', sha256: hashOf(clientKey) },
        ],
      },
      { id: 'stage', name: 'stage', sdkKeys: [] },
    ],
    limits: {},
    auth: { roles: [] },
    proxy: undefined,
  })
  expect(JSON.stringify(file)).not.toContain(serverKey)
})

test('C5 a SHA-256 in capitals is the same key', () => {
  const { environments } = accepted(withKey({ kind: 'client', sha256: hashOf(clientKey).toUpperCase() }))
  expect(environments[1]?.sdkKeys).toEqual([{ kind: 'client', sha256: hashOf(clientKey) }])
})

test('C5 a key may have a name, a time and, for clients, the origins of its pages as browsers write them', () => {
  const made = { name: 'web shop', createdAt: '2026-11-24T10:00:00.000Z' }
  const origins = [
    'HTTPS://Shop.example:443',
    'http://localhost:8080',
    'capacitor://localhost',
    'https://bücher.example',
  ]
  const { environments } = accepted(withKey({ kind: 'client', key: clientKey, ...made, origins }))
  expect(environments[1]?.sdkKeys).toEqual([
    {
      kind: 'client',
      sha256: hashOf(clientKey),
      ...made,
      origins: [
        'https://shop.example',
        'http://localhost:8080',
        'capacitor://localhost',
        'https://xn--bcher-kva.example',
      ],
    },
  ])
})

test('C5 limits override the defaults by name', () => {
  expect(
    accepted({ environments: [environment()], limits: { bodyBytes: 1000, logMs: 90 * 24 * 3_600_000 } }).limits,
  ).toEqual({ bodyBytes: 1000, logMs: 90 * 24 * 3_600_000 })
})

const missing = 'received undefined'

test.each([
  [{}, `environments: Invalid input: expected array, ${missing}`],
  [[], 'the file: Invalid input: expected object, received array'],
  [{ environments: [] }, 'environments: at least one is wanted'],
  [{ environments: [environment()], limit: {} }, 'the file: unknown field "limit"'],
  [{ environments: [environment({ sdkkeys: [] })] }, 'environments[0]: unknown field "sdkkeys"'],
  [
    { environments: [environment({ id: undefined })] },
    `environments[0].id: Invalid input: expected string, ${missing}`,
  ],
  [{ environments: [environment({ id: 'a b' })] }, 'environments[0].id: 1 to 64 of A-Z a-z 0-9 . _ - are wanted'],
  [
    { environments: [environment({ id: 'a'.repeat(65) })] },
    'environments[0].id: 1 to 64 of A-Z a-z 0-9 . _ - are wanted',
  ],
  [{ environments: [environment({ name: '' })] }, 'environments[0].name: 1 to 256 characters are wanted'],
  [
    { environments: [environment({ trafficTypeId: 5 })] },
    'environments[0].trafficTypeId: Invalid input: expected string, received number',
  ],
  [
    { environments: [environment({ sdkKeys: undefined })] },
    `environments[0].sdkKeys: Invalid input: expected array, ${missing}`,
  ],
  [withKey(serverKey), 'environments[1].sdkKeys[0]: Invalid input: expected object, received string'],
  [
    withKey({ kind: 'server', key: 'x'.repeat(19) }),
    'environments[1].sdkKeys[0].key: a key has at least 20 characters',
  ],
  [
    withKey({ kind: 'server', key: 'x'.repeat(1025) }),
    'environments[1].sdkKeys[0].key: a key has at most 1,024 characters',
  ],
  [
    withKey({ kind: 'server', key: `${clientKey}\n` }),
    'environments[1].sdkKeys[0].key: a key is plain ASCII without spaces',
  ],
  [
    withKey({ kind: 'server', key: 'ftl_s_000000000000000000000000_0VX4Z1' }),
    'environments[1].sdkKeys[0].key: a made key whose checksum is wrong: it is mistyped',
  ],
  [
    withKey({ kind: 'client', key: clientKey, origins: [] }),
    'environments[1].sdkKeys[0].origins: at least one is wanted',
  ],
  [
    withKey({ kind: 'client', key: clientKey, origins: ['https://shop.example', 'https://shop.example/cart'] }),
    'environments[1].sdkKeys[0].origins[1]: an origin like https://shop.example is wanted, without a path',
  ],
  [
    withKey({ kind: 'server', key: clientKey, origins: ['https://shop.example'] }),
    'environments[1].sdkKeys[0]: only a client key has origins',
  ],
  [
    withKey({ kind: 'server', key: clientKey, createdAt: 'yesterday' }),
    'environments[1].sdkKeys[0].createdAt: a time like 2026-11-24T10:00:00Z is wanted',
  ],
  [
    withKey({ kind: 'server', key: clientKey, name: 'two\nlines' }),
    'environments[1].sdkKeys[0].name: 1 to 100 characters are wanted',
  ],
  [withKey({ kind: 'server', sha256: clientKey }), 'environments[1].sdkKeys[0].sha256: 64 hex digits are wanted'],
  [
    withKey({ kind: 'admin', key: clientKey }),
    'environments[1].sdkKeys[0].kind: Invalid option: expected one of "server"|"client"',
  ],
  [withKey({ kind: 'server' }), 'environments[1].sdkKeys[0]: either "key" or "sha256" is wanted'],
  [
    withKey({ kind: 'server', key: clientKey, sha256: hashOf(clientKey) }),
    'environments[1].sdkKeys[0]: either "key" or "sha256" is wanted',
  ],
  [withKey({ kind: 'server', key: clientKey, note: 'x' }), 'environments[1].sdkKeys[0]: unknown field "note"'],
  [{ environments: [environment()], limits: { bodyByte: 1 } }, 'limits: unknown field "bodyByte"'],
  [
    { environments: [environment()], limits: { bodyBytes: 0 } },
    'limits.bodyBytes: Too small: expected number to be >0',
  ],
  [
    { environments: [environment()], limits: { bodyBytes: 1.5 } },
    'limits.bodyBytes: Invalid input: expected int, received number',
  ],
  [
    { environments: [environment()], limits: { bodyBytes: '9' } },
    'limits.bodyBytes: Invalid input: expected number, received string',
  ],
  [
    { environments: [environment()], limits: { tickMs: 2 ** 31 } },
    'limits.tickMs: at most 2147483647 (24 days) is wanted',
  ],
])('C6 case %#: a mistake is told with its path', (file, refusal) => {
  expect(refused(file)).toBe(`flagtail.json: ${refusal}`)
})

test('C6 what is no JSON, cannot be read or is not there is refused by the name of the file', () => {
  expect(readText('{"environments": [}')).toEqual({ ok: false, error: 'flagtail.json is not JSON' })
  expect(readText('')).toEqual({ ok: false, error: 'flagtail.json is not JSON' })
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const unreadable = readConfigFile(folder, readFileSync)
  expect(!unreadable.ok && unreadable.error).toMatch(`cannot read FLAGTAIL_CONFIG ${folder}: EISDIR`)
  const absent = readConfigFile(join(folder, 'none.json'), readFileSync)
  expect(!absent.ok && absent.error).toMatch(`cannot read FLAGTAIL_CONFIG ${join(folder, 'none.json')}: ENOENT`)
})

const stage = { id: 'stage', name: 'Staging', sdkKeys: [] }

test.each([
  ['an id', { ...stage, id: 'prod' }, 'environments[1].id: the same as environments[0].id'],
  ['a name', { ...stage, name: 'Production' }, 'environments[1].name: the same as environments[0].name'],
  ['an id as a name', { ...stage, name: 'prod' }, 'environments[1].name: the same as environments[0].id'],
  ['a name as an id', { ...stage, id: 'Production' }, 'environments[1].id: the same as environments[0].name'],
  [
    'a key',
    { ...stage, sdkKeys: [{ kind: 'client', key: serverKey }] },
    'environments[1].sdkKeys[0]: the same as environments[0].sdkKeys[0]',
  ],
  [
    'a key and its SHA-256',
    { ...stage, sdkKeys: [{ kind: 'server', sha256: hashOf(serverKey).toUpperCase() }] },
    'environments[1].sdkKeys[0]: the same as environments[0].sdkKeys[0]',
  ],
])('C7 %s may not stand there twice', (_, second, refusal) => {
  const text = refused({ environments: [environment(), second] })
  expect(text).toBe(`flagtail.json: ${refusal}; ids, names and keys belong to one environment`)
})

test('C7 a key may not stand twice in one environment either', () => {
  const sdkKeys = [
    { kind: 'server', key: serverKey },
    { kind: 'client', key: serverKey },
  ]
  expect(refused({ environments: [environment({ sdkKeys })] })).toContain('environments[0].sdkKeys[1]: the same as')
})

test('C8 whatever is wrong with the file, the refusal never contains a key', () => {
  const key = fc.stringMatching(/^[A-Za-z0-9_-]{0,10}[0-9][A-Za-z0-9_-]{8,60}$/)
  fc.assert(
    fc.property(key.chain(filesWith), ({ key, text }) => {
      const read = readText(text)
      expect(!read.ok && read.error.includes(key)).toBe(false)
    }),
    { numRuns: 1000 },
  )
})

/** Files of about the right shape, with a key wherever a person may have put it, and some of them cut off. */
function filesWith(key: string) {
  const word = fc.constantFrom<unknown>(key, key, hashOf(key), 'server', 'client', 'prod', '', 7, null, [key], { key })
  const name = fc.constantFrom(key, 'kind', 'key', 'sha256', 'id', 'name')
  const oneKey = fc.oneof(
    fc
      .record({ kind: fc.constantFrom('server', 'client') })
      .chain((kind) => fc.dictionary(name, word, { maxKeys: 3 }).map((fields) => ({ ...kind, ...fields }))),
    word,
  )
  const one = fc
    .record({ id: word, name: word, sdkKeys: fc.oneof(fc.array(oneKey, { maxLength: 3 }), word) })
    .chain((whole) => fc.dictionary(name, word, { maxKeys: 1 }).map((fields) => ({ ...whole, ...fields })))
  const good = fc.constant(environment({ sdkKeys: [{ kind: 'server', key }] }))
  const file = fc.record(
    {
      environments: fc.oneof(fc.array(fc.oneof(good, one), { maxLength: 3 }), word),
      limits: fc.dictionary(name, word),
      [key]: word,
    },
    { requiredKeys: ['environments'] },
  )
  return fc.record({ file, cut: fc.oneof(fc.constant(0), fc.nat(40)) }).map(({ file, cut }) => {
    const text = JSON.stringify(file)
    return { key, text: text.slice(0, text.length - cut) }
  })
}
