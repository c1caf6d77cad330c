import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Sight } from '../../domain/access.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Environment } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Closing } from '../closing.ts'
import type { Doors } from '../doors.ts'
import { type Route, readRoute } from '../http.ts'
import { FacetCounter } from './facets.ts'
import { Fanout } from './fanout.ts'
import { answerImpressions } from './impressions-route.ts'
import { Lingering } from './lingering.ts'
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
  readonly doors: Doors
  /** Whether there are bounds on the sockets of one person and one address. */
  readonly crowded: boolean
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
  const { bus, environments, limits, clock, random, closing, doors, crowded, failed } = parts
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
  const sockets = new Sockets({ limits, clock, random, doors, crowded, failed })
  const fanout = new Fanout({ logs, facets, rooms: sockets, limits, clock, random })
  closing.add('fanout', () => fanout.close())
  closing.add(
    'bus state',
    bus.watchState((state) => sockets.busState(state)),
  )
  const turnstile = new Turnstile(limits.replaysAtOnce)
  const reading = new Turnstile(limits.replaysAtOnce)
  const see = (request: IncomingMessage) => new SeenLogs({ bus, logs, masks }, doors.sightOf(request))
  const lingering = new Lingering({ doors, checkMs: limits.sessionCheckMs, failed })
  closing.add('lingering', () => lingering.close())
  const guarded = (path: string, answer: Answer): Route => guardedRoute({ doors, lingering, failed }, path, answer)
  const withoutRoute = new WithoutRoute({ see, limits })
  const tailRoute = new TailRoute({ logs, see, limits })
  return {
    routes: [
      guarded('/api/tail', (request, response) => tailRoute.answer(request, response)),
      guarded('/api/impressions', (request, response) =>
        reading.pass(() => answerImpressions({ seen: see(request), limits }, request, response)),
      ),
      guarded('/api/without', (request, response) => withoutRoute.answer(request, response)),
    ],
    serve: (server) => {
      sockets.serve(server, (socket, request) => {
        const eye = openEye(() => doors.sightOf(request), { bus, logs, masks })
        return new Viewer({
          ...{ socket, fanout, limits, clock, turnstile },
          see: eye,
          watched: (filter) => doors.note(request, { event: 'watch', filter }),
        })
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

type Guards = Pick<TailsParts, 'doors' | 'failed'> & { readonly lingering: Lingering }

/** A route for those who were let in, for as long as they may stay; what they ask for is written down. */
function guardedRoute({ doors, lingering, failed }: Guards, path: string, answer: Answer): Route {
  return readRoute(path, (request, response) => {
    const answered = async (): Promise<void> => {
      if (!(await doors.admit(request, response)) || response.destroyed) return
      lingering.add(request, response)
      const filter = parseFilter(new URL(request.url ?? '/', 'http://any').searchParams.get('q') ?? '')
      if (filter.ok) doors.note(request, { event: 'read', path, filter: filter.value })
      await answer(request, response)
    }
    answered().catch((error) => {
      failed(error)
      response.destroy()
    })
  })
}
