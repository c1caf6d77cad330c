import { once } from 'node:events'
import type { Server } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../domain/limits.ts'
import { openTestApp, until } from './app.fixture.ts'
import { ask } from './ask.fixture.ts'
import { listen, openHttpServer, type Route, Router } from './http.ts'
import { Wire } from './ingest/ingest.fixture.ts'

function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port)
}

/** The server alone, with these routes. */
async function openRoutes(...routes: readonly Route[]) {
  const failures: unknown[] = []
  const router = new Router((error) => failures.push(error))
  router.serve(routes)
  const { server, close } = openHttpServer(defaultLimits, router)
  onTestFinished(close)
  const port = await listen(server, 0, '127.0.0.1')
  if (!port.ok) throw new Error(port.error)
  return { url: `http://127.0.0.1:${port.value}`, server, close, failures }
}

async function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}

const forBrowsers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store', connection: 'close' }

test('H4 what is no HTTP gets a 400 that a page can read, and is hung up on', async () => {
  const app = await openTestApp()
  for (const bytes of [
    '\x16\x03\x01\x02\0\x01\0\x01\xfc',
    'hello\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\nHost\r\n\r\n',
  ]) {
    const wire = new Wire(portOf(app))
    wire.write(bytes)
    const reply = await wire.reply()
    expect(reply).toMatchObject({ status: 400, headers: forBrowsers })
    expect(JSON.parse(reply.text)).toEqual({ error: { message: 'this is no HTTP request' } })
    await wire.closed
  }
})

test('H4 headers that are too large get a 431, also when they keep coming', async () => {
  const app = await openTestApp({ limits: { headerBytes: 2048 } })
  for (const bytes of [3000, 1_000_000]) {
    const wire = new Wire(portOf(app))
    wire.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: ${'x'.repeat(bytes)}\r\n\r\n`)
    const reply = await wire.reply()
    expect(reply).toMatchObject({ status: 431, headers: forBrowsers })
    expect(JSON.parse(reply.text)).toEqual({ error: { message: 'the headers are too large' } })
  }
})

test('H4 headers that do not come to an end get a 408', async () => {
  const app = await openTestApp({ limits: { headersMs: 100 } })
  const wire = new Wire(portOf(app))
  wire.write('GET /healthz HTTP/1.1\r\nHost: loc')
  const reply = await wire.reply()
  expect(reply).toMatchObject({ status: 408, headers: forBrowsers })
  expect(JSON.parse(reply.text)).toEqual({ error: { message: 'the request took too long' } })
  await wire.closed
})

test('H4 who is hung up on and stays is cut off', async () => {
  const { url, server } = await openRoutes()
  const wire = new Wire(portOf({ url }))
  wire.socket.allowHalfOpen = true
  wire.write('hello\r\n\r\n')
  expect((await wire.reply()).status).toBe(400)
  await until(async () => (await connectionsOf(server)) === 0)
})

test('H5 a route that throws is answered 500 without details, and told', async () => {
  const { url, failures } = await openRoutes(() => {
    throw new Error('secret detail')
  })
  const answer = await ask(url, '/anything')
  expect(answer.status).toBe(500)
  expect(JSON.parse(answer.text)).toEqual({ error: { message: 'something broke on our side' } })
  expect(failures).toEqual([new Error('secret detail')])
})

test('H5 a route that throws in the middle of its answer loses the connection, and the server goes on', async () => {
  const { url, failures } = await openRoutes((request, response) => {
    if (request.url !== '/half') return false
    response.writeHead(200, { 'Content-Length': 10 }).write('12345')
    throw new Error('half-way')
  })
  await expect(ask(url, '/half')).rejects.toThrow()
  expect(failures).toHaveLength(1)
  expect((await ask(url, '/other')).status).toBe(404)
})

test('H5 what is written after its end breaks that answer only, and is told', async () => {
  const { url, failures } = await openRoutes((_, response) => {
    response.end('all')
    response.write('more')
    return true
  })
  expect((await ask(url, '/')).text).toBe('all')
  await until(() => failures.length === 1)
})

test('H6 what nobody takes is a JSON 404', async () => {
  const { url } = await openRoutes()
  const answer = await ask(url, '/nowhere', { method: 'DELETE' })
  expect(answer).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store' } })
  expect(JSON.parse(answer.text)).toEqual({ error: { message: 'nothing is here' } })
})

test('H6 reads take GET and HEAD only', async () => {
  const { url } = await openTestApp()
  for (const path of ['/api/tail', '/api/impressions', '/healthz', '/readyz', '/metrics']) {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await ask(url, path, { method })
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  }
})

test('H7 HEAD is answered with the head of a read and ends, also where GET streams', async () => {
  const { url } = await openTestApp()
  for (const path of ['/api/tail', '/api/impressions?limit=1', '/healthz', '/readyz', '/metrics']) {
    expect(await ask(url, path, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  }
  expect((await ask(url, '/api/tail?nonsense=1', { method: 'HEAD' })).status).toBe(400)
  const metrics = await ask(url, '/metrics')
  expect(metrics.text).toMatch(/^flagtail_tail_readers 0$/m)
})

test('C9 a port that is taken, or is not ours to take, is told in one line', async () => {
  const { url } = await openRoutes()
  const { server: other, close } = openHttpServer(defaultLimits, new Router(() => {}))
  onTestFinished(close)
  const port = portOf({ url })
  expect(await listen(other, port, '127.0.0.1')).toEqual({
    ok: false,
    error: `port ${port} on 127.0.0.1 is taken: set PORT to another`,
  })
  const elsewhere = await listen(other, 0, '192.0.2.1')
  expect(!elsewhere.ok && elsewhere.error).toMatch(/^cannot listen on 192\.0\.2\.1 port 0: .*EADDRNOTAVAIL/)
})

test('C11 closing lets a slow reader take the end of its answer', async () => {
  const size = 8_000_000
  const { url, close } = await openRoutes((_, response) => {
    response.end('x'.repeat(size))
    return true
  })
  const response = await fetch(url) // its body is not taken yet, and too large for the kernel's buffers
  const closed = close()
  expect((await response.text()).length).toBe(size)
  await closed
})

test('C11 closing lets a busy request end, and waits for nobody else', async () => {
  let finish: (() => void) | undefined
  const { url, server, close } = await openRoutes((request, response) => {
    if (request.url === '/slow') finish = () => response.end('done')
    else response.write('a stream without end')
    return true
  })
  const idle = new Wire(portOf({ url }))
  const upgraded = new Wire(portOf({ url }))
  server.on('upgrade', (_, socket) => socket.on('error', () => {}).write('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
  upgraded.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
  expect((await upgraded.reply()).status).toBe(101)
  const stream = new Wire(portOf({ url }))
  stream.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(stream.socket, 'data')
  const slow = ask(url, '/slow')
  await until(() => finish !== undefined)
  const startMs = performance.now()
  const closed = close()
  finish?.()
  expect((await slow).text).toBe('done')
  await closed
  await Promise.all([idle.closed, upgraded.closed, stream.closed])
  expect(performance.now() - startMs).toBeLessThan(3000)
})
