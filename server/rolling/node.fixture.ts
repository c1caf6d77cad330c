import { until } from '../app.fixture.ts'
import { freePort } from '../bus/redis/redis-server.fixture.ts'
import { complaintsOf, type ServerProcess, startServer } from '../server-process.fixture.ts'

export type NodeParts = { readonly redisUrl: string; readonly pages: string }

/** How a process left. */
export type Exit = { readonly code: number | null; readonly tookMs: number; readonly complaints: string }

/** One of several servers behind one Redis, always on the same port, whichever process it is at the time. */
export class RollingNode {
  readonly port: number
  readonly #parts: NodeParts
  #process: ServerProcess | undefined

  private constructor(port: number, parts: NodeParts) {
    this.port = port
    this.#parts = parts
  }

  static async open(parts: NodeParts): Promise<RollingNode> {
    const node = new RollingNode(await freePort(), parts)
    await node.start()
    return node
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const started = startServer(
      { PORT: `${this.port}`, REDIS_URL: this.#parts.redisUrl, FLAGTAIL_AUTH: 'none' },
      this.#parts.pages,
    )
    this.#process = started
    await until(() => started.told.out.includes('Next:') || complaintsOf(started) !== '', 20_000)
    if (complaintsOf(started) !== '') throw new Error(complaintsOf(started))
  }

  /** Asked to leave; resolves when it has. */
  async stop(): Promise<Exit> {
    const began = performance.now()
    this.#process?.kill('SIGTERM')
    const code = (await this.#process?.left) ?? null
    return { code, tookMs: performance.now() - began, complaints: this.#process ? complaintsOf(this.#process) : '' }
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL')
    await this.#process?.left
  }
}
