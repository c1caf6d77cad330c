import { setTimeout } from 'node:timers/promises'
import { freePort, type RedisServer, startRedis } from '../../server/bus/redis/redis-server.fixture.ts'
import { type MeasuredServer, startServer } from '../server.ts'
import type { Account } from './book-keeper.ts'
import { isExact } from './books.ts'
import { crowd, crowdSize } from './crowd.ts'
import { type Freezes, freezeOften } from './freezer.ts'
import { type Load, postFor } from './load.ts'
import { type Plan, weighings } from './plan.ts'
import { type Sample, Sampler } from './sampler.ts'
import { until } from './until.ts'
import { ViewerProcess } from './viewers.ts'
import { inspectable, type Weight, weigh } from './weigh.ts'

export type Findings = {
  readonly load: Load
  readonly freezes: Freezes
  /** While it was loaded, by the seconds of the load. */
  readonly samples: readonly Sample[]
  readonly first: Weight
  readonly last: Weight
  readonly reading: readonly Account[]
  readonly freezing: readonly Account[]
}

export type Soak = {
  readonly plan: Plan
  readonly redis: boolean
  /** Told each sample. */
  readonly told: (sample: Sample) => void
}

const connectMs = 20_000
const settleMs = 15_000

/** Loads a fresh server for as long as the plan says, and finds out what became of it. Throws when it cannot go on. */
export async function soak({ plan, redis, told }: Soak): Promise<Findings> {
  const store = redis ? await startRedis() : undefined
  try {
    const inspector = await freePort()
    const settings = { NODE_OPTIONS: inspectable(inspector), ...(store && { REDIS_URL: store.url }) }
    const server = await startServer(settings)
    try {
      return await withViewers({ plan, told, server, store, inspector })
    } finally {
      await server.stop()
    }
  } finally {
    await store?.stop()
  }
}

type Parts = Pick<Soak, 'plan' | 'told'> & {
  readonly server: MeasuredServer
  readonly store: RedisServer | undefined
  readonly inspector: number
}

async function withViewers({ plan, told, server, store, inspector }: Parts): Promise<Findings> {
  const sampler = new Sampler({ url: server.url, pid: server.pid, redisPid: store?.pid, told })
  const reading = await ViewerProcess.start(server.url, 0, crowd.reading)
  const freezing = await ViewerProcess.start(server.url, crowd.reading, crowdSize)
  const all = (holds: (account: Account) => boolean): boolean => {
    const accounts = [...reading.accounts, ...freezing.accounts]
    return accounts.length === crowdSize && accounts.every(holds)
  }
  try {
    await until(
      () => 'everybody watches',
      connectMs,
      () => all(({ watching }) => watching),
    )
    const loaded = await loadAll({ plan, server, sampler, freezing, inspector })
    // what is not exact by then never will be
    await until(
      () => 'the books are exact',
      settleMs,
      () => reading.accounts.every(isExact(loaded.load)),
    ).catch(() => {})
    return { ...loaded, reading: reading.accounts, freezing: freezing.accounts }
  } finally {
    await Promise.all([reading.stop(), freezing.stop()])
    await sampler.stop()
  }
}

type Loading = Pick<Parts, 'plan' | 'server' | 'inspector'> & {
  readonly sampler: Sampler
  readonly freezing: ViewerProcess
}

async function loadAll({ plan, server, sampler, freezing, inspector }: Loading) {
  const fromS = sampler.latest?.atS ?? 0
  const began = performance.now()
  const elapsedS = (): number => (performance.now() - began) / 1000
  const measuring = (): boolean => elapsedS() > plan.warmUpS && elapsedS() < plan.lastWeighingS
  const end = new AbortController()
  const load = postFor(server.url, plan.seconds, measuring).finally(() => end.abort())
  const weighAt = async (seconds: number): Promise<Weight> => {
    await setTimeout(seconds * 1000)
    return leastOf(inspector, plan.weighEveryS)
  }
  const [loaded, freezes, first, last] = await Promise.all([
    load,
    freezeOften(freezing, sampler, end.signal),
    weighAt(plan.firstWeighingS),
    weighAt(plan.lastWeighingS),
  ])
  const samples = sampler.samples.map((sample) => ({ ...sample, atS: sample.atS - fromS }))
  return { load: loaded, freezes, first, last, samples: samples.filter(({ atS }) => atS >= 0 && atS <= plan.seconds) }
}

/** The least of some weights: what comes and goes is not there each time. */
async function leastOf(inspector: number, everyS: number): Promise<Weight> {
  let least = await weigh(inspector)
  for (let more = 1; more < weighings; more++) {
    await setTimeout(everyS * 1000)
    const next = await weigh(inspector)
    if (next.liveMb < least.liveMb) least = next
  }
  return least
}
