import { spawnSync } from 'node:child_process'
import { io, type Socket } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import { protocolVersion } from '../domain/protocol.ts'
import { openTestApp, until } from './app.fixture.ts'
import { ask } from './ask.fixture.ts'
import { Wire } from './ingest/ingest.fixture.ts'
import { complaintsOf } from './server-process.fixture.ts'
import { servingKey, startServing } from './serving.fixture.ts'

const bulk = '/api/testImpressions/bulk'

test('HI2 a hundred senders that never finish their heads or bodies are hung up on, and others are served', async () => {
  const { port, url, number, post } = await startServing({ headersMs: 1000, bodyMs: 1000 })
  const head = `POST ${bulk} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${servingKey}\r\n`
  const wires = Array.from({ length: 100 }, (_, index) => {
    const wire = new Wire(port)
    wire.write(index % 2 === 0 ? head : `${head}Content-Length: 9000\r\n\r\n`)
    return wire
  })
  const drips = setInterval(() => {
    for (const [index, { socket }] of wires.entries()) {
      if (socket.writable) socket.write(index % 2 === 0 ? 'X' : ' ')
    }
  }, 50)
  onTestFinished(() => clearInterval(drips))
  const before = performance.now()
  const served: number[] = []
  const closed = Promise.all(wires.map((wire) => wire.closed)).then(() => 'all')
  while ((await Promise.race([closed, post('[]')])) !== 'all') served.push(performance.now())
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(served.length).toBeGreaterThan(10)
  expect((await ask(url, '/healthz')).status).toBe(200)
  expect(await number('flagtail_failures_total')).toBe(0)
})

/** A post of so many flags, keys, treatments and labels that were never there before. */
function fresh(round: number, count: number): string {
  const groups = Array.from({ length: count }, (_, index) => {
    const name = `${round}-${index}-${'x'.repeat(60)}`
    return { f: `f${name}`, i: [{ k: `k${name}`, t: `t${name}`, m: 1, r: `l${name}` }] }
  })
  return JSON.stringify(groups)
}

test('HI3 hundreds of thousands of flags, keys, treatments and labels take bounded memory', {
  timeout: 60_000,
}, async () => {
  const rounds = 200
  const perRound = 1000
  const { url, number, post } = await startServing({ logBytes: 16 * 1024 * 1024, ringBytes: 4 * 1024 * 1024 })
  const viewer = await watching(url, '')
  let told = 0
  viewer.on('facets', (facets) => {
    told = Math.max(told, JSON.stringify(facets).length)
  })
  const residentMb = async (): Promise<number> => (await number('process_resident_memory_bytes')) / 1024 ** 2
  let halfway = 0
  for (let round = 0; round < rounds; round++) {
    expect(await post(fresh(round, perRound))).toBe(200)
    if (round === rounds / 2) halfway = await residentMb()
  }
  expect(await residentMb()).toBeLessThan(Math.max(450, halfway + 100))
  expect(await number('flagtail_impressions_accepted_total')).toBe(rounds * perRound)
  expect((await ask(url, '/metrics')).text.length).toBeLessThan(64 * 1024)
  expect((await ask(url, '/api/evidence')).text.length).toBeLessThan(4096)
  await until(() => told > 0)
  expect(told).toBeLessThan(256 * 1024)
})

async function watching(url: string, filter: string): Promise<Socket> {
  const socket = io(url, {
    transports: ['websocket'],
    auth: { version: protocolVersion },
    forceNew: true,
    reconnection: false,
  })
  onTestFinished(() => void socket.disconnect())
  const started = new Promise((resolve) => socket.once('start', resolve))
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
  socket.on('frame', ({ sequence }) => socket.emit('ack', { sequence }))
  socket.emit('watch', { revision: 1, filter })
  await started
  return socket
}

/** A filter as large as filters may be, and of the kind that has to look at each row; each number gives another. */
function largest(number: number): string {
  const terms = Array.from({ length: 30 }, (_, term) => `-key:(*${number}a${term}b*|*c?d${number}*|e*f*g*${term})`)
  return ['key:*', ...terms].join(' ')
}

test('HI4 ten thousand filters of the costliest kind leave nothing behind, and keep nobody out', {
  timeout: 60_000,
}, async () => {
  const viewers = 200
  const changes = 50
  const limits = { handshakesPerSecond: 1000, commandsPerMinute: 1_000_000, commandsBurst: 1000 }
  const { url, number, post } = await startServing(limits)
  const sockets: Socket[] = []
  for (let index = 0; index < viewers; index++) sockets.push(await watching(url, ''))
  const rows = Array.from({ length: 10 }, (_, index) => ({ k: `user-${index}`, t: 'on', m: 1, r: 'default rule' }))
  const body = JSON.stringify([{ f: 'checkout', i: rows }])
  let statuses = new Set<number>()
  let starts = 0
  for (const socket of sockets) socket.on('start', () => starts++)
  for (let change = 0; change < changes; change++) {
    for (const [index, socket] of sockets.entries()) {
      socket.emit('watch', { revision: 2 + change, filter: largest(change * viewers + index) })
    }
    if (change % 5 === 0) statuses = new Set([...statuses, await post(body)])
  }
  await until(() => starts >= viewers, 30_000)
  expect(await number('flagtail_tails')).toBeLessThanOrEqual(viewers)
  expect([...statuses]).toEqual([200])
  expect((await number('process_resident_memory_bytes')) / 1024 ** 2).toBeLessThan(450)
  for (const socket of sockets) socket.disconnect()
  await until(async () => (await number('flagtail_tails')) === 0 && (await number('flagtail_viewers')) === 0)
  expect(await number('flagtail_failures_total')).toBe(0)
})

const polluting = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'

test('HI5 names that JavaScript knows are values like any other, wherever they come from', async () => {
  const app = await openTestApp()
  const rows = [
    `{"k":"__proto__","t":"constructor","m":1,"r":"toString","properties":${JSON.stringify(polluting)}}`,
    `{"k":"b","t":"hasOwnProperty","m":1,"__proto__":{"k":"x","polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
  ]
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty']
  const groups = names.map((name) => `{"f":"${name}","i":[${rows.join(',')}],"__proto__":{"polluted":1}}`)
  const headers = Object.fromEntries(names.map((name) => [name, 'x']))
  const sent = {
    method: 'POST',
    headers: { ...headers, Authorization: 'Bearer __proto__', SplitSDKVersion: '__proto__-1' },
  }
  const response = await fetch(`${app.url}${bulk}`, { ...sent, body: `[${groups.join(',')}]` })
  expect(await response.json()).toEqual({ accepted: 2 * names.length, rejected: 0 })
  for (const name of names) {
    const query = encodeURIComponent(`flag:${name} -prop.__proto__:1 sdk:__proto__`)
    const { text } = await ask(app.url, `/api/impressions?q=${query}`)
    expect(JSON.parse(text).impressions, name).toMatchObject([{ flag: name }, { flag: name }])
  }
  const evil = encodeURIComponent('prop.constructor:* __proto__')
  expect((await ask(app.url, `/api/impressions?q=${evil}`)).status).toBe(200)
  expect((await ask(app.url, `/api/impressions?q=${evil}&__proto__=1`)).status).toBe(400)
  const viewer = await watching(app.url, '')
  viewer.emit('watch', JSON.parse(`{"revision":2,"filter":"","cursor":[],"__proto__":{"polluted":1}}`))
  viewer.emit('__proto__', JSON.parse(polluting))
  viewer.emit('constructor', JSON.parse(polluting))
  const facets = await new Promise<Record<string, { values: unknown }>>((resolve) => viewer.once('facets', resolve))
  expect(facets.flags?.values).toContainEqual(['__proto__', 2])
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(app.logged).toEqual([])
})

const lines = ['\n{"level":50,"msg":"forged"}', '\r\nforged', '\u001b[31mred', '\u2028forged', '\0', '\u009b31m']

test('HI6 nothing of a request stands in the log, and what does stands there is one line of JSON', async () => {
  const { port, told, post, number, kill, left } = await startServing({})
  for (const line of lines) {
    expect(await post(JSON.stringify([{ f: `a${line}`, i: [{ k: line, t: line, m: 1, r: line }, { k: line }] }]))).toBe(
      200,
    )
    const wire = new Wire(port)
    const header = line.replace(/[\r\n\0]/g, '')
    wire.write(`POST ${bulk}?${encodeURIComponent(line)} HTTP/1.1\r\nHost: ${header}\r\n`)
    wire.write(`Authorization: Bearer forged${header}\r\nSplitSDKVersion: ${header}\r\nContent-Length: 2\r\n\r\n[]`)
    expect([400, 401]).toContain((await wire.reply()).status)
  }
  expect(await number('flagtail_failures_total')).toBe(0)
  kill('SIGTERM')
  expect(await left).toBe(0)
  expect(complaintsOf({ told })).toBe('')
})

test('HI6 whatever an error says is one line of JSON in the log', () => {
  const program = `import { openLog } from './server/log.ts'
    const log = openLog()
    for (const line of ${JSON.stringify(lines)}) {
      log.warn('about ' + line, { flag: line })
      log.error('broke ' + line, new Error(line, { cause: line }))
    }`
  const args = ['--import', 'tsx', '--input-type=module', '-e', program]
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status).toBe(0)
  const written = stderr.trimEnd().split('\n')
  expect(written).toHaveLength(2 * lines.length)
  for (const line of written) expect([30, 40, 50]).toContain(JSON.parse(line).level)
  expect([...written.join('')].filter((sign) => sign < ' ')).toEqual([])
})
