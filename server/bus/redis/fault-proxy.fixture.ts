import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { onTestFinished } from 'vitest'

/** What the network between a client and its server does. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Nothing arrives in either direction, no end of a connection either; what was on its way arrives when it passes again. */
  | { readonly kind: 'blackhole' }
  /** The server gets everything, and its answers do not arrive. */
  | { readonly kind: 'half-open' }
  /** Connections are reset, new ones too. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }

type Direction = 'to-server' | 'to-client'

/** TCP from a free port of 127.0.0.1 to another port of it, with faults at will. Closed with the test. */
export async function givenFaultProxy(serverPort: number): Promise<FaultProxy> {
  const proxy = new FaultProxy(serverPort)
  await proxy.listen()
  onTestFinished(() => proxy.close())
  return proxy
}

export class FaultProxy {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #fault: Fault = { kind: 'pass' }
  #hits = 0
  readonly #changes = new EventEmitter().setMaxListeners(0)

  constructor(serverPort: number) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client, serverPort))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** How often the present fault has struck: chunks held up, or connections reset. */
  get hits(): number {
    return this.#hits
  }

  set(fault: Fault): void {
    this.#fault = fault
    this.#hits = 0
    this.#changes.emit('fault')
    if (fault.kind === 'reset') for (const pair of this.#pairs) this.#reset(pair)
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  async close(): Promise<void> {
    this.set({ kind: 'pass' })
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: Socket, serverPort: number): void {
    const server = tcpConnect({ port: serverPort, host: '127.0.0.1', allowHalfOpen: true })
    const pair = [client, server] as const
    this.#pairs.add(pair)
    if (this.#fault.kind === 'reset') this.#reset(pair)
    else void Promise.all([this.#carry(client, server, 'to-server'), this.#carry(server, client, 'to-client')])
  }

  /** Reads no further while a chunk is held up, so that the kernel's buffers fill as they do behind a slow reader. */
  async #carry(from: Socket, to: Socket, direction: Direction): Promise<void> {
    to.on('error', () => {}) // the loop below ends with its socket
    try {
      for await (const chunk of from) {
        await this.#hold(direction, chunk.length)
        if (!to.write(chunk) && !to.destroyed)
          await new Promise((resolve) => to.once('drain', resolve).once('close', resolve))
      }
    } catch {
      // Reset or destroyed: as good as ended.
    }
    await this.#hold(direction, 0)
    from.destroy()
    to.destroy()
    for (const pair of this.#pairs) if (pair.includes(from)) this.#pairs.delete(pair)
  }

  /** Resolves when that many bytes may go on. */
  async #hold(direction: Direction, bytes: number): Promise<void> {
    while (this.#fault.kind === 'blackhole' || (this.#fault.kind === 'half-open' && direction === 'to-client')) {
      if (bytes > 0) this.#hits++
      await once(this.#changes, 'fault')
    }
    if (bytes === 0 || (this.#fault.kind !== 'delay' && this.#fault.kind !== 'throttle')) return
    this.#hits++
    const ms = this.#fault.kind === 'delay' ? this.#fault.ms : (1000 * bytes) / this.#fault.bytesPerSecond
    await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), once(this.#changes, 'fault')])
  }

  #reset(pair: readonly [Socket, Socket]): void {
    this.#hits++
    this.#pairs.delete(pair)
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
    }
  }
}
