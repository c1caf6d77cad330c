import { Redis, type RedisOptions } from 'ioredis'
import type { Limits } from '../../../domain/limits.ts'
import { failed, ok, type Result } from '../../../domain/result.ts'
import type { Login } from './address.ts'
import { describe, isReadOnly } from './failure.ts'

export type { Redis } from 'ioredis'

const pingMs = 1000
const openMs = 3000
/** ioredis gives up in rare cases, such as being told to disconnect just as it begins to connect. */
const revivalMs = 1000

export type ConnectionParts = {
  readonly purpose: 'publish' | 'subscribe' | 'read' | 'find' | 'store'
  readonly login: Login
  /** Where the next attempt leads, as `host:port`. */
  readonly next: () => string
  /** How many servers it may lead to: opening fails when as many attempts have. */
  readonly addresses: number
  readonly limits: Limits
}

/**
 * A connection to a Redis, or to one of several, that never waits for long: a command without an answer fails, a silent
 * socket is replaced (the ping each second sees to it that one is noticed), and nothing is queued or sent twice.
 */
export class Connection {
  readonly redis: Redis
  readonly #parts: ConnectionParts
  #address: string
  #lastError: string | undefined
  #heard: (answered: boolean) => void = () => {}
  #pinging: NodeJS.Timeout | undefined
  #revival: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#address = parts.next()
    const retryStrategy = (times: number): number => {
      this.#lead(parts.next())
      return Math.min(50 * 2 ** Math.min(times, 10), 1000) + Math.random() * 100
    }
    this.redis = new Redis({ ...optionsFor(parts), ...placeOf(this.#address), retryStrategy })
    this.redis.on('error', (error) => {
      this.#lastError = describe(error)
    })
    this.redis.on('ready', () => {
      this.#lastError = undefined
    })
    this.redis.on('end', () => {
      if (!this.#closed) this.#revival = setTimeout(() => void this.#connect(), revivalMs)
    })
  }

  /** `host:port` of the present or next attempt. */
  get address(): string {
    return this.#address
  }

  /** What went wrong since it was last ready. */
  get lastError(): string | undefined {
    return this.#lastError
  }

  get isReady(): boolean {
    return this.redis.status === 'ready'
  }

  /** Resolves within some 3 s; a connection that could not be opened is closed. */
  async open(): Promise<Result<void, string>> {
    const problem = await this.#firstProblem()
    if (problem === undefined) return ok(undefined)
    await this.close()
    return failed(problem)
  }

  /** Connects, and goes on trying until it is closed. */
  start(): void {
    this.#pinging ??= setInterval(() => this.#ping(), pingMs)
    void this.#connect()
  }

  /** Gives up the present server for the next, and hears nothing more of what it says. */
  move(): void {
    this.#lead(this.#parts.next())
    this.redis.disconnect(true)
    this.redis.stream?.destroy()
  }

  /** Tells of each ping, once a second while there is a connection, whether it was answered. */
  onPing(heard: (answered: boolean) => void): void {
    this.#heard = heard
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#pinging)
    clearTimeout(this.#revival)
    const ended = this.isReady ? new Promise<void>((resolve) => this.redis.once('end', resolve)) : undefined
    this.redis.disconnect()
    await ended
  }

  #firstProblem(): Promise<string | undefined> {
    return new Promise((resolve) => {
      let attempts = 0
      const overdue = setTimeout(() => resolve(this.#lastError ?? 'no answer within 3 s'), openMs)
      const settle = (problem?: string): void => {
        clearTimeout(overdue)
        this.redis.off('error', count)
        resolve(problem)
      }
      const count = (error: Error): void => {
        attempts++
        if (attempts >= this.#parts.addresses) settle(describe(error))
      }
      this.redis.on('error', count)
      this.redis.once('ready', () => settle())
      this.start()
    })
  }

  async #connect(): Promise<void> {
    try {
      await this.redis.connect()
    } catch {
      // The error event has told it, and the next attempt is under way.
    }
  }

  /** ioredis reads its options anew for each attempt. */
  #lead(address: string): void {
    this.#address = address
    Object.assign(this.redis.options, placeOf(address))
  }

  #ping(): void {
    if (!this.isReady) return
    this.redis.ping().then(
      () => this.#heard(true),
      () => this.#heard(false),
    )
  }
}

/** Brackets around an IPv6 address are a URL's, not a socket's. */
function placeOf(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':')
  return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(colon + 1)) }
}

function optionsFor({ purpose, login, addresses, limits }: ConnectionParts): RedisOptions {
  const { username, password, tls, database } = login
  return {
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: {} }),
    db: database,
    lazyConnect: true,
    connectionName: `flagtail-${purpose}`,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false, // the subscriber does it, since it must know when that is done
    maxRetriesPerRequest: 0,
    commandTimeout: limits.busCommandMs,
    socketTimeout: limits.busSocketMs,
    connectTimeout: addresses > 1 ? limits.busCommandMs : limits.busSocketMs,
    disconnectTimeout: 200, // a frozen server never answers our FIN
    reconnectOnError: isReadOnly,
  }
}
