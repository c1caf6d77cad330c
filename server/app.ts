import type { Server } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { failed, ok, type Result } from '../domain/result.ts'
import { type OpenedAccess, openAccess } from './access/open.ts'
import { strictTransport } from './access/routes.ts'
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
import { openSharedStore } from './store/open.ts'
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
  /** What signs one in, where that is the way. */
  readonly token: string | undefined
  /** Leaves well: no new posts, those in flight answered, readers and viewers told, everything closed in reverse. */
  readonly close: () => Promise<void>
}

/** Opens the whole server; resolves when it serves. What its starter can mend is a failure of one line. */
export async function openApp(parts: AppParts): Promise<Result<App, string>> {
  const closing = new Closing()
  try {
    const opened = await open(parts, closing)
    if (!opened.ok) await closing.close()
    return opened.ok ? ok({ ...opened.value, close: () => closing.close() }) : opened
  } catch (cause) {
    await closing.close()
    throw new Error('could not open the app', { cause })
  }
}

/** The composition root: the only place where parts are made and meet. */
async function open(parts: AppParts, closing: Closing): Promise<Result<Omit<App, 'close'>, string>> {
  const { config, log, openPages } = parts
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
  const access = await openDoors(parts, closing, metrics.failed)
  if (!access.ok) return access
  const { doors, token } = access.value
  const crowded = config.environments !== 'open'
  const reading = {
    bus,
    environments,
    limits,
    clock,
    random: Math.random,
    closing,
    doors,
    crowded,
    failed: metrics.failed,
  }
  const tails: Tails = openTails(reading)
  const keys = openKeyRing(config.environments === 'open' ? 'open' : { environments: config.environments })
  const evidence = new EvidenceBook({ keys: keysTaken(config), doors, now: clock.now, failed: metrics.failed })
  const append = bus.append.bind(bus)
  const ingest = openIngest({ keys, append, limits, now: clock.now, counted: metrics.ingest, version })
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
  const health = healthRoutes(() => ready, metrics)
  const reads = [...tails.routes, evidence.route, ...health]
  const [first, then] = [
    [strictTransport(access.value.peers), ...access.value.routes],
    [ingest.handle, pages.handle],
  ]
  router.serve([...first, evidence.look, ...reads, ...then])
  const port = await listen(server, config.port, config.host)
  ready = port.ok
  closing.add('readiness', () => {
    ready = false
  })
  return port.ok ? ok({ port: port.value, token }) : port
}

/** What lets people in, with what all servers share for that. */
async function openDoors(
  { config, log }: AppParts,
  closing: Closing,
  broke: (error: unknown) => void,
): Promise<Result<OpenedAccess, string>> {
  const { limits, redisUrl, access: settings, proxy } = config
  const { now } = systemClock
  const store = await openSharedStore({ redisUrl, limits, now })
  if (!store.ok) return failed(store.error.message)
  closing.add('store', () => store.value.close())
  const audit = { record: () => {}, close: async () => {} }
  const environmentIds = environmentsOf(config).map(({ id }) => id)
  const allowed = originCheck(config)
  const { warn } = log
  return openAccess({
    settings,
    proxy,
    store: store.value,
    audit,
    limits,
    environmentIds,
    allowed,
    closing,
    now,
    warn,
    failed: broke,
  })
}

function keysTaken({ environments }: Config): 'any' | 'configured' {
  return environments === 'open' ? 'any' : 'configured'
}
