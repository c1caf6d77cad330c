import { type AddressInfo, createServer, connect as open, type Server, type Socket } from 'node:net'
import { isMessage, RespCutter } from './resp.fixture.ts'

/**
 * What becomes of the bytes: `pass`; `blackhole`: taken, and not forwarded until it is over; `half-open`: what the
 * node says arrives, the answers do not; `refuse`: nobody is there.
 */
export type Fault = 'pass' | 'blackhole' | 'half-open' | 'refuse'

/** A TCP proxy before Redis that does as a bad network does, and counts what it did. */
export class FaultProxy {
  /** Bytes kept back, connections reset, connections refused, published messages left out: so far. */
  readonly did = { kept: 0, reset: 0, refused: 0, dropped: 0 }
  readonly #server: Server
  readonly #links = new Set<Link>()
  #fault: Fault = 'pass'
  #drops = false

  private constructor(target: () => number) {
    this.#server = createServer((socket) => {
      if (this.#fault === 'refuse') {
        this.did.refused++
        socket.on('error', () => {}).resetAndDestroy()
        return
      }
      const link = new Link({ near: socket, target: target(), did: this.did, gone: () => this.#links.delete(link) })
      this.#links.add(link)
      link.behave(this.#fault, this.#drops)
    })
  }

  static async open(target: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}/0`
  }

  get fault(): Fault {
    return this.#fault
  }

  /** What was kept back goes on its way when the fault lets it. */
  set(fault: Fault): void {
    this.#fault = fault
    if (fault === 'refuse') this.reset()
    for (const link of this.#links) link.behave(fault, this.#drops)
  }

  /** Leaves out everything that is published, and nothing else. */
  dropMessages(drops: boolean): void {
    this.#drops = drops
    for (const link of this.#links) link.behave(this.#fault, drops)
  }

  reset(): void {
    this.did.reset += this.#links.size
    for (const link of [...this.#links]) link.reset()
  }

  async close(): Promise<void> {
    for (const link of [...this.#links]) link.reset()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}

type LinkParts = {
  readonly near: Socket
  readonly target: number
  readonly did: FaultProxy['did']
  readonly gone: () => void
}

/** One connection through the proxy: `near` is the node, `far` is Redis. */
class Link {
  readonly #parts: LinkParts
  readonly #cutter = new RespCutter()
  #far: Socket | undefined
  #up: Buffer[] = []
  #down: Buffer[] = []
  #fault: Fault = 'pass'
  #drops = false
  #nearEnded = false
  #farEnded = false

  constructor(parts: LinkParts) {
    this.#parts = parts
    parts.near.setNoDelay(true)
    parts.near.on('data', (bytes) => this.#sendUp(bytes))
    parts.near.on('error', () => {})
    parts.near.on('close', () => {
      this.#nearEnded = true
      this.#flow()
    })
  }

  behave(fault: Fault, drops: boolean): void {
    this.#fault = fault
    this.#drops = drops
    this.#flow()
  }

  reset(): void {
    this.#up = []
    this.#down = []
    this.#parts.near.resetAndDestroy()
    this.#far?.destroy()
    this.#parts.gone()
  }

  #sendUp(bytes: Buffer): void {
    if (this.#fault === 'blackhole') this.#parts.did.kept += bytes.length
    this.#up.push(bytes)
    this.#flow()
  }

  #sendDown(bytes: Buffer): void {
    if (this.#fault !== 'pass') this.#parts.did.kept += bytes.length
    for (const reply of this.#cutter.cut(bytes)) {
      if (this.#drops && isMessage(reply)) this.#parts.did.dropped++
      else this.#down.push(reply)
    }
    this.#flow()
  }

  /** Forwards what may go; an end travels behind the bytes before it. */
  #flow(): void {
    if (this.#fault !== 'blackhole') {
      this.#far ??= this.#connect()
      for (const bytes of this.#up.splice(0)) this.#far.write(bytes)
      if (this.#nearEnded) this.#far.end()
    }
    if (this.#fault !== 'pass') return
    for (const bytes of this.#down.splice(0)) this.#parts.near.write(bytes)
    if (this.#farEnded) this.#parts.near.destroy()
    if (this.#farEnded || (this.#nearEnded && this.#far?.destroyed !== false)) this.#parts.gone()
  }

  #connect(): Socket {
    const far = open(this.#parts.target, '127.0.0.1').setNoDelay(true)
    far.on('data', (bytes) => this.#sendDown(bytes))
    far.on('error', () => {})
    far.on('close', () => {
      this.#farEnded = true
      this.#flow()
    })
    return far
  }
}
