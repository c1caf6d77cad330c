import type { ChainedBatch } from '../../../domain/batch.ts'
import { beginning, type Position } from '../../../domain/chain.ts'
import { ok, type Result } from '../../../domain/result.ts'
import type { LogPage, OlderPage } from '../bus.ts'
import { afterRestart, hasRestarted, type LogView, pageBehind } from '../resume.ts'
import { beginLog } from './begin-script.ts'
import type { Connection, Redis } from './connection.ts'
import type { EntryReader } from './entry-reader.ts'
import { busFailure, notConnected, type RedisFailure } from './failure.ts'
import { keysOf } from './keys.ts'
import { type Entry, entriesOf, metaFields, positionFrom } from './replies.ts'

export type ReaderParts = {
  readonly connection: Connection
  readonly entries: EntryReader
  readonly pageBatches: number
  /** Told of each change of the connection. */
  readonly onHealth: (up: boolean) => void
}

/**
 * Reads logs. Each look at one is a single step in Redis, so that what it shows belongs together. One that has no epoch
 * yet is given one: whoever stands before its first entry can be told when its life ends.
 */
export class Reader {
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    const { connection, onHealth } = parts
    this.#parts = parts
    connection.redis.on('ready', () => onHealth(true))
    connection.redis.on('close', () => onHealth(false))
    onHealth(connection.isReady)
  }

  head(environmentId: string): Promise<Result<Position, RedisFailure>> {
    return this.#answer(async (redis) => {
      const known = await redis.hmget(keysOf(environmentId).meta, ...metaFields)
      return positionFrom(environmentId, known) ?? beginLog(redis, environmentId)
    })
  }

  after(environmentId: string, position: Position): Promise<Result<LogPage, RedisFailure>> {
    return this.#answer(async (redis) => {
      const view = await this.#view(redis, environmentId, position.offset)
      if (!hasRestarted(position, view.head)) return pageBehind(position, view)
      return afterRestart(pageBehind(beginning(environmentId), await this.#view(redis, environmentId, 0)))
    })
  }

  before(environmentId: string, offset: number | undefined): Promise<Result<OlderPage, RedisFailure>> {
    return this.#answer(async (redis) => {
      if (offset !== undefined && offset <= 1) return { batches: [], more: false }
      const { log } = keysOf(environmentId)
      const { pageBatches } = this.#parts
      for (let end = offset === undefined ? '+' : `(${offset}-0`; ; ) {
        const reply = await redis.xrevrangeBuffer(log, end, '-', 'COUNT', pageBatches + 1)
        const entries = entriesOf(reply)
        const page = entries.slice(0, pageBatches)
        const batches = this.#batches(environmentId, page)
        const more = entries.length > pageBatches
        if (batches.length > 0 || !more) return { batches, more }
        end = `(${page.at(-1)?.id}` // a whole page that cannot be read: what is behind it can
      }
    })
  }

  /** `behind`: the ids from which to look on, when a whole page before them could not be read. */
  async #view(redis: Redis, environmentId: string, offset: number, behind = `(${offset}-0`): Promise<LogView> {
    const { meta, log } = keysOf(environmentId)
    const replies = await redis
      .multi()
      .hmget(meta, ...metaFields)
      .xrangeBuffer(log, `${offset}-0`, `${offset}-0`)
      .xrangeBuffer(log, behind, '+', 'COUNT', this.#parts.pageBatches)
      .exec()
    const [known, here, page] = (replies ?? []).map(([error, reply]) => {
      if (error) throw error
      return reply
    })
    const head = positionFrom(environmentId, known)
    if (!head) {
      await beginLog(redis, environmentId)
      return this.#view(redis, environmentId, offset)
    }
    const entries = entriesOf(page)
    const batches = this.#batches(environmentId, entries)
    const isUnreadable = batches.length === 0 && entries.length === this.#parts.pageBatches
    if (isUnreadable) return this.#view(redis, environmentId, offset, `(${entries.at(-1)?.id}`)
    const [at] = this.#batches(environmentId, entriesOf(here))
    return { head, behind: batches, ...(at && { at: at.chain }) }
  }

  #batches(environmentId: string, entries: readonly Entry[]): readonly ChainedBatch[] {
    return entries.flatMap(({ id, bytes }) => this.#parts.entries.read(environmentId, bytes, id) ?? [])
  }

  async #answer<Value>(ask: (redis: Redis) => Promise<Value>): Promise<Result<Value, RedisFailure>> {
    const { connection } = this.#parts
    if (!connection.isReady) return notConnected(connection.lastError)
    try {
      return ok(await ask(connection.redis))
    } catch (error) {
      return busFailure(error, connection.lastError)
    }
  }
}
