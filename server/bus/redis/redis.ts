import type { Batch, ChainedBatch } from '../../../domain/batch.ts'
import type { Position } from '../../../domain/chain.ts'
import type { Limits } from '../../../domain/limits.ts'
import { ok, type Result } from '../../../domain/result.ts'
import { type Bus, type BusFailure, type BusState, busDown, type LogPage, type OlderPage } from '../bus.ts'
import { type RedisAddress, readAddress } from './address.ts'
import { Connection } from './connection.ts'
import { EntryReader } from './entry-reader.ts'
import { Health } from './health.ts'
import { Masters } from './masters.ts'
import { rotationOf } from './rotation.ts'
import { Subscriber } from './subscriber.ts'
import { findTopologyFor, type Topology } from './topology.ts'
import { type Found, findServers, TopologyWatch } from './topology-watch.ts'

export type RedisBusParts = {
  readonly url: string
  readonly limits: Limits
  /** How many there are: each log has an even share of `allLogsBytesRedis`. */
  readonly environments: number
  readonly now: () => number
  /** Takes one line for whoever runs this, without secrets. */
  readonly warn: (message: string) => void
}

/**
 * The bus through one Redis, the master that Sentinel names, or a cluster. Fails within some seconds, with one line that
 * says why, when that cannot be used.
 */
export async function openRedisBus(parts: RedisBusParts): Promise<Result<Bus, BusFailure>> {
  const read = readAddress(parts.url)
  if (!read.ok) return busDown(`the Redis URL ${read.error}`)
  const address = read.value
  const { label, exposure } = address
  if (exposure) parts.warn(`Redis at ${label} may be read and written by others: ${exposure}`)
  const found = await findServers(address, parts.limits)
  if (!found.ok) return busDown(`cannot use Redis at ${label}: ${found.error}`)
  const bus = new RedisBus(parts, address, found.value)
  const opened = await bus.open()
  if (opened.ok) return ok(bus)
  await bus.close()
  return busDown(`cannot use Redis at ${label}: ${opened.error}`)
}

class RedisBus implements Bus {
  readonly #health: Health<string>
  readonly #masters: Masters
  readonly #connection: Connection
  readonly #subscriber: Subscriber
  readonly #watch: TopologyWatch | undefined
  readonly #warn: (message: string) => void
  readonly #label: string
  #servers: readonly string[]

  constructor(parts: RedisBusParts, address: RedisAddress, { topology, finder }: Found) {
    const { limits, environments, now, warn } = parts
    const { login, form, label } = address
    const entries = new EntryReader(warn)
    const logBytes = Math.min(limits.logBytes, Math.floor(limits.allLogsBytesRedis / Math.max(1, environments)))
    const onMoved = (): void => void this.#watch?.look()
    this.#warn = warn
    this.#label = label
    this.#servers = topology.servers
    this.#health = new Health(now)
    this.#masters = new Masters(
      { form, login, limits, logBytes, entries, health: this.#health, warn, onMoved },
      topology,
    )
    const next = rotationOf(() => this.#servers)
    this.#connection = new Connection({ purpose: 'subscribe', login, next, addresses: topology.servers.length, limits })
    this.#subscriber = new Subscriber({
      connection: this.#connection,
      database: login.database,
      entries,
      onHealth: (up) => this.#health.set('hearing', up),
    })
    const find = findTopologyFor(address)
    const told = (changed: Topology): void => this.#change(changed)
    const isSettled = (): boolean => this.#masters.isReady
    this.#watch = finder && find && new TopologyWatch({ connection: finder, find, first: topology, told, isSettled })
  }

  /** Resolves when everything is connected; from then on it keeps itself so. */
  async open(): Promise<Result<void, string>> {
    const opened = await Promise.all([this.#masters.open(), this.#connection.open()])
    const refused = opened.find((result) => !result.ok)
    if (refused) return refused
    this.#health.watch(({ up }) => {
      const error = this.#masters.lastError ?? this.#connection.lastError
      if (!up) this.#warn(`lost Redis at ${this.#label}: ${error ?? 'it does not answer, or closed a connection'}`)
    })
    return ok(undefined)
  }

  append(environmentId: string, batches: readonly Batch[]): Promise<Result<void, BusFailure>> {
    return this.#masters.ask(environmentId, ({ publisher }) => publisher.append(environmentId, batches))
  }

  subscribe(
    environmentId: string,
    hear: (batch: ChainedBatch) => void,
  ): Promise<Result<() => Promise<void>, BusFailure>> {
    return this.#subscriber.subscribe(environmentId, hear)
  }

  head(environmentId: string): Promise<Result<Position, BusFailure>> {
    return this.#masters.ask(environmentId, ({ reader }) => reader.head(environmentId))
  }

  after(environmentId: string, position: Position): Promise<Result<LogPage, BusFailure>> {
    return this.#masters.ask(environmentId, ({ reader }) => reader.after(environmentId, position))
  }

  before(environmentId: string, offset: number | undefined): Promise<Result<OlderPage, BusFailure>> {
    return this.#masters.ask(environmentId, ({ reader }) => reader.before(environmentId, offset))
  }

  watchState(told: (state: BusState) => void): () => void {
    return this.#health.watch(told)
  }

  async close(): Promise<void> {
    this.#subscriber.close()
    this.#health.close()
    await Promise.all([this.#watch?.close(), this.#masters.close(), this.#connection.close()])
  }

  /** Channels are heard on any server of a cluster, but on no server that has left it. */
  #change(topology: Topology): void {
    this.#servers = topology.servers
    if (!topology.servers.includes(this.#connection.address)) this.#connection.move()
    this.#masters.change(topology)
  }
}
