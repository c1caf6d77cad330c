import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits } from '../../domain/limits.ts'
import { startRedis } from '../../server/bus/redis/redis-server.fixture.ts'
import { httpPost, type Post, PreparedPost } from '../posts.ts'
import { cpuSecondsOf } from '../processes.ts'
import { Sender } from '../sender.ts'
import { type MeasuredServer, startServer } from '../server.ts'
import type { Contender, Opened } from './contender.ts'
import { watchFlagtail } from './flagtail-viewer.ts'

const sdkKey = 'a-server-side-key-of-the-bench'
const much = 1_000_000_000

/** Bounds that no viewer of the workload meets, so that every row is sent. */
const allRows: Partial<Limits> = {
  tailRowsPerSecond: much,
  tailRowsBurst: much,
  tailWaitingBytes: much,
  frameRows: much,
  frameBytes: much,
}

/** With a config file, a key has rates; and a thousand viewers may come at once. */
const noRates: Partial<Limits> = {
  serverKeyPostsPerSecond: much,
  serverKeyPostsBurst: much,
  serverKeyImpressionsPerSecond: much,
  handshakesPerSecond: 5000,
}

const sets = { 'all rows': { ...noRates, ...allRows }, 'default cap': noRates } as const

export type FlagtailShape = { readonly redis: boolean; readonly rows: keyof typeof sets }

export function flagtail(id: string, shape: FlagtailShape): Contender {
  return {
    id,
    title: `Flagtail, ${shape.redis ? 'with Redis' : 'embedded'}, ${shape.rows}`,
    needs: shape.redis ? ['redis-server'] : [],
    open: () => openFlagtail(shape),
  }
}

async function openFlagtail({ redis, rows }: FlagtailShape): Promise<Opened> {
  const store = redis ? await startRedis() : undefined
  const server = await startFlagtail(rows, store?.url).catch(async (cause) => {
    await store?.stop()
    throw cause
  })
  return {
    cpuSeconds: () => cpuSecondsOf(store ? [server.pid, store.pid] : [server.pid]),
    prepare: prepareSplit,
    connectSender: () => Sender.open(portOf(server.url), httpAnswers),
    watch: (viewer) => watchFlagtail(server.url, viewer),
    close: async () => {
      await server.stop()
      await store?.stop()
    },
  }
}

/** Our built server, with one environment and one key. */
export async function startFlagtail(rows: FlagtailShape['rows'], redisUrl?: string): Promise<MeasuredServer> {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-bench-'))
  const file = join(folder, 'config.json')
  const environment = { id: 'bench', name: 'Bench', sdkKeys: [{ kind: 'server', key: sdkKey }] }
  writeFileSync(file, JSON.stringify({ environments: [environment], limits: sets[rows] }))
  try {
    return await startServer({ FLAGTAIL_CONFIG: file, ...(redisUrl && { REDIS_URL: redisUrl }) })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A post as the Node SDK sends it. */
export function prepareSplit(post: Post): PreparedPost {
  const headers = { Authorization: `Bearer ${sdkKey}`, SplitSDKVersion: 'nodejs-11.11.2', SplitSDKMachineName: 'web-1' }
  return new PreparedPost(post, httpPost('/api/testImpressions/bulk', JSON.stringify(post.groups), headers), 1)
}

export const httpAnswers = { yes: 'HTTP/1.1 20', no: /HTTP\/1\.1 [345].*/ } as const

export function portOf(url: string): number {
  return Number(new URL(url).port)
}
