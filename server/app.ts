import type { Server } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { failed, ok, type Result } from '../domain/result.ts'
import { type OpenedAccess, openAccess } from './access/open.ts'
import { strictTransport } from './access/routes.ts'
import { openAudit } from './audit.ts'
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
import { openLiveKeys } from './keys/live-keys.ts'
import type { Log } from './log.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import { originCheck } from './origins.ts'
import type { Pages } from './pages.ts'
import { openSharedStore } from './store/open.ts'
import type { SharedStore } from './store/store.ts'
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
  const shared = await openShared(parts, closing, metrics)
  if (!shared.ok) return shared
  const { access, store } = shared.value
  const { doors, token } = access
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
    maskSecret: access.maskSecret,
    failed: metrics.failed,
  }
  const tails: Tails = openTails(reading)
  const keys = await openLiveKeys({
    environments: config.environments,
    configPath: config.configPath,
    store,
    limits,
    warn: log.warn,
  })
  if (!keys.ok) return keys
  closing.add('keys', keys.value.close)
  const evidence = new EvidenceBook({ keys: keysTaken(config), doors, now: clock.now, failed: metrics.failed })
  const append = bus.append.bind(bus)
  const { addressOf } = doors
  const counting = { now: clock.now, counted: metrics.ingest, version }
  const ingest = openIngest({ keys: keys.value.ring, append, limits, addressOf: addressOf.bind(doors), ...counting })
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
  const health = healthRoutes(() => ready, metrics)
  const reads = [...tails.routes, evidence.route, ...health]
  const [first, then] = [
    [strictTransport(access.peers), ...access.routes],
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

type Shared = { readonly store: SharedStore; readonly access: OpenedAccess }

/** What servers have in common beside the logs, and who is let in. */
async function openShared(
  { config, log }: AppParts,
  closing: Closing,
  metrics: Metrics,
): Promise<Result<Shared, string>> {
  const { limits, redisUrl, auditPath, access: settings, proxy } = config
  const { now } = systemClock
  const opened = await openSharedStore({ redisUrl, limits, now })
  if (!opened.ok) return failed(opened.error.message)
  const store = opened.value
  closing.add('store', () => store.close())
  const opening = await openAudit({ path: auditPath, limits, now, log, lost: metrics.auditLost })
  if (!opening.ok) return opening
  const audit = opening.value
  closing.add('audit', () => audit.close())
  const environmentIds = environmentsOf(config).map(({ id }) => id)
  const allowed = originCheck(config)
  const shared = { store, audit, limits, environmentIds, allowed, closing, now, warn: log.warn, failed: metrics.failed }
  const access = await openAccess({ settings, proxy, ...shared })
  return access.ok ? ok({ store, access: access.value }) : access
}

function keysTaken({ environments }: Config): 'any' | 'configured' {
  return environments === 'open' ? 'any' : 'configured'
}
