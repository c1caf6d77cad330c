import { type App, openApp } from '../app.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { Pages } from '../pages.ts'
import { modelLimits } from './limits.fixture.ts'
import type { FaultProxy } from './proxy.fixture.ts'

const noPages: Pages = {
  handle: (_, response) => {
    response.writeHead(404).end()
    return true
  },
  close: async () => {},
}

/** The whole server, on its own way to Redis; may be closed and opened again. */
export class ModelNode {
  readonly proxy: FaultProxy
  /** What it could not do and did not expect. */
  readonly errors: string[] = []
  /** Why it could not be opened, the last time. */
  refusal: string | undefined
  readonly #environments: Config['environments']
  #app: App | undefined

  constructor(proxy: FaultProxy, environments: Config['environments']) {
    this.proxy = proxy
    this.#environments = environments
  }

  get isOpen(): boolean {
    return this.#app !== undefined
  }

  /** Of the present server; where nobody listens while it is closed. */
  get url(): string {
    return `http://127.0.0.1:${this.#app?.port ?? 1}`
  }

  /** `false` when its Redis cannot be used. */
  async open(): Promise<boolean> {
    if (this.#app) return true
    const log: Log = {
      info: () => {},
      warn: () => {},
      error: (message, error) => void this.errors.push(`${message}: ${String(error)}`),
    }
    const config: Config = {
      port: 0,
      host: '127.0.0.1',
      redisUrl: this.proxy.url,
      environments: this.#environments,
      configPath: undefined,
      auditPath: undefined,
      hosts: [],
      access: { kind: 'nobody-asks' },
      proxy: undefined,
      limits: modelLimits,
    }
    const opened = await openApp({ config, log, openPages: async () => noPages })
    if (opened.ok) this.#app = opened.value
    else this.refusal = opened.error
    return opened.ok
  }

  async close(): Promise<void> {
    const app = this.#app
    this.#app = undefined
    await app?.close()
  }
}
