import { until } from '../bus.fixture.ts'
import { askRedis, freePort, type RedisServer, startRedis } from './redis-server.fixture.ts'
import { slotOf, slots } from './slot.ts'

/** A master and its replica, watched by three Sentinels. */
export type SentinelGroup = {
  readonly url: string
  readonly master: RedisServer
  readonly replica: RedisServer
  readonly sentinels: readonly RedisServer[]
  /** The replica falls behind from here on, and Sentinel may still promote it. Resolves when it no longer hears the master. */
  stopReplication(): Promise<void>
  stop(): Promise<void>
}

/** Three masters with a third of the slots and a replica each. */
export type RedisCluster = {
  readonly url: string
  readonly masters: readonly RedisServer[]
  readonly replicas: readonly RedisServer[]
  /** Who had the environment's log at the start. */
  masterOf(environmentId: string): RedisServer
  stop(): Promise<void>
}

const replication = [
  '--user',
  'mirror',
  'on',
  '>word',
  '~*',
  '&*',
  '+@all',
  '--masteruser',
  'mirror',
  '--masterauth',
  'word',
]

/** Resolves when the Sentinels agree and know the replica; a master that is silent for 500 ms is replaced. */
export async function startSentinels(): Promise<SentinelGroup> {
  const started: RedisServer[] = []
  const stop = (): Promise<void> => stopAll(started)
  const start = async (...options: Parameters<typeof startRedis>): Promise<RedisServer> => {
    const server = await startRedis(...options)
    started.push(server)
    return server
  }
  try {
    const master = await start({ args: replication })
    const replica = await start({ args: [...replication, '--replicaof', '127.0.0.1', `${master.port}`] })
    await until(async () => (await askRedis(replica.port, 'INFO replication')).includes('master_link_status:up'))
    const sentinel = [
      `sentinel monitor main 127.0.0.1 ${master.port} 2`,
      'sentinel down-after-milliseconds main 500',
      'sentinel failover-timeout main 2000',
      'sentinel auth-user main mirror',
      'sentinel auth-pass main word',
    ]
    const sentinels = await Promise.all([start({ sentinel }), start({ sentinel }), start({ sentinel })])
    for (const { port } of sentinels) await until(() => knowsAll(port), 20_000)
    const url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/main`
    const stopReplication = async (): Promise<void> => {
      await askRedis(master.port, 'ACL DELUSER mirror')
      await until(async () => (await askRedis(master.port, 'INFO replication')).includes('connected_slaves:0'))
    }
    return { url, master, replica, sentinels, stopReplication, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

async function knowsAll(sentinelPort: number): Promise<boolean> {
  const quorum = await askRedis(sentinelPort, 'SENTINEL CKQUORUM main')
  const master = await askRedis(sentinelPort, 'SENTINEL MASTER main')
  return quorum.startsWith('+OK 3') && /num-slaves\r\n\$1\r\n1/.test(master)
}

/** Resolves when every server says that the cluster is ok; a master that is silent for a second is replaced. */
export async function startCluster(): Promise<RedisCluster> {
  const busPorts = await Promise.all(Array.from({ length: 6 }, freePort))
  const begun = await Promise.allSettled(busPorts.map((port) => startRedis({ args: clusterArgs(port) })))
  const servers = begun.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const stop = (): Promise<void> => stopAll(servers)
  try {
    const failure = begun.find((result) => result.status === 'rejected')
    if (failure) throw new Error('could not start a cluster', { cause: failure.reason })
    const masters = servers.slice(0, 3)
    const replicas = servers.slice(3)
    await join(servers, busPorts)
    for (const [index, { port }] of replicas.entries()) {
      const id = /[0-9a-f]{40}/.exec(await askRedis(masters[index]?.port ?? 0, 'CLUSTER MYID'))?.[0]
      await until(async () => (await askRedis(port, `CLUSTER REPLICATE ${id}`)).startsWith('+OK'))
    }
    for (const { port } of replicas)
      await until(async () => (await askRedis(port, 'INFO replication')).includes('master_link_status:up'), 20_000)
    for (const { port } of servers)
      await until(async () => (await askRedis(port, 'CLUSTER NODES')).match(/slave/g)?.length === 3, 20_000)
    const url = `redis+cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
    const masterOf = (environmentId: string): RedisServer => {
      const master = masters[Math.floor((slotOf(environmentId) * 3) / slots)]
      if (!master) throw new Error('a slot is of one of three masters')
      return master
    }
    return { url, masters, replicas, masterOf, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

function clusterArgs(busPort: number): readonly string[] {
  return ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-port', `${busPort}`]
}

async function join(servers: readonly RedisServer[], busPorts: readonly number[]): Promise<void> {
  for (const [index, { port }] of servers.entries()) {
    await askRedis(port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`)
    if (index < 3) {
      const from = Math.ceil((slots * index) / 3)
      await askRedis(port, `CLUSTER ADDSLOTSRANGE ${from} ${Math.ceil((slots * (index + 1)) / 3) - 1}`)
    }
    await askRedis(servers[0]?.port ?? 0, `CLUSTER MEET 127.0.0.1 ${port} ${busPorts[index]}`)
  }
  for (const { port } of servers) {
    await until(async () => {
      const state = await askRedis(port, 'CLUSTER INFO')
      return state.includes('cluster_state:ok') && state.includes('cluster_known_nodes:6')
    }, 20_000)
  }
}

/** Resolves when the replica has all that its master has; nobody may be appending. */
export async function untilReplicated(master: RedisServer, replica: RedisServer | undefined): Promise<void> {
  const offsetOf = async (port: number) => /master_repl_offset:\d+/.exec(await askRedis(port, 'INFO replication'))?.[0]
  await until(async () => (await offsetOf(master.port)) === (await offsetOf(replica?.port ?? 0)))
}

async function stopAll(servers: readonly RedisServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}
