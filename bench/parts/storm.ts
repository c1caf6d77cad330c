import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Cursor } from '../../domain/chain.ts'
import { protocolVersion } from '../../domain/protocol.ts'
import { startRedis } from '../../server/bus/redis/redis-server.fixture.ts'
import { httpAnswers, portOf, prepareSplit, startFlagtail } from '../contenders/flagtail.ts'
import { filterOf } from '../contenders/flagtail-viewer.ts'
import { watchSocketIo } from '../contenders/socket-io-viewer.ts'
import { makePosts } from '../posts.ts'
import { Sender } from '../sender.ts'
import type { MeasuredServer } from '../server.ts'
import { type Wish, wishes, workload } from '../workload.ts'

/** What it costs that many viewers are there, and that all come back at once to a server that knows nothing yet. */
export type Storm = {
  readonly viewers: number
  /** Memory of the server per viewer who watches a quiet environment. */
  readonly kibPerViewer: number
  readonly missedImpressions: number
  /** Those who had their `start`, with all that they missed, before patience ended. */
  readonly started: number
  /** From the first connection until the last of them had it. */
  readonly startedMs: number
  /** Reads of the log in Redis meanwhile. */
  readonly logReads: number
  /** How often a viewer was asked to come back a little later. */
  readonly refusals: number
}

const viewerCount = 1000
const missedPosts = 40
const settleMs = 2000

export async function measureStorm(patienceMs: number): Promise<Storm> {
  const store = await startRedis()
  try {
    const missed = makePosts(missedPosts, workload.perPost)
    const first = await startFlagtail('default cap', store.url)
    const { kibPerViewer, cursor } = await watchQuietly(first).finally(first.stop)
    const second = await startFlagtail('default cap', store.url)
    try {
      const sender = await Sender.open(portOf(second.url), httpAnswers)
      for (const post of missed) await sender.send(prepareSplit(post))
      sender.close()
      const readsBefore = await logReads(store.port)
      const back = await comeBack(second.url, cursor, patienceMs)
      const reads = (await logReads(store.port)) - readsBefore
      const missedImpressions = missedPosts * workload.perPost
      return { viewers: viewerCount, kibPerViewer, missedImpressions, ...back, logReads: reads }
    } finally {
      await second.stop()
    }
  } finally {
    await store.stop()
  }
}

type Back = Pick<Storm, 'started' | 'startedMs' | 'refusals'>

async function comeBack(url: string, cursor: Cursor, patienceMs: number): Promise<Back> {
  const began = performance.now()
  let [started, startedMs, refusals] = [0, 0, 0]
  const coming: Coming = {
    cursor,
    started: () => {
      started++
      startedMs = performance.now() - began
    },
    refused: () => {
      refusals++
    },
  }
  const all = watchAll(url, coming)
  const patience = new AbortController()
  await Promise.race([all, setTimeout(patienceMs, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
  const result = { started, startedMs, refusals }
  all.catch(() => {}) // who is not in by now is cut off with the server
  return result
}

async function watchQuietly(server: MeasuredServer): Promise<{ kibPerViewer: number; cursor: Cursor }> {
  let cursor: Cursor = []
  const wish: Wish = { kind: 'everything' }
  const started = (at: Cursor): void => {
    cursor = at
  }
  const ends = [await watchFrom(server.url, wish, { started })]
  const before = server.residentMb()
  ends.push(...(await watchAll(server.url, {})))
  await setTimeout(settleMs)
  const kibPerViewer = ((server.residentMb() - before) * 1024) / viewerCount
  for (const end of ends) end()
  return { kibPerViewer, cursor }
}

type Coming = {
  /** Where the viewer left. */
  readonly cursor?: Cursor
  readonly started?: (cursor: Cursor) => void
  readonly refused?: () => void
}

function watchAll(url: string, coming: Coming): Promise<readonly (() => void)[]> {
  return Promise.all(
    Array.from({ length: viewerCount }, (_, index) => {
      return watchFrom(url, wishes[index % wishes.length] ?? { kind: 'everything' }, coming)
    }),
  )
}

/** Resolves when the viewer has its `start`. */
function watchFrom(url: string, wish: Wish, { cursor, started, refused }: Coming): Promise<() => void> {
  return watchSocketIo({
    url,
    auth: { version: protocolVersion },
    hello: ['watch', { revision: 1, filter: filterOf(wish), ...(cursor && { cursor }) }],
    welcome: 'start',
    hear: (name, packet) => {
      if (name === 'start') started?.(JSON.parse(packet.toString('utf8', 2))[1].cursor)
      if (name === 'refused') refused?.()
    },
  })
}

/** How often Redis was asked for entries of a stream. */
function logReads(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write('INFO commandstats\r\nQUIT\r\n'))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const calls = text.matchAll(/cmdstat_x(?:rev)?range:calls=(\d+)/g)
      resolve([...calls].reduce((sum, [, count]) => sum + Number(count), 0))
    })
  })
}
