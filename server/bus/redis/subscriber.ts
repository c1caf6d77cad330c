import type { ChainedBatch } from '../../../domain/batch.ts'
import { ok, type Result } from '../../../domain/result.ts'
import type { BusFailure } from '../bus.ts'
import { Hearers } from '../hearers.ts'
import type { Connection } from './connection.ts'
import type { EntryReader } from './entry-reader.ts'
import { busFailure } from './failure.ts'
import { channelOf, environmentOf } from './keys.ts'

export type SubscriberParts = {
  readonly connection: Connection
  readonly database: number
  readonly entries: EntryReader
  /** Whether everything that somebody hears is subscribed to. */
  readonly onHealth: (up: boolean) => void
}

/** Hears the channels of environments while anybody wants to hear them, and again after each loss of the connection. */
export class Subscriber {
  readonly #parts: SubscriberParts
  readonly #hearers = new Hearers()

  constructor(parts: SubscriberParts) {
    const { redis } = parts.connection
    this.#parts = parts
    redis.on('messageBuffer', (channel: Buffer, bytes: Buffer) => this.#hear(channel, bytes))
    redis.on('ready', () => void this.#resubscribe())
    redis.on('close', () => parts.onHealth(false))
    parts.onHealth(parts.connection.isReady)
  }

  async subscribe(
    environmentId: string,
    hear: (batch: ChainedBatch) => void,
  ): Promise<Result<() => Promise<void>, BusFailure>> {
    const { connection } = this.#parts
    const remove = this.#hearers.add(environmentId, hear)
    const end = async (): Promise<void> => {
      remove()
      await this.#leave(environmentId)
    }
    try {
      await connection.redis.subscribe(this.#channel(environmentId))
      return ok(end)
    } catch (error) {
      void end()
      return busFailure(error, connection.lastError)
    }
  }

  close(): void {
    this.#hearers.clear()
  }

  #hear(channel: Buffer, bytes: Buffer): void {
    const environmentId = environmentOf(channel.toString())
    if (!this.#hearers.has(environmentId)) return
    const batch = this.#parts.entries.read(environmentId, bytes)
    if (batch) this.#hearers.tell(environmentId, batch)
  }

  /** A connection on which this fails is given up, so that the next one tries again. */
  async #resubscribe(): Promise<void> {
    const { connection, onHealth } = this.#parts
    const channels = this.#hearers.environmentIds.map((id) => this.#channel(id))
    try {
      if (channels.length > 0) await connection.redis.subscribe(...channels)
      onHealth(connection.isReady)
    } catch {
      connection.redis.disconnect(true)
    }
  }

  async #leave(environmentId: string): Promise<void> {
    if (this.#hearers.has(environmentId)) return
    try {
      await this.#parts.connection.redis.unsubscribe(this.#channel(environmentId))
    } catch {
      // Without a connection there is no subscription either, and the next one does not ask for it.
    }
  }

  #channel(environmentId: string): string {
    return channelOf(environmentId, this.#parts.database)
  }
}
