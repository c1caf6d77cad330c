import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readEvidence } from '../../domain/evidence.ts'
import { groupsOf, openTestApp, type TestApp, twoEnvironments, until } from '../app.fixture.ts'
import { ask } from '../ask.fixture.ts'

async function evidenceOf({ url }: TestApp) {
  const evidence = readEvidence(JSON.parse((await ask(url, '/api/evidence')).text))
  if (!evidence) throw new Error('no evidence')
  return evidence
}

/** What is kept once so many requests were answered: an answer arrives before its sender is gone. */
async function evidenceAfter(app: TestApp, requests: number) {
  await until(async () => (await evidenceOf(app)).requests >= requests)
  return evidenceOf(app)
}

const bulk = '/api/testImpressions/bulk'
const key = { Authorization: 'Bearer some-sdk-key' }

test('W1 what came to the doors of SDKs is counted by what became of it', async () => {
  const app = await openTestApp({ environments: twoEnvironments })
  expect(await evidenceOf(app)).toMatchObject({ keys: 'configured', requests: 0 })
  await ask(app.url, bulk, { method: 'POST', headers: key })
  await ask(app.url, '/sdk/testImpressions/bulk?key=secret', { method: 'POST', headers: key })
  await ask(app.url, bulk, { method: 'OPTIONS', headers: { Origin: 'http://shop.test' } })
  await ask(app.url, '/api/splitChanges?since=-1', { headers: key })
  await ask(app.url, '/api/memberships/user-42', { headers: key })
  const mode = { SplitSDKImpressionsMode: 'OPTIMIZED', Origin: 'http://shop.test' }
  await app.post(groupsOf({ a: [{}] }), { key: 'prod-server-key-0001', headers: mode })
  const evidence = await evidenceAfter(app, 6)
  expect(evidence).toMatchObject({
    requests: 6,
    unknownKeys: 1,
    wrongPaths: 1,
    lastWrongPath: '/sdk/testImpressions/bulk',
    preflights: 1,
    definitions: 2,
    foreignPosts: 1,
    impressionPosts: 1,
    otherPosts: 0,
    refused: 0,
    modes: { OPTIMIZED: 1, DEBUG: 0, NONE: 0 },
    last: { method: 'POST', path: bulk, status: 200 },
  })
  expect(JSON.stringify(evidence)).not.toMatch(/secret|some-sdk-key|prod-server-key|user-42/)
})

test('W1 posts of other kinds, refused posts and open mode are told apart', async () => {
  const app = await openTestApp()
  expect((await evidenceOf(app)).keys).toBe('any')
  await fetch(`${app.url}/api/v1/metrics/config`, { method: 'POST', headers: key, body: '{}' })
  await fetch(`${app.url}${bulk}`, { method: 'POST', headers: key, body: 'no JSON' })
  expect(await evidenceAfter(app, 2)).toMatchObject({ otherPosts: 1, refused: 1, impressionPosts: 0 })
})

test('W1 pages, files, scripts and health checks are no evidence, and pages of other sites cannot read it', async () => {
  const app = await openTestApp()
  for (const path of ['/', '/_next/static/x.js', '/api/impressions', '/api/version', '/healthz', '/metrics']) {
    await ask(app.url, path)
  }
  expect(await evidenceOf(app)).toMatchObject({ requests: 0 })
  const foreign = await ask(app.url, '/api/evidence', { headers: { Origin: 'http://evil.test' } })
  expect(foreign.status).toBe(403)
  expect((await ask(app.url, '/api/evidence', { method: 'POST' })).status).toBe(405)
})

test('W2 of a path at most 256 characters are kept', async () => {
  const app = await openTestApp()
  await ask(app.url, `/${'x'.repeat(3000)}`, { method: 'POST' })
  const long = (await evidenceAfter(app, 1)).lastWrongPath ?? ''
  expect(long).toHaveLength(256)
  expect(long.endsWith('x…')).toBe(true)
})

test('KY11 a post from a page that its key is not for is told as that, and posts with wrong keys are counted, refused or not', async () => {
  const sha256 = createHash('sha256').update('client-key-of-the-shop').digest('hex')
  const sdkKeys = [{ kind: 'client', sha256, origins: ['https://shop.example'] }] as const
  const app = await openTestApp({
    environments: [{ id: 'prod', name: 'Production', sdkKeys }],
    limits: { badKeysPerSecond: 1, badKeysBurst: 1 },
  })
  const shop = { Authorization: 'Bearer client-key-of-the-shop' }
  await ask(app.url, bulk, { method: 'POST', headers: { ...shop, Origin: 'https://evil.test' } })
  await ask(app.url, bulk, { method: 'POST', headers: key })
  await ask(app.url, bulk, { method: 'POST', headers: key })
  expect(await evidenceAfter(app, 3)).toMatchObject({ wrongOrigins: 1, unknownKeys: 1, refused: 1, foreignPosts: 1 })
})
