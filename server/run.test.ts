import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from './app.fixture.ts'
import { ask, socketPath, upgrade } from './ask.fixture.ts'
import { freePort } from './bus/redis/redis-server.fixture.ts'
import { head, Wire } from './ingest/ingest.fixture.ts'
import { exportedFolder } from './pages.fixture.ts'
import { startServer } from './server-process.fixture.ts'

/** Starts the server with these settings alone; killed when the test ends. */
function start(settings: Readonly<Record<string, string>>) {
  const server = startServer(settings, exportedFolder())
  onTestFinished(() => server.kill('SIGKILL'))
  return server
}

async function startServing(settings: Readonly<Record<string, string>> = {}) {
  const server = start({ PORT: '0', ...settings })
  const open = settings.FLAGTAIL_AUTH === 'none' // which is told on stderr
  await until(() => server.told.out.includes('Next:') || (!open && server.told.err !== ''), 20_000)
  expect(server.told.err).toMatch(open ? /^[^\n]*FLAGTAIL_AUTH=none: whoever reaches[^\n]*\n$/ : /^$/)
  const [, url = '', token = ''] = /(http:\/\/[^\s/]+)(?:\/#token=(\S+))?/.exec(server.told.out) ?? []
  return { ...server, url, token, port: Number(new URL(url).port) }
}

async function refusalOf(settings: Readonly<Record<string, string>>): Promise<string> {
  const { told, left } = start(settings)
  expect(await left).toBe(1)
  expect(told.out).toBe('')
  expect(told.err).toMatch(/^flagtail: [^\n]+\n$/)
  return told.err.slice('flagtail: '.length, -1)
}

function givenFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'flagtail.json'), text)
  return join(folder, 'flagtail.json')
}

const key = 'a-server-key-of-the-test'
const config = { environments: [{ id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key }] }] }

test('C9 an unknown setting ends the start with one line', async () => {
  expect(await refusalOf({ FLAGTAIL_PROT: '1' })).toMatch(/^unknown setting FLAGTAIL_PROT /)
})

test('C9 a setting that spans lines is still told in one', async () => {
  expect(await refusalOf({ FLAGTAIL_AUTH: 'no\nne' })).toBe('FLAGTAIL_AUTH is "none" or not set, not "no ne"')
})

test('C9 open mode on a public address ends the start with one line', async () => {
  expect(await refusalOf({ HOST: '0.0.0.0', PORT: '0' })).toMatch(/^HOST=0\.0\.0\.0 lets others in/)
})

test('C9 a config file that is not there, or is wrong, ends the start with one line without the key', async () => {
  expect(await refusalOf({ FLAGTAIL_CONFIG: '/nowhere/flagtail.json' })).toMatch(/^cannot read FLAGTAIL_CONFIG/)
  const path = givenFile(JSON.stringify(config).replace('"kind"', '"sort"'))
  const refusal = await refusalOf({ FLAGTAIL_CONFIG: path })
  expect(refusal).toContain(`${path}: environments[0].sdkKeys[0]`)
  expect(refusal).not.toContain(key)
})

test('C9 a taken port ends the start with one line', async () => {
  const other = createServer()
  onTestFinished(() => void other.close())
  const port = await freePort()
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  expect(await refusalOf({ PORT: String(port) })).toBe(`port ${port} on 127.0.0.1 is taken: set PORT to another`)
})

test('C9 a Redis that cannot be reached ends the start with one line without its password', async () => {
  const redis = await freePort()
  const refusal = await refusalOf({ REDIS_URL: `redis://:hidden@127.0.0.1:${redis}`, PORT: '0' })
  expect(refusal).toBe(`cannot use Redis at redis://127.0.0.1:${redis}/0: connect ECONNREFUSED 127.0.0.1:${redis}`)
})

test('C10 a start says where it is, whose keys count, that a restart forgets, and what comes next', async () => {
  const { told, url, token } = await startServing()
  expect(told.out.split('\n')).toEqual([
    `Flagtail is live at ${url}/#token=${token}`,
    'The link signs you in: whoever has it reads everything.',
    'Any SDK key of 8 or more characters is accepted (open mode).',
    'Impressions are kept in this process: a restart forgets them.',
    `Next: open the page, and set the SDK's urls.events and urls.telemetry to ${url}/api`,
    '',
  ])
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect((await ask(url, '/')).text).toBe('<h1>the live tail</h1>')
  expect((await ask(url, '/nowhere', { method: 'POST' })).text).toBe('{"error":{"message":"nothing is here"}}')
})

test('C10 a token that was set is not said', async () => {
  const token = 'a-token-of-more-than-32-characters-1'
  const { told } = await startServing({ FLAGTAIL_TOKEN: token })
  expect(told.out).toContain('\nSign in with the FLAGTAIL_TOKEN that you set')
  expect(told.out).not.toContain(token)
})

test('C10 with a config file a start says so, and never says a key', async () => {
  const { told } = await startServing({ FLAGTAIL_CONFIG: givenFile(JSON.stringify(config)) })
  expect(told.out).toContain('\nSDK keys of 1 environment are accepted.\n')
  expect(told.out).not.toContain(key)
})

const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])
const withIpv6 = addresses.includes('::1') ? ['::', '::1'] : [] // not in every container

test.each(['0.0.0.0', 'localhost', ...withIpv6])(
  'C10 on HOST=%s the address that is told is one that answers',
  async (host) => {
    const { url } = await startServing({ HOST: host, FLAGTAIL_AUTH: 'none' })
    expect((await fetch(`${url}/api/impressions`)).status).toBe(200)
  },
)

test('C11 a server that is asked to stop leaves at once with code 0, whoever is connected', async () => {
  const { port, url, token, told, left, kill } = await startServing()
  const frozen = new Wire(port) // a viewer that never answers the closing of its socket
  const headers = Object.entries({ Host: 'localhost', Authorization: `Bearer ${token}`, ...upgrade }).map((pair) =>
    pair.join(': '),
  )
  frozen.write(`GET ${socketPath} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  expect((await frozen.reply()).status).toBe(101)
  const idle = new Wire(port)
  idle.write(head('GET', '/healthz', []))
  await idle.reply()
  const reader = await fetch(`${url}/api/tail`, { headers: { Authorization: `Bearer ${token}` } })
  const startMs = performance.now()
  kill('SIGTERM')
  const lines = (await reader.text()).trim().split('\n')
  expect(Object.keys(JSON.parse(lines.at(-1) ?? ''))).toEqual(['ledger'])
  expect(await left).toBe(0)
  expect(performance.now() - startMs).toBeLessThan(5000)
  expect(told.err).toBe('')
})

test('C11 Ctrl-C does the same', async () => {
  const { left, kill } = await startServing()
  kill('SIGINT')
  expect(await left).toBe(0)
})
