import type { Server } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { failed, ok, type Result } from '../domain/result.ts'
import type { Bus } from './bus/bus.ts'
import { openBus } from './bus/open.ts'
import { withSharedReads } from './bus/shared-reads.ts'
import { systemClock } from './clock.ts'
import { Closing } from './closing.ts'
import type { Config } from './config.ts'
import { environmentsOf } from './environments.ts'
import { healthRoutes } from './health.ts'
import { listen, openHttpServer, Router } from './http.ts'
import { EvidenceBook } from './ingest/evidence.ts'
import { openIngest } from './ingest/ingest.ts'
import { openKeyRing } from './ingest/keys.ts'
import type { Log } from './log.ts'
import { openMetrics } from './metrics.ts'
import { originCheck } from './origins.ts'
import type { Pages } from './pages.ts'
import { openTails, type Tails } from './tail/open.ts'
import { version } from './version.ts'

export type AppParts = {
  readonly config: Config
  readonly log: Log
  /** Makes the pages, given the server that will show them. */
  readonly openPages: (server: Server) => Promise<Pages>
}

export type App = {
  readonly port: number
  /** Leaves well: no new posts, those in flight answered, readers and viewers told, everything closed in reverse. */
  readonly close: () => Promise<void>
}

/** Opens the whole server; resolves when it serves. What its starter can mend is a failure of one line. */
export async function openApp(parts: AppParts): Promise<Result<App, string>> {
  const closing = new Closing()
  try {
    const port = await open(parts, closing)
    if (!port.ok) await closing.close()
    return port.ok ? ok({ port: port.value, close: () => closing.close() }) : port
  } catch (cause) {
    await closing.close()
    throw new Error('could not open the app', { cause })
  }
}

/** The composition root: the only place where parts are made and meet. */
async function open({ config, log, openPages }: AppParts, closing: Closing): Promise<Result<number, string>> {
  const { limits, redisUrl } = config
  const environments = environmentsOf(config)
  const clock = systemClock
  const opened = await openBus({ redisUrl, limits, environments: environments.length, now: clock.now, warn: log.warn })
  if (!opened.ok) return failed(opened.error.message)
  const bus: Bus = withSharedReads(opened.value)
  closing.add('bus', () => bus.close())
  const gauges = {
    viewers: () => tails.viewers(),
    silentViewers: () => tails.silentViewers(),
    tails: () => tails.tails(),
    readers: () => tails.readers(),
  }
  const metrics = openMetrics(gauges, log)
  closing.add('bus state', bus.watchState(metrics.busState))
  const allowed = originCheck(config)
  const reading = { bus, environments, limits, clock, random: Math.random, closing, allowed, failed: metrics.failed }
  const tails: Tails = openTails(reading)
  const keys = openKeyRing(config.environments === 'open' ? 'open' : { environments: config.environments })
  const evidence = new EvidenceBook({ keys: keysTaken(config), allowed, now: clock.now })
  const append = bus.append.bind(bus)
  const ingest = openIngest({ keys, append, limits, now: clock.now, counted: metrics.ingest, version })
  closing.add('decoding', () => ingest.close())
  const router = new Router(metrics.failed)
  const { server, close } = openHttpServer(limits, router)
  closing.add('http', close)
  const pages = await openPages(server)
  closing.add('pages', () => pages.close())
  tails.serve(server)
  closing.add('ingest', () =>
    Promise.race([ingest.drain(), setTimeout(limits.shutdownPostsMs, undefined, { ref: false })]),
  )
  let ready = false
  const routes = [...tails.routes, evidence.route, ...healthRoutes(() => ready, metrics), ingest.handle, pages.handle]
  router.serve([evidence.look, ...routes])
  const port = await listen(server, config.port, config.host)
  ready = port.ok
  closing.add('readiness', () => {
    ready = false
  })
  return port
}

function keysTaken({ environments }: Config): 'any' | 'configured' {
  return environments === 'open' ? 'any' : 'configured'
}
