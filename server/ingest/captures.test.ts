import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Impression } from '../../domain/impression.ts'
import { head, openDoor, productionRing, type Reply, receivedAt, type TestDoor, Wire } from './ingest.fixture.ts'

type Group = { readonly f: string; readonly i: readonly Record<string, never>[] }
type Capture = {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly bodyText: string
  readonly body?: unknown
}

const folder = new URL('./captures/', import.meta.url)
const captures: readonly Capture[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, folder), 'utf8')) }))
const posts = captures.filter(({ method }) => method === 'POST')
const impressionPosts = posts.filter(({ path }) => path.includes('testImpressions/b'))
const otherPosts = posts.filter((capture) => !impressionPosts.includes(capture))
const preflights = captures.filter(({ method }) => method === 'OPTIONS')

async function replay(door: TestDoor, { method, path, headers, bodyText }: Capture): Promise<Reply> {
  const wire = new Wire(door.port)
  wire.write(
    head(
      method,
      path,
      headers.filter(([name]) => name !== 'Host'),
    ) + bodyText,
  )
  return wire.reply()
}

/** What should come of a capture, by its own parsed body. */
function expected({ headers, body }: Capture): readonly Partial<Impression>[] {
  const header = (name: string) => headers.find(([known]) => known === name)?.[1]
  const beacon = Array.isArray(body) ? undefined : (body as { entries: Group[]; sdk: string; sim: string })
  const [sdk, sdkVersion] = (beacon?.sdk ?? header('SplitSDKVersion') ?? '').split('-')
  const shared = {
    environmentId: 'prod',
    environmentName: 'Production',
    trafficTypeId: undefined,
    trafficTypeName: 'user',
    sdk,
    sdkVersion,
    machineName: header('SplitSDKMachineName'),
    machineIp: header('SplitSDKMachineIP'),
    impressionsMode: (beacon?.sim ?? header('SplitSDKImpressionsMode')) as Impression['impressionsMode'],
    source: beacon ? 'beacon' : 'sdk',
    verified: sdk === 'nodejs',
    receptionTimestamp: receivedAt,
  } as const
  return (beacon?.entries ?? (body as Group[])).flatMap(({ f, i }) =>
    i.map(({ k, b, t, m, c, r, pt, properties }) => ({
      ...shared,
      flag: f,
      key: k,
      bucketingKey: b,
      treatment: t,
      timestamp: m,
      changeNumber: c,
      label: r,
      previousTimestamp: pt,
      properties: properties && JSON.parse(properties),
      possibleRetry: undefined,
    })),
  )
}

test('I4 every recorded post of the real SDKs is taken, and its impressions come out whole', async () => {
  expect(impressionPosts).toHaveLength(10)
  for (const capture of impressionPosts) {
    const door = await openDoor()
    const impressions = expected(capture)
    const reply = await replay(door, capture)
    if (capture.path.endsWith('beacon')) expect(reply).toMatchObject({ status: 204, text: '' })
    else expect(reply).toMatchObject({ status: 200, text: `{"accepted":${impressions.length},"rejected":0}` })
    expect(door.recorded.impressions, capture.name).toEqual(impressions)
    expect(door.recorded.appends).toHaveLength(1)
  }
})

test('a recorded browser beacon, field by field', async () => {
  const door = await openDoor()
  const capture = impressionPosts.find(({ path }) => path.endsWith('beacon'))
  if (capture) await replay(door, capture)
  expect(door.recorded.impressions[0]).toEqual({
    environmentId: 'prod',
    environmentName: 'Production',
    trafficTypeName: 'user',
    flag: 'checkout_redesign',
    key: 'visitor-42',
    bucketingKey: 'device-9',
    treatment: 'v1',
    label: 'default rule',
    changeNumber: 1718900000123,
    timestamp: 1795514792381,
    previousTimestamp: 1795514789698,
    sdk: 'browserjs',
    sdkVersion: '1.7.1',
    impressionsMode: 'DEBUG',
    source: 'beacon',
    verified: false,
    receptionTimestamp: receivedAt,
  })
  expect(door.recorded.impressions[1]?.label).toBe('plan in list ["gold", "platinum"]')
})

test('a recorded Node post: mode, machine and properties', async () => {
  const door = await openDoor()
  const capture = captures.find(({ name }) => name === 'node-DEBUG-extra.testImpressions-bulk.json')
  if (capture) await replay(door, capture)
  const { impressions } = door.recorded
  expect(impressions[0]).toMatchObject({ sdk: 'nodejs', sdkVersion: '11.11.2', machineName: 'vm', verified: true })
  expect(impressions[0]).toMatchObject({ machineIp: '192.0.2.2', impressionsMode: 'DEBUG', source: 'sdk' })
  expect(impressions.find(({ key }) => key === 'dave')?.properties).toEqual({ page: '/cart', attempt: 2, beta: true })
})

test('every other recorded post is taken and counted', async () => {
  const door = await openDoor()
  for (const capture of otherPosts) {
    const reply = await replay(door, capture)
    if (capture.path.endsWith('beacon')) expect(reply, capture.name).toMatchObject({ status: 204, text: '' })
    else expect(reply, capture.name).toMatchObject({ status: 200, text: '{}' })
  }
  expect(door.recorded.entries).toHaveLength(otherPosts.length)
  expect(door.recorded.appends).toEqual([])
  const entriesOf = (kind: string) =>
    door.recorded.entries.filter((told) => told.kind === kind).map((told) => told.entries)
  expect(entriesOf('counts')).toEqual([1, 2, 2])
  expect(entriesOf('events')).toEqual([2, 2, 1, 1, 1, 1])
  expect(entriesOf('keys')).toEqual([1, 2])
})

test('every recorded preflight on a path of ours is allowed; the others are not ours', async () => {
  const door = await openDoor({ keys: productionRing() })
  for (const capture of preflights) {
    const reply = await replay(door, capture)
    const ours = capture.path.endsWith('/bulk')
    expect(reply.status, capture.name).toBe(ours ? 204 : 418)
    const requested = capture.headers.find(([name]) => name === 'Access-Control-Request-Headers')?.[1].split(',') ?? []
    const allowed = reply.headers['access-control-allow-headers']?.toLowerCase().split(', ')
    if (ours) expect(allowed).toEqual(expect.arrayContaining(requested))
  }
  expect(preflights.filter(({ path }) => path.endsWith('/bulk')).length).toBeGreaterThan(2)
})
