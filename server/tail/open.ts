import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Sight } from '../../domain/access.ts'
import type { Environment } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { answerJson } from '../answer.ts'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Closing } from '../closing.ts'
import { type Route, readRoute } from '../http.ts'
import { FacetCounter } from './facets.ts'
import { Fanout } from './fanout.ts'
import { answerImpressions } from './impressions-route.ts'
import { Logs } from './logs.ts'
import { Masks } from './masks.ts'
import { SeenLogs, type SeenLogsParts } from './seen-logs.ts'
import { Sockets } from './sockets.ts'
import { TailRoute } from './tail-route.ts'
import { Turnstile } from './turnstile.ts'
import { Viewer } from './viewer.ts'
import { WithoutRoute } from './without.ts'

export type TailsParts = {
  readonly bus: Bus
  readonly environments: readonly Environment[]
  readonly limits: Limits
  readonly clock: Clock
  readonly random: () => number
  readonly closing: Closing
  /** Whether a request comes from a page of ours, or from no page. */
  readonly allowed: (request: IncomingMessage) => boolean
  /**
   * What whoever sent a request may see now. Asked for each request; for a socket by the request that opened it, at each
   * command and each heartbeat. While that is as it was, the same object answers soonest.
   */
  readonly sightOf: (request: IncomingMessage) => Sight
  /** What keys of an environment are masked with: the same on all servers, and known to nobody else. */
  readonly maskSecret: (environmentId: string) => string
  readonly failed: (error: unknown) => void
}

/** The reading side of the house: logs followed, Tails, viewers on sockets, scripts on HTTP. */
export type Tails = {
  /** `/api/tail`, `/api/impressions` and `/api/without`. */
  readonly routes: readonly Route[]
  /** Takes viewers on this server from now on. */
  readonly serve: (server: Server) => void
  readonly viewers: () => number
  readonly silentViewers: () => number
  readonly tails: () => number
  readonly readers: () => number
}

export function openTails(parts: TailsParts): Tails {
  const { bus, environments, limits, clock, random, closing, allowed, failed } = parts
  const facets = new FacetCounter(limits, clock)
  const masks = new Masks(parts.maskSecret, limits)
  const logs = new Logs({
    bus,
    environments,
    limits,
    masks,
    heard: (header) => facets.count(header),
    gapTold: () => fanout.turn(),
    unfollowed: (id) => facets.forget(id),
    failed,
  })
  closing.add('logs', () => logs.close())
  const check = setInterval(() => void logs.check().catch(failed), limits.idleTickMs)
  closing.add('idle check', () => clearInterval(check))
  const sockets = new Sockets({ limits, clock, random, allowed, failed })
  const fanout = new Fanout({ logs, facets, rooms: sockets, limits, clock, random })
  closing.add('fanout', () => fanout.close())
  closing.add(
    'bus state',
    bus.watchState((state) => sockets.busState(state)),
  )
  const turnstile = new Turnstile(limits.replaysAtOnce)
  const see = (request: IncomingMessage) => new SeenLogs({ bus, logs, masks }, parts.sightOf(request))
  const withoutRoute = new WithoutRoute({ see, limits })
  const tailRoute = new TailRoute({ logs, see, limits })
  return {
    routes: [
      guarded(parts, '/api/tail', (request, response) => tailRoute.answer(request, response)),
      guarded(parts, '/api/impressions', (request, response) =>
        answerImpressions({ seen: see(request), limits }, request, response),
      ),
      guarded(parts, '/api/without', (request, response) => withoutRoute.answer(request, response)),
    ],
    serve: (server) => {
      sockets.serve(server, (socket, request) => {
        const eye = openEye(() => parts.sightOf(request), { bus, logs, masks })
        return new Viewer({ socket, fanout, see: eye, limits, clock, turnstile })
      })
      closing.add('sockets', () => sockets.close())
      closing.add('readers', () => tailRoute.close())
    },
    viewers: () => sockets.viewers,
    silentViewers: () => sockets.silentViewers,
    tails: () => fanout.tails,
    readers: () => tailRoute.readers,
  }
}

/** What a viewer sees, made anew only when its sight is another. */
function openEye(sightNow: () => Sight, parts: SeenLogsParts): () => SeenLogs {
  let last: SeenLogs | undefined
  return () => {
    const sight = sightNow()
    if (last?.sight !== sight) last = new SeenLogs(parts, sight)
    return last
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A route that other sites' pages cannot read. */
function guarded({ allowed, failed }: TailsParts, path: string, answer: Answer): Route {
  return readRoute(path, (request, response) => {
    if (!allowed(request)) {
      return answerJson(response, 403, { error: { message: 'this Host or Origin may not read here' } })
    }
    answer(request, response).catch((error) => {
      failed(error)
      response.destroy()
    })
  })
}
