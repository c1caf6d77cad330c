import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Down, Refusal, Up } from '../../domain/protocol.ts'
import { HandClock } from './stage.fixture.ts'
import { type Connection, type Hears, openTailSocket } from './tail-socket.ts'

type ServerSide = Server<Up, Down>

/** A real server of the protocol on a free port, and a socket of the page to it under a clock that is turned by hand. */
async function meet(parts: { readonly refusal?: Refusal } = {}) {
  const http = createServer()
  const server: ServerSide = new Server(http, { transports: ['websocket'], serveClient: false })
  onTestFinished(() => server.close())
  let refusal = parts.refusal
  const sockets: Socket<Up, Down>[] = []
  server.use((socket, next) => {
    if (refusal) next(Object.assign(new Error('refused'), { data: refusal }))
    else next(socket.handshake.auth.version === 1 ? undefined : new Error('no version'))
  })
  server.on('connection', (socket) => sockets.push(socket))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const clock = new HandClock()
  const told: Connection[] = []
  const heard: [string, unknown][] = []
  const net = { online: true, hope: () => {} }
  const hope = (run: () => void) => {
    net.hope = run
    return () => {}
  }
  const hear = (name: string) => (message: unknown) => void heard.push([name, message])
  const names = ['start', 'frame', 'facets', 'gap', 'notice', 'refused', 'drain'] as const
  const hears = {
    ...Object.fromEntries(names.map((name) => [name, hear(name)])),
    connection: (connection: Connection) => void told.push(connection),
  } as Hears
  const socket = openTailSocket({
    hears,
    clock,
    admit: async () => ({ kind: 'in' }),
    network: { online: () => net.online, hope },
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  })
  onTestFinished(() => socket.close())
  const state = () => told.at(-1)
  const admit = () => {
    refusal = undefined
  }
  return { socket, sockets, server, clock, told, heard, state, net, admit }
}

test('U30 the socket connects by itself, over websocket alone, and names its version', async () => {
  const { state, sockets, socket } = await meet()
  await vi.waitUntil(() => state()?.kind === 'connected' && sockets.length === 1)
  const said: unknown[] = []
  sockets[0]?.on('watch', (message) => said.push(message))
  socket.say('watch', { revision: 1, filter: '' })
  await vi.waitUntil(() => said.length === 1)
  expect(sockets[0]?.conn.transport.name).toBe('websocket')
})

test('U31 a lost socket is tried again for ever, and each try is told', async () => {
  const { state, sockets, clock } = await meet({})
  await vi.waitUntil(() => state()?.kind === 'connected' && sockets.length === 1)
  sockets[0]?.disconnect(true)
  await vi.waitUntil(() => state()?.kind === 'reconnecting')
  clock.turn(499)
  expect(sockets).toHaveLength(1)
  clock.turn(1)
  await vi.waitUntil(() => state()?.kind === 'connected')
  expect(sockets).toHaveLength(2)
})

test('U32 a server that is full is told as such, and is not asked again before the time it named', async () => {
  const refusal = { reason: 'full', message: 'Server full (5,000 viewers)', retryInMs: 7000 } as const
  const { state, heard, clock, sockets, net, admit } = await meet({ refusal })
  await vi.waitUntil(() => state()?.kind === 'reconnecting')
  expect(heard).toEqual([['refused', refusal]])
  admit()
  clock.turn(6999)
  net.hope()
  expect(state()).toMatchObject({ kind: 'reconnecting', tries: 2 })
  clock.turn(1)
  await vi.waitUntil(() => state()?.kind === 'connected')
  expect(sockets).toHaveLength(1)
})

test('U33 a server that leaves is left when it says so, and connected to again then', async () => {
  const { state, sockets, clock, heard } = await meet()
  await vi.waitUntil(() => state()?.kind === 'connected' && sockets.length === 1)
  sockets[0]?.emit('drain', { reconnectInMs: 4000 })
  await vi.waitUntil(() => heard.length === 1)
  clock.turn(3999)
  expect(sockets[0]?.connected).toBe(true)
  clock.turn(1)
  await vi.waitUntil(() => sockets.length === 2 && state()?.kind === 'connected')
  expect(sockets[0]?.connected).toBe(false)
})

test('U34 without a network the page says so, and tries at once when it may be back', async () => {
  const { state, sockets, net } = await meet()
  await vi.waitUntil(() => state()?.kind === 'connected' && sockets.length === 1)
  net.online = false
  sockets[0]?.disconnect(true)
  await vi.waitUntil(() => state()?.kind === 'offline')
  net.online = true
  net.hope()
  await vi.waitUntil(() => state()?.kind === 'connected')
  expect(sockets).toHaveLength(2)
})
