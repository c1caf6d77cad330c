import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** `stay`: all go to one node until it is not ready any more. `turns`: to each in turn. */
export type Choice = 'stay' | 'turns'

/** A node that leaves is still sent to for so long. */
const lookMs = 100

/** A load balancer: passes each connection to a node that says that it is ready. */
export class Balancer {
  readonly #ports: readonly number[]
  readonly #choice: Choice
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #looking: NodeJS.Timeout | undefined
  #ready: readonly number[]
  #last = 0
  #closed = false

  private constructor(ports: readonly number[], choice: Choice) {
    this.#ports = ports
    this.#ready = ports
    this.#choice = choice
    this.#server = createServer((near) => this.#pass(near))
    void this.#look()
  }

  /** The nodes are ready. */
  static async open(ports: readonly number[], choice: Choice): Promise<Balancer> {
    const balancer = new Balancer(ports, choice)
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve))
    return balancer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** How many nodes it takes to be ready. */
  get ready(): number {
    return this.#ready.length
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#looking)
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #look(): Promise<void> {
    const ready = await Promise.all(this.#ports.map(isReady))
    this.#ready = this.#ports.filter((_, index) => ready[index])
    if (!this.#closed) this.#looking = setTimeout(() => void this.#look(), lookMs)
  }

  #pass(near: Socket): void {
    const port = this.#chosen()
    if (port === undefined) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay().pipe(other)
      socket.on('error', () => {}) // the close that follows tells
      socket.once('close', () => {
        this.#sockets.delete(socket)
        other.destroySoon()
      })
    }
  }

  #chosen(): number | undefined {
    const behind = [...this.#ports.slice(this.#last), ...this.#ports.slice(0, this.#last)]
    const port = behind.find((one) => this.#ready.includes(one))
    if (port === undefined) return undefined
    this.#last = this.#ports.indexOf(port) + (this.#choice === 'turns' ? 1 : 0)
    return port
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    await answer.text()
    return answer.ok
  } catch {
    return false // nobody listens
  }
}
