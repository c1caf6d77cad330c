import type { RedisAddress } from './address.ts'
import type { Redis } from './connection.ts'
import { slots } from './slot.ts'

/** Which server has which logs at present; servers are `host:port`. */
export type Topology = {
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly master: string }[]
  /** Where the channels can be heard: on each of them. */
  readonly servers: readonly string[]
}

/** Asks a Sentinel, or a server of a cluster, what is where; throws when it does not know. */
export type FindTopology = (redis: Redis) => Promise<Topology>

export function mastersOf({ ranges }: Topology): readonly string[] {
  return [...new Set(ranges.map(({ master }) => master))]
}

export function masterOf({ ranges }: Topology, slot: number): string | undefined {
  return ranges.find(({ from, to }) => from <= slot && slot <= to)?.master
}

export function isSameTopology(a: Topology, b: Topology): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** One master that has everything. */
export function allOn(master: string): Topology {
  return { ranges: [{ from: 0, to: slots - 1, master }], servers: [master] }
}

/** How the servers of a URL are asked; `undefined` for a single Redis, which is where the URL says. */
export function findTopologyFor({ form }: RedisAddress): FindTopology | undefined {
  if (form.kind === 'single') return undefined
  return form.kind === 'cluster' ? askCluster : (redis) => askSentinel(redis, form.master)
}

async function askSentinel(redis: Redis, name: string): Promise<Topology> {
  const reply = await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)
  if (!Array.isArray(reply)) throw new Error(`Sentinel knows no master "${name}"`)
  return allOn(`${reply[0]}:${reply[1]}`)
}

/** A server on the wrong side of a partition may have an old answer, and says that the cluster's state is not ok. */
async function askCluster(redis: Redis): Promise<Topology> {
  const [state, ranges] = await Promise.all([redis.call('CLUSTER', 'INFO'), redis.call('CLUSTER', 'SLOTS')])
  if (!String(state).includes('cluster_state:ok')) throw new Error('the Redis cluster is down (cluster_state:fail)')
  return topologyFrom(ranges, redis.options.host ?? '')
}

/** From `CLUSTER SLOTS`: `[from, to, [host, port, …] of the master, … of each replica]`; no host = that of who answered. */
export function topologyFrom(reply: unknown, answeredBy: string): Topology {
  const rows = (Array.isArray(reply) ? reply : []).map(([from, to, ...servers]) => ({
    from: Number(from),
    to: Number(to),
    servers: servers.map(([host, port]: [unknown, unknown]) => `${host || answeredBy}:${port}`),
  }))
  const ranges = rows.map(({ from, to, servers: [master = ''] }) => ({ from, to, master }))
  if (ranges.length === 0) throw new Error('the Redis cluster has no slots')
  return {
    ranges: ranges.sort((a, b) => a.from - b.from),
    servers: [...new Set(rows.flatMap(({ servers }) => servers))].sort(),
  }
}
