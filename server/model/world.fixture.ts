import { createHash } from 'node:crypto'
import { until } from '../app.fixture.ts'
import type { RedisServer } from '../bus/redis/redis-server.fixture.ts'
import { startRedis } from '../bus/redis/redis-server.fixture.ts'
import type { ConfiguredEnvironments } from '../config-file.ts'
import type { Fired } from './faults.fixture.ts'
import { ModelNode } from './node.fixture.ts'
import { ModelPage } from './page.fixture.ts'
import { keyOf, type PostOutcome, Posts } from './posts.fixture.ts'
import { FaultProxy } from './proxy.fixture.ts'
import { ModelReader } from './reader.fixture.ts'
import { Witness } from './witness.fixture.ts'
import { filters, type mixedRows } from './words.fixture.ts'

/** What the runs of a lane share: one Redis, its witness, and a way to it for each node. */
export class Lane {
  readonly redis: RedisServer
  readonly proxies: readonly FaultProxy[]
  readonly witness: Witness
  readonly name: string
  #runs = 0

  private constructor(name: string, redis: RedisServer, proxies: readonly FaultProxy[]) {
    this.name = name
    this.redis = redis
    this.proxies = proxies
    this.witness = new Witness(redis.port)
  }

  static async open(name: string): Promise<Lane> {
    const redis = await startRedis()
    const proxies = [await FaultProxy.open(() => redis.port), await FaultProxy.open(() => redis.port)]
    const lane = new Lane(name, redis, proxies)
    await lane.witness.wake()
    return lane
  }

  /** A world of its own environments; Redis and the proxies do what they should. */
  async world(fired: Fired): Promise<World> {
    const run = `${this.name}${++this.#runs}`
    for (const proxy of this.proxies) proxy.dropMessages(false)
    for (const proxy of this.proxies) proxy.set('pass')
    const world = new World(this, [`prod-${run}`, `stage-${run}`], fired)
    await this.witness.attend(world.environmentIds)
    await world.open()
    return world
  }

  async close(): Promise<void> {
    this.witness.close()
    for (const proxy of this.proxies) await proxy.close()
    await this.redis.stop()
  }
}

const viewers = 3
const smallCapacity = 120

/** Two nodes behind one Redis, three viewers, a script, and everything that is known of them. */
export class World {
  readonly lane: Lane
  readonly environmentIds: readonly string[]
  readonly fired: Fired
  readonly posts = new Posts()
  readonly nodes: readonly ModelNode[]
  readonly pages: ModelPage[] = []
  /** What happened, for whoever reads a failure. */
  readonly journal: string[] = []
  /** When Redis died: it may have answered a node and not the witness any more. */
  readonly kills: { readonly fromMs: number; readonly toMs: number }[] = []
  /** Batches of which a failover left nothing: who has not read them cannot know, and nobody promises it. */
  readonly forgotten = new Set<string>()
  /** Environments of those batches. */
  readonly forgottenIn = new Set<string>()
  /**
   * Offset of the first batch that a log held before a failover brought back what it had trimmed: who had been told that it
   * is missed is not given it again.
   */
  readonly trimmedTo = new Map<string, number>()
  /** Lives and branches that a log lost. */
  readonly broken = new Map<string, number>()
  readonly #began = performance.now()
  readonly #keptBefore = new Map<FaultProxy, number>()
  #reader: ModelReader | undefined
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #droppedBefore: number
  redisUp = true

  constructor(lane: Lane, environmentIds: readonly string[], fired: Fired) {
    this.lane = lane
    this.environmentIds = environmentIds
    this.fired = fired
    const environments: ConfiguredEnvironments = environmentIds.map((id) => ({
      id,
      name: `Environment ${id}`,
      sdkKeys: [{ kind: 'server' as const, sha256: createHash('sha256').update(keyOf(id)).digest('hex') }],
    }))
    this.nodes = lane.proxies.map((proxy) => new ModelNode(proxy, environments))
    for (const proxy of lane.proxies) this.#keptBefore.set(proxy, proxy.did.kept)
    this.#droppedBefore = this.#dropped
  }

  get witness(): Witness {
    return this.lane.witness
  }

  /** Messages that were published and kept from a node in this run. */
  get dropped(): number {
    return this.#dropped - this.#droppedBefore
  }

  get #dropped(): number {
    return this.lane.proxies.reduce((sum, { did }) => sum + did.dropped, 0)
  }

  async open(): Promise<void> {
    for (const node of this.nodes) await until(() => node.open(), 20_000)
    for (let index = 0; index < viewers; index++) {
      const page = new ModelPage(
        {
          name: `v${index}`,
          capacity: index === viewers - 1 ? smallCapacity : 100_000,
          urlOf: (node) => (this.nodes[node]?.isOpen ? this.nodes[node]?.url : undefined),
          batches: () => this.witness.count,
          journal: (line) => this.note(line),
        },
        index % this.nodes.length,
      )
      this.pages.push(page)
    }
    this.#reader = new ModelReader({
      name: 'script',
      urlOf: (node) => (this.nodes[node]?.isOpen ? this.nodes[node]?.url : undefined),
      batches: () => this.witness.count,
      journal: (line) => this.note(line),
    })
    await until(() => [...this.pages, this.reader].every(({ latest }) => latest !== undefined), 15_000)
  }

  note(line: string): void {
    this.journal.push(`${Math.round(performance.now() - this.#began)} ${line}`)
  }

  node(index: number): ModelNode {
    const node = this.nodes[index]
    if (!node) throw new Error(`no node ${index}`)
    return node
  }

  page(index: number): ModelPage {
    const page = this.pages[index]
    if (!page) throw new Error(`no viewer ${index}`)
    return page
  }

  get reader(): ModelReader {
    if (!this.#reader) throw new Error('the world is not open')
    return this.#reader
  }

  environment(index: number): string {
    return this.environmentIds[index] ?? ''
  }

  filter(index: number): string {
    const [prod = '', stage = ''] = this.environmentIds
    return (filters[index] ?? '').replace('$prod', prod).replace('$stage', stage)
  }

  async post(node: number, environmentId: string, rows: ReturnType<typeof mixedRows>): Promise<PostOutcome> {
    const outcome = this.posts.post(this.node(node).url, environmentId, rows)
    this.#underWay.add(outcome)
    try {
      const answer = await outcome
      this.note(`post of ${rows.length} to ${environmentId} by n${node}: ${answer}`)
      this.fired.add(answer === 'acknowledged' ? 'post acknowledged' : 'post refused')
      return answer
    } finally {
      this.#underWay.delete(outcome)
    }
  }

  /** Resolves when every post was answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  /** Logs of these environments lost something that nobody can count. */
  breakLogs(environmentIds: readonly string[]): void {
    for (const id of environmentIds) this.broken.set(id, (this.broken.get(id) ?? 0) + 1)
  }

  async rememberTrimmed(environmentId: string): Promise<void> {
    const first = (await this.witness.firstHeld(environmentId)) ?? 0
    this.trimmedTo.set(environmentId, Math.max(first, this.trimmedTo.get(environmentId) ?? 0))
  }

  async killRedis(): Promise<void> {
    const fromMs = performance.now()
    await this.witness.ready() // all that was answered before is heard by it
    await this.lane.redis.kill()
    this.kills.push({ fromMs, toMs: performance.now() })
    await this.witness.rest()
    this.redisUp = false
    for (const { proxy } of this.nodes) proxy.set('refuse')
    this.breakLogs(this.environmentIds)
    this.note('Redis killed')
  }

  /** Comes back empty; nobody appends before the witness hears it. */
  async reviveRedis(): Promise<void> {
    const { pid } = this.lane.redis
    await this.lane.redis.restart()
    await this.witness.wake()
    for (const { proxy } of this.nodes) proxy.set('pass')
    this.redisUp = true
    if (this.lane.redis.pid !== pid) this.fired.add('Redis killed')
    this.note('Redis is back')
  }

  heal(index: number): void {
    const { proxy } = this.node(index)
    const { fault } = proxy
    if (proxy.did.kept > (this.#keptBefore.get(proxy) ?? 0)) {
      if (fault === 'blackhole') this.fired.add('node blackholed')
      if (fault === 'half-open') this.fired.add('node half-open')
    }
    this.#keptBefore.set(proxy, proxy.did.kept)
    proxy.set('pass')
  }

  /** Closed well, and opened again if its Redis can be used; else it stays closed until the end. */
  async restart(index: number): Promise<void> {
    const node = this.node(index)
    if (!node.isOpen) return
    const { url } = node
    await node.close()
    this.note(`n${index} closed`)
    if (!this.redisUp || node.proxy.fault !== 'pass') return
    if ((await node.open()) && node.url !== url) this.fired.add('node restarted')
    this.note(`n${index} opened`)
  }

  async close(): Promise<void> {
    if (!this.redisUp) await this.reviveRedis()
    for (const page of this.pages) page.close()
    await this.#reader?.close()
    await Promise.all(this.nodes.map((node) => node.close()))
    await this.answered()
  }
}
