import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed, type TestApp, twoEnvironments, until } from './app.fixture.ts'
import { ask } from './ask.fixture.ts'
import { healthRoutes } from './health.ts'
import { head, Wire } from './ingest/ingest.fixture.ts'
import { openMetrics } from './metrics.ts'

/** A line of Prometheus' text format: name, labels, value. NaN in any case, as Go's ParseFloat reads it: prom-client writes `Nan`. */
const sample =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? ([0-9.e+-]+|N[aA][nN]|[+-]Inf)$/

/** The samples by name and labels; throws at a line that is none. */
function readMetrics(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !/^# (HELP|TYPE) /.test(line))
  return new Map(
    lines.map((line) => {
      const [, name, labels = '', value] = sample.exec(line) ?? []
      if (name === undefined) throw new Error(`no sample: ${line}`)
      return [name + labels, Number(value)]
    }),
  )
}

/** Sends the head of a post; the server has it when this resolves, and waits for the body. */
async function startPost({ url }: TestApp, bodyBytes: number): Promise<Wire> {
  const wire = new Wire(Number(new URL(url).port))
  const headers = { Authorization: 'Bearer some-sdk-key', 'Content-Length': String(bodyBytes), Expect: '100-continue' }
  wire.write(head('POST', '/api/testImpressions/bulk', Object.entries(headers)))
  expect((await wire.reply()).status).toBe(100)
  return wire
}

test('H13 a server that started is healthy and ready', async () => {
  const { url } = await openTestApp()
  expect(await ask(url, '/healthz')).toMatchObject({ status: 200, text: '{"ok":true}' })
  expect(await ask(url, '/readyz')).toMatchObject({ status: 200, text: '{"ready":true}' })
})

test('H13 a server that drains is healthy and not ready, takes no new posts, and answers those in flight', async () => {
  const app = await openTestApp()
  const body = JSON.stringify(groupsOf({ checkout: rowsNamed('user', 1) }))
  const slow = await startPost(app, body.length)
  slow.write(body.slice(0, 5))
  const closed = app.close()
  expect(await ask(app.url, '/readyz')).toMatchObject({ status: 503, text: '{"ready":false}' })
  expect((await ask(app.url, '/healthz')).status).toBe(200)
  expect(await ask(app.url, '/api/testImpressions/bulk', { method: 'POST' })).toMatchObject({ status: 503 })
  slow.write(body.slice(5))
  expect(await slow.reply()).toMatchObject({ status: 200, text: '{"accepted":1,"rejected":0}' })
  await closed
})

test('C11 a post that does not come to an end holds up the leaving only for a while', async () => {
  const app = await openTestApp({ limits: { shutdownPostsMs: 200 } })
  const slow = await startPost(app, 100)
  slow.write('[')
  const startMs = performance.now()
  await app.close()
  expect(performance.now() - startMs).toBeLessThan(5000)
})

test('H14 /metrics is Prometheus text, and counts posts and impressions', async () => {
  const app = await openTestApp({ environments: twoEnvironments })
  const rows = [...rowsNamed('user', 3), { k: '' }]
  await app.post(groupsOf({ checkout: rows }), { key: 'prod-server-key-0001' })
  await ask(app.url, '/api/testImpressions/bulk', { method: 'POST', headers: { Authorization: 'Bearer unknown-key' } })
  const answer = await ask(app.url, '/metrics')
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(answer.headers['cache-control']).toBe('no-store')
  const metrics = readMetrics(answer.text)
  expect(metrics.get('flagtail_posts_total{kind="impressions",door="sdk",status="200"}')).toBe(1)
  expect(metrics.get('flagtail_posts_total{kind="impressions",door="sdk",status="401"}')).toBe(1)
  expect(metrics.get('flagtail_impressions_accepted_total{environment="prod"}')).toBe(3)
  const rejected = [...metrics].filter(([name]) => name.startsWith('flagtail_impressions_rejected_total'))
  expect(rejected.map(([, count]) => count)).toEqual([1])
  expect(metrics.get('flagtail_bus_up')).toBe(1)
  expect(metrics.get('flagtail_failures_total')).toBe(0)
  expect(answer.text).not.toContain('prod-server-key-0001')
})

test('H14 /metrics that cannot be read is a 500 and is told', async () => {
  const told: unknown[] = []
  const broken = () => {
    throw new Error('no number')
  }
  const log = { info: () => {}, warn: () => {}, error: (_: string, error: unknown) => void told.push(error) }
  const [, , metrics] = healthRoutes(
    () => true,
    openMetrics({ viewers: broken, tails: () => 0, silentViewers: () => 0, readers: () => 0 }, log),
  )
  const server = createServer((request, response) => metrics?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const answer = await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '/metrics')
  expect(answer).toMatchObject({ status: 500, text: '{"error":{"message":"something broke on our side"}}' })
  await until(() => told.length === 1)
})
