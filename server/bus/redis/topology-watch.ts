import { ok, type Result } from '../../../domain/result.ts'
import type { Login, RedisAddress } from './address.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { describe } from './failure.ts'
import { rotationOf } from './rotation.ts'
import { allOn, type FindTopology, findTopologyFor, isSameTopology, type Topology } from './topology.ts'

/** How often is asked: a failover is seen this much later at most. */
const lookMs = 500

export type TopologyWatchParts = {
  readonly connection: Connection
  readonly find: FindTopology
  readonly first: Topology
  readonly told: (topology: Topology) => void
  /** Whether all masters can be reached; while not, another server is asked each time, since the last may not know yet. */
  readonly isSettled: () => boolean
}

/** Asks again and again which server has which logs, and tells of changes. */
export class TopologyWatch {
  readonly #parts: TopologyWatchParts
  readonly #timer: NodeJS.Timeout
  #known: Topology
  #looking: Promise<void> | undefined
  #closed = false

  constructor(parts: TopologyWatchParts) {
    this.#parts = parts
    this.#known = parts.first
    this.#timer = setInterval(() => void this.look(), lookMs)
  }

  /** Asks at once, unless an answer is under way already. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#parts.connection.close()
  }

  async #look(): Promise<void> {
    const { connection, find, told, isSettled } = this.#parts
    if (!connection.isReady) return
    try {
      const topology = await find(connection.redis)
      if (this.#closed) return
      if (!isSameTopology(topology, this.#known)) told(topology)
      else if (!isSettled()) connection.move() // not just after a change: another server may not have heard of that yet
      this.#known = topology
    } catch {
      if (!this.#closed) connection.move() // this one is down, or does not know: the next may
    }
  }
}

/** What is where, and the connection that can ask again: to Sentinels or a cluster. */
export type Found = { readonly topology: Topology; readonly finder: Connection | undefined }

/** Finds where the URL's logs are at present. */
export async function findServers(
  address: RedisAddress,
  limits: ConnectionParts['limits'],
): Promise<Result<Found, string>> {
  const find = findTopologyFor(address)
  if (!find) return ok({ topology: allOn(address.hosts[0] ?? ''), finder: undefined })
  return openTopology(address, find, limits)
}

/** A connection to one of the servers that can be asked, and its first answer. Sentinels may let anybody in, or want the login of the Redis. */
async function openTopology(
  { form, hosts, login }: RedisAddress,
  find: FindTopology,
  limits: ConnectionParts['limits'],
): Promise<Result<{ readonly finder: Connection; readonly topology: Topology }, string>> {
  const anonymous: Login = { tls: login.tls, database: 0 }
  const open = (as: Login) =>
    openFor({ purpose: 'find', login: as, next: rotationOf(() => hosts), addresses: hosts.length, limits }, find)
  if (form.kind === 'cluster') return open(login)
  const opened = await open(anonymous)
  return opened.ok || login.password === undefined || !opened.error.includes('NOAUTH') ? opened : open(login)
}

async function openFor(parts: ConnectionParts, find: FindTopology) {
  const finder = new Connection(parts)
  const opened = await finder.open()
  if (!opened.ok) return opened
  try {
    return ok({ finder, topology: await find(finder.redis) })
  } catch (error) {
    await finder.close()
    return { ok: false, error: `${finder.address}: ${describe(error)}` } as const
  }
}
