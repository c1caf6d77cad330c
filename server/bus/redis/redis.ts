import type { Batch, ChainedBatch } from '../../../domain/batch.ts'
import type { Position } from '../../../domain/chain.ts'
import type { Limits } from '../../../domain/limits.ts'
import { ok, type Result } from '../../../domain/result.ts'
import { type Bus, type BusFailure, type BusState, busDown, type LogPage, type OlderPage } from '../bus.ts'
import { type RedisAddress, readAddress } from './address.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { EntryReader } from './entry-reader.ts'
import { describe } from './failure.ts'
import { Health } from './health.ts'
import { Publisher } from './publisher.ts'
import { Reader } from './reader.ts'
import { checkServer } from './server-check.ts'
import { Subscriber } from './subscriber.ts'

export type RedisBusParts = {
  readonly url: string
  readonly limits: Limits
  /** How many there are: each log has an even share of `allLogsBytesRedis`. */
  readonly environments: number
  readonly now: () => number
  /** Takes one line for whoever runs this, without secrets. */
  readonly warn: (message: string) => void
}

type Part = 'publisher' | 'subscriber' | 'reader'
type Connections = { readonly [Purpose in ConnectionParts['purpose']]: Connection }

/** The bus through one Redis. Fails within some 3 s, with one line that says why, when that Redis cannot be used. */
export async function openRedisBus(parts: RedisBusParts): Promise<Result<Bus, BusFailure>> {
  const address = readAddress(parts.url)
  if (!address.ok) return busDown(address.error)
  const { label, exposure } = address.value
  if (exposure) parts.warn(`Redis at ${label} may be read and written by others: ${exposure}`)
  const connections = connectionsTo(parts)
  const opened = await openAll(connections, parts.warn)
  if (opened.ok) return ok(new RedisBus(parts, address.value, connections))
  await closeAll(connections)
  return busDown(`cannot use Redis at ${label}: ${opened.error}`)
}

function connectionsTo({ url, limits }: RedisBusParts): Connections {
  const connectionFor = (purpose: ConnectionParts['purpose']) => new Connection({ url, limits, purpose })
  return { publish: connectionFor('publish'), subscribe: connectionFor('subscribe'), read: connectionFor('read') }
}

async function openAll(connections: Connections, warn: (message: string) => void): Promise<Result<void, string>> {
  const opened = await Promise.all(Object.values(connections).map((connection) => connection.open()))
  const refused = opened.find((result) => !result.ok)
  if (refused) return refused
  try {
    return checkServer(await connections.read.redis.info(), warn)
  } catch (error) {
    return { ok: false, error: describe(error) }
  }
}

async function closeAll(connections: Connections): Promise<void> {
  await Promise.all(Object.values(connections).map((connection) => connection.close()))
}

class RedisBus implements Bus {
  readonly #connections: Connections
  readonly #health: Health<Part>
  readonly #publisher: Publisher
  readonly #subscriber: Subscriber
  readonly #reader: Reader

  constructor(parts: RedisBusParts, { database, label }: RedisAddress, connections: Connections) {
    const { limits, environments, warn, now } = parts
    const entries = new EntryReader(warn)
    const health = new Health<Part>(now)
    this.#connections = connections
    this.#health = health
    this.#publisher = new Publisher({
      connection: connections.publish,
      database,
      limits,
      logBytes: Math.min(limits.logBytes, Math.floor(limits.allLogsBytesRedis / Math.max(1, environments))),
      onHealth: (up) => health.set('publisher', up),
    })
    this.#subscriber = new Subscriber({
      connection: connections.subscribe,
      database,
      entries,
      onHealth: (up) => health.set('subscriber', up),
    })
    health.watch(({ up }) => {
      const error = Object.values(connections).find(({ lastError }) => lastError)?.lastError
      if (!up) warn(`lost Redis at ${label}: ${error ?? 'it does not answer, or closed a connection'}`)
    })
    this.#reader = new Reader({
      connection: connections.read,
      entries,
      pageBatches: limits.replayPageBatches,
      onHealth: (up) => health.set('reader', up),
    })
  }

  append(environmentId: string, batches: readonly Batch[]): Promise<Result<void, BusFailure>> {
    return this.#publisher.append(environmentId, batches)
  }

  subscribe(
    environmentId: string,
    hear: (batch: ChainedBatch) => void,
  ): Promise<Result<() => Promise<void>, BusFailure>> {
    return this.#subscriber.subscribe(environmentId, hear)
  }

  head(environmentId: string): Promise<Result<Position, BusFailure>> {
    return this.#reader.head(environmentId)
  }

  after(environmentId: string, position: Position): Promise<Result<LogPage, BusFailure>> {
    return this.#reader.after(environmentId, position)
  }

  before(environmentId: string, offset: number | undefined): Promise<Result<OlderPage, BusFailure>> {
    return this.#reader.before(environmentId, offset)
  }

  watchState(told: (state: BusState) => void): () => void {
    return this.#health.watch(told)
  }

  async close(): Promise<void> {
    this.#subscriber.close()
    this.#health.close()
    await closeAll(this.#connections)
  }
}
