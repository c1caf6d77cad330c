import type { Limits } from '../../../domain/limits.ts'
import type { Result } from '../../../domain/result.ts'
import type { Form, Login } from './address.ts'
import { Connection } from './connection.ts'
import type { EntryReader } from './entry-reader.ts'
import { describe } from './failure.ts'
import type { Health } from './health.ts'
import { Publisher } from './publisher.ts'
import { Reader } from './reader.ts'
import { checkServer } from './server-check.ts'

export type MasterParts = {
  /** `host:port`. */
  readonly address: string
  readonly form: Form
  readonly login: Login
  readonly limits: Limits
  readonly logBytes: number
  readonly entries: EntryReader
  readonly health: Health<string>
  readonly warn: (message: string) => void
}

/** A server that has logs. Appending and reading have a connection each, so that a long read holds up no append. */
export class Master {
  readonly publisher: Publisher
  readonly reader: Reader
  readonly #parts: MasterParts
  readonly #connections: { readonly publish: Connection; readonly read: Connection }
  #closed = false

  constructor(parts: MasterParts) {
    const { address, login, limits, logBytes, entries } = parts
    const place = { login, limits, next: () => address, addresses: 1 }
    const publish = new Connection({ ...place, purpose: 'publish' })
    const read = new Connection({ ...place, purpose: 'read' })
    this.#parts = parts
    this.#connections = { publish, read }
    this.publisher = new Publisher({
      connection: publish,
      database: login.database,
      limits,
      logBytes,
      onHealth: (up) => this.#tellHealth('appending', up),
    })
    this.reader = new Reader({
      connection: read,
      entries,
      pageBatches: limits.replayPageBatches,
      onHealth: (up) => this.#tellHealth('reading', up),
    })
  }

  get isReady(): boolean {
    return this.#connections.publish.isReady && this.#connections.read.isReady
  }

  get lastError(): string | undefined {
    return this.#connections.publish.lastError ?? this.#connections.read.lastError
  }

  /** Resolves within some 3 s, when it can be used or why it cannot. */
  async open(): Promise<Result<void, string>> {
    const { publish, read } = this.#connections
    const opened = await Promise.all([publish.open(), read.open()])
    const refused = opened.find((result) => !result.ok)
    if (refused) return refused
    try {
      return checkServer(await read.redis.info(), this.#parts.form, this.#parts.warn)
    } catch (error) {
      return { ok: false, error: describe(error) }
    }
  }

  /** Begins to connect, and goes on until it is closed. */
  start(): void {
    this.#connections.publish.start()
    this.#connections.read.start()
  }

  /** Its health is nobody's matter any more. */
  async close(): Promise<void> {
    for (const part of ['appending', 'reading']) this.#tellHealth(part, true)
    this.#closed = true
    await Promise.all([this.#connections.publish.close(), this.#connections.read.close()])
  }

  #tellHealth(part: string, up: boolean): void {
    if (!this.#closed) this.#parts.health.set(`${part} at ${this.#parts.address}`, up)
  }
}
