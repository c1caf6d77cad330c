import { until } from '../app.fixture.ts'
import { type RedisServer, startRedis } from '../bus/redis/redis-server.fixture.ts'
import type { Closing } from '../closing.ts'
import { writeExportedFolder } from '../pages.fixture.ts'
import { Balancer } from './balancer.fixture.ts'
import { flagAt, Load, type LoadCounts } from './load.fixture.ts'
import { acceptedSoFar, logReads, WholeLog } from './log.fixture.ts'
import { type Exit, RollingNode } from './node.fixture.ts'
import { RollingPage } from './page.fixture.ts'

/** How the restart of one node went. */
export type Restart = {
  readonly exit: Exit
  /** From the signal until every viewer had all that the log had taken when the process was gone. */
  readonly caughtUpMs: number
  /** By how much the viewers' own process, which they all share, was late meanwhile. */
  readonly lateMs: number
  /** Times that Redis was asked for a page of the log meanwhile. */
  readonly reads: number
}

export type Rolled = {
  readonly pages: readonly RollingPage[]
  readonly restarts: readonly Restart[]
  readonly posts: LoadCounts
  readonly log: WholeLog
}

const viewers = 500
/** Far below the handshakes that a server takes in a second. */
const viewersAtOnce = 25
const everythingViewers = 10
/** Less than they get, so that rows are evicted. */
const fewRows = 10_000
const manyRows = 50_000
const joinMs = 30_000
const catchUpMs = 60_000

/** Restarts both nodes behind a load balancer, one after the other, while posts come in and 500 viewers watch. */
export async function rollingRestart(closing: Closing): Promise<Rolled> {
  const redis = await startRedis()
  closing.add('redis', () => redis.stop())
  const { folder, remove } = writeExportedFolder()
  closing.add('pages', remove)
  const nodes = await Promise.all([openNode(closing, redis, folder), openNode(closing, redis, folder)])
  const ports = nodes.map(({ port }) => port)
  const [forViewers, forPosts] = [await Balancer.open(ports, 'stay'), await Balancer.open(ports, 'turns')]
  for (const balancer of [forViewers, forPosts]) closing.add('load balancer', () => balancer.close())
  const load = new Load(forPosts.url)
  closing.add('load', () => load.close())
  const pages = await openPages(closing, forViewers.url)
  const restarts: Restart[] = []
  for (const node of nodes) {
    restarts.push(await leave(node, pages, redis.port))
    await node.start()
    await until(() => [forViewers, forPosts].every(({ ready }) => ready === nodes.length))
  }
  await load.end()
  await caughtUp(pages, redis.port)
  return { pages, restarts, posts: load.counts, log: await WholeLog.read(redis.url) }
}

async function openNode(closing: Closing, redis: RedisServer, pages: string): Promise<RollingNode> {
  const node = await RollingNode.open({ redisUrl: redis.url, pages })
  closing.add('node', () => node.kill())
  return node
}

/** They come in groups, each when the one before is in. */
async function openPages(closing: Closing, url: string): Promise<readonly RollingPage[]> {
  const pages: RollingPage[] = []
  closing.add('viewers', () => {
    for (const page of pages) page.close()
  })
  while (pages.length < viewers) {
    for (let coming = 0; coming < viewersAtOnce; coming++) pages.push(openPage(url, pages.length))
    await until(() => pages.every(({ begins }) => begins !== undefined), joinMs)
  }
  return pages
}

/** A few watch everything, which is more than anybody can be sent; the others watch one flag each. */
function openPage(url: string, index: number): RollingPage {
  if (index < everythingViewers) return new RollingPage(url, '', fewRows)
  return new RollingPage(url, flagAt(index), manyRows)
}

async function leave(node: RollingNode, pages: readonly RollingPage[], redisPort: number): Promise<Restart> {
  const readsBefore = await logReads(redisPort)
  const late = sumLateness()
  const began = performance.now()
  const exit = await node.stop()
  await caughtUp(pages, redisPort)
  const caughtUpMs = performance.now() - began
  return { exit, caughtUpMs, lateMs: late(), reads: (await logReads(redisPort)) - readsBefore }
}

/** Resolves when every viewer has all that the log has taken by now. */
async function caughtUp(pages: readonly RollingPage[], redisPort: number): Promise<void> {
  const accepted = await acceptedSoFar(redisPort)
  await until(() => pages.every(({ passed }) => passed >= accepted), catchUpMs)
}

const beatMs = 20

/** Adds up, until it is asked, by how much timers of this process were late. */
function sumLateness(): () => number {
  let dueMs = performance.now() + beatMs
  let lateMs = 0
  const beating = setInterval(() => {
    const nowMs = performance.now()
    lateMs += Math.max(0, nowMs - dueMs)
    dueMs = nowMs + beatMs
  }, beatMs)
  return () => {
    clearInterval(beating)
    return lateMs
  }
}
