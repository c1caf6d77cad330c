import { Redis, type RedisOptions } from 'ioredis'
import type { Limits } from '../../../domain/limits.ts'
import { failed, ok, type Result } from '../../../domain/result.ts'
import { describe, isReadOnly } from './failure.ts'

export type { Redis } from 'ioredis'

const pingMs = 1000
const openMs = 3000

export type ConnectionParts = {
  readonly url: string
  readonly purpose: 'publish' | 'subscribe' | 'read'
  readonly limits: Limits
}

/**
 * One connection to Redis that never waits for long: a command without an answer fails, a silent socket is replaced
 * (the ping each second sees to it that one is noticed), and nothing is queued or sent twice.
 */
export class Connection {
  readonly redis: Redis
  #lastError: string | undefined
  #heard: (answered: boolean) => void = () => {}
  #pinging: NodeJS.Timeout | undefined

  constructor({ url, purpose, limits }: ConnectionParts) {
    this.redis = new Redis(url, optionsFor(purpose, limits))
    this.redis.on('error', (error) => {
      this.#lastError = describe(error)
    })
    this.redis.on('ready', () => {
      this.#lastError = undefined
    })
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
    if (problem === undefined) {
      this.#pinging = setInterval(() => this.#ping(), pingMs)
      return ok(undefined)
    }
    await this.close()
    return failed(problem)
  }

  /** Tells of each ping, once a second while there is a connection, whether it was answered. */
  onPing(heard: (answered: boolean) => void): void {
    this.#heard = heard
  }

  async close(): Promise<void> {
    clearInterval(this.#pinging)
    const ended = this.isReady ? new Promise<void>((resolve) => this.redis.once('end', resolve)) : undefined
    this.redis.disconnect()
    await ended
  }

  #firstProblem(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const overdue = setTimeout(() => resolve(this.#lastError ?? 'no answer within 3 s'), openMs)
      const settle = (problem?: string): void => {
        clearTimeout(overdue)
        resolve(problem)
      }
      this.redis.once('error', (error) => settle(describe(error)))
      this.redis.once('ready', () => settle())
      this.redis.connect().catch((error) => settle(this.#lastError ?? describe(error)))
    })
  }

  #ping(): void {
    if (!this.isReady) return
    this.redis.ping().then(
      () => this.#heard(true),
      () => this.#heard(false),
    )
  }
}

function optionsFor(purpose: string, limits: Limits): RedisOptions {
  return {
    lazyConnect: true,
    connectionName: `flagtail-${purpose}`,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false, // the subscriber does it, since it must know when that is done
    maxRetriesPerRequest: 0,
    commandTimeout: limits.busCommandMs,
    socketTimeout: limits.busSocketMs,
    connectTimeout: limits.busSocketMs,
    disconnectTimeout: 200, // a frozen server never answers our FIN
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 1000) + Math.random() * 100,
    reconnectOnError: isReadOnly,
  }
}
