import { Agent, request } from 'node:http'
import { SplitFactory } from '@splitsoftware/splitio'
import { expect, onTestFinished, test } from 'vitest'
import { startDefinitionsHost } from '../../e2e/definitions-host.fixture.ts'
import { groupsOf, openTestApp, rowsNamed, type TestApp, until } from '../app.fixture.ts'
import { givenConnection, givenRedis } from '../bus/redis/redis.fixture.ts'
import { type CuttingProxy, openProxy } from './cutting-proxy.fixture.ts'

/** Posts as an SDK does; resolves with the status, or with the word of the connection's failure. */
function post(url: string, groups: unknown, agent: Agent): Promise<number | string> {
  const headers = { Authorization: 'Bearer some-sdk-key', SplitSDKVersion: 'nodejs-11.11.2' }
  return new Promise((resolve) => {
    const posting = request(`${url}/api/testImpressions/bulk`, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    posting.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    posting.end(JSON.stringify(groups))
  })
}

function agentOf(keepAlive: boolean): Agent {
  const agent = new Agent({ keepAlive })
  onTestFinished(() => agent.destroy())
  return agent
}

/** What the log has, oldest first: the key, with a `?` when it is labelled. */
async function logged(app: TestApp): Promise<readonly string[]> {
  const answer = await (await fetch(`${app.url}/api/impressions?limit=1000`)).json()
  const impressions: readonly { key: string; possibleRetry?: true }[] = answer.impressions
  return impressions.map(({ key, possibleRetry }) => (possibleRetry ? `${key}?` : key)).reverse()
}

async function givenProxy(app: TestApp): Promise<CuttingProxy> {
  return openProxy(Number(new URL(app.url).port))
}

test.each([true, false])(
  'R1 nothing of a repeated post is dropped, and R2 exactly what is repeated is labelled (connections kept: %s)',
  async (keepAlive) => {
    const app = await openTestApp()
    const proxy = await givenProxy(app)
    const agent = agentOf(keepAlive)
    const lost = rowsNamed('lost', 300)
    expect(await post(proxy.url, groupsOf({ checkout: rowsNamed('before', 2) }), agent)).toBe(200)
    proxy.cutNextAnswer()
    expect(await post(proxy.url, groupsOf({ checkout: lost }), agent)).toBe('ECONNRESET')
    expect(proxy.answersCut()).toBe(1)
    const merged = groupsOf({ checkout: [...lost, ...rowsNamed('newer', 2)], search: [{ k: 'lost0' }] })
    expect(await post(proxy.url, merged, agent)).toBe(200)
    const keys = lost.map(({ k }) => k)
    const labelled = keys.map((key) => `${key}?`)
    expect(await logged(app)).toEqual(['before0', 'before1', ...keys, ...labelled, 'newer0', 'newer1', 'lost0'])
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    expect(metrics).toContain('flagtail_impressions_retried_total{environment="development"} 300')
    expect(metrics).toContain('flagtail_impressions_accepted_total{environment="development"} 605')
  },
)

test('R3 what Redis took although it answered too late is labelled when it comes again, what it never got is not', async () => {
  const redis = await givenRedis()
  const app = await openTestApp({ redisUrl: redis.url })
  const agent = agentOf(true)
  await postWhenUp(app, agent, 'first') // Redis knows the script of appends from now on
  redis.freeze()
  expect(await post(app.url, groupsOf({ checkout: [{ k: 'late' }] }), agent)).toBe(503)
  redis.thaw()
  await until(async () => (await logged(app)).length === 2)
  await postWhenUp(app, agent, 'late')
  expect(await logged(app)).toEqual(['first', 'late', 'late?'])

  await redis.kill()
  await untilMetrics(app, '\nflagtail_bus_up 0\n')
  expect(await post(app.url, groupsOf({ checkout: [{ k: 'refused' }] }), agent)).toBe(503)
  await redis.restart()
  await postWhenUp(app, agent, 'refused')
  expect(await logged(app)).toEqual(['refused'])
})

async function untilMetrics(app: TestApp, say: string): Promise<void> {
  await until(async () => (await (await fetch(`${app.url}/metrics`)).text()).includes(say))
}

/** Posts one row once the bus is up. */
async function postWhenUp(app: TestApp, agent: Agent, key: string): Promise<void> {
  await untilMetrics(app, '\nflagtail_bus_up 1\n')
  expect(await post(app.url, groupsOf({ checkout: [{ k: key }] }), agent)).toBe(200)
}

test('R2 a sender who gives up while the log is slow finds his rows labelled when he posts them again', async () => {
  const redis = await givenRedis()
  const app = await openTestApp({ redisUrl: redis.url })
  const proxy = await givenProxy(app)
  const behind = await givenConnection(redis.url)
  await behind.call('CLIENT', 'PAUSE', '10000', 'WRITE')
  const given = post(proxy.url, groupsOf({ checkout: [{ k: 'ann' }] }), agentOf(true))
  await until(async () => /name=flagtail-publish .* flags=b /.test(String(await behind.call('CLIENT', 'LIST'))))
  proxy.cut('end')
  expect(await given).toBe('ECONNRESET')
  await behind.call('CLIENT', 'UNPAUSE')
  await until(async () => (await logged(app)).length === 1)
  expect(await post(proxy.url, groupsOf({ checkout: [{ k: 'new' }, { k: 'ann' }] }), agentOf(true))).toBe(200)
  expect(await logged(app)).toEqual(['ann', 'new', 'ann?'])
})

/** The real SDK, unmodified, posting twice a second to this address. */
async function givenSdk(url: string) {
  const definitions = await startDefinitionsHost([{ name: 'checkout', treatment: 'on' }])
  onTestFinished(() => definitions.stop())
  const events = `${url}/api`
  const factory = SplitFactory({
    core: { authorizationKey: 'a-server-side-sdk-key' },
    urls: { sdk: `${definitions.url}/api`, auth: `${definitions.url}/api`, events, telemetry: events },
    scheduler: { impressionsRefreshRate: 0.5 },
    sync: { impressionsMode: 'DEBUG' },
    streamingEnabled: false,
  })
  const client = factory.client()
  onTestFinished(() => client.destroy())
  await client.ready()
  return client
}

test('R6 the real Node SDK repeats a post whose answer was cut, and those of its rows are labelled', async () => {
  const app = await openTestApp()
  const proxy = await givenProxy(app)
  const client = await givenSdk(proxy.url)
  client.getTreatment('first', 'checkout')
  await until(async () => (await logged(app)).length === 1)
  proxy.cutNextAnswer()
  client.getTreatment('lost', 'checkout')
  client.getTreatment('lost', 'checkout')
  await until(() => proxy.answersCut() === 1)
  client.getTreatment('newer', 'checkout')
  await until(async () => (await logged(app)).length >= 6)
  expect(await logged(app)).toEqual(['first', 'lost', 'lost', 'lost?', 'lost?', 'newer'])
})

test('R6 the real Node SDK repeats a post that was 503 because the log was late, and its rows are labelled', async () => {
  const redis = await givenRedis()
  const app = await openTestApp({ redisUrl: redis.url })
  const client = await givenSdk(app.url)
  client.getTreatment('first', 'checkout')
  await until(async () => (await logged(app)).length === 1)
  redis.freeze()
  client.getTreatment('late', 'checkout')
  await untilMetrics(app, 'status="503"')
  redis.thaw()
  client.getTreatment('newer', 'checkout')
  await until(async () => (await logged(app)).includes('newer'))
  expect(await logged(app)).toEqual(['first', 'late', 'late?', 'newer'])
})
