import type { IncomingMessage, Server, ServerResponse } from 'node:http'
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
import { Logs } from './logs.ts'
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
  const logs = new Logs({
    bus,
    environments,
    limits,
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
  const withoutRoute = new WithoutRoute({ bus, environments, limits })
  const tailRoute = new TailRoute({ bus, logs, limits })
  return {
    routes: [
      guarded(parts, '/api/tail', (request, response) => tailRoute.answer(request, response)),
      guarded(parts, '/api/impressions', (request, response) =>
        answerImpressions({ bus, environments, limits }, request, response),
      ),
      guarded(parts, '/api/without', (request, response) => withoutRoute.answer(request, response)),
    ],
    serve: (server) => {
      sockets.serve(server, (socket) => new Viewer({ socket, fanout, logs, bus, limits, clock, turnstile }))
      closing.add('sockets', () => sockets.close())
      closing.add('readers', () => tailRoute.close())
    },
    viewers: () => sockets.viewers,
    silentViewers: () => sockets.silentViewers,
    tails: () => fanout.tails,
    readers: () => tailRoute.readers,
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A route for those who were let in. */
function guarded({ doors, failed }: TailsParts, path: string, answer: Answer): Route {
  return readRoute(path, (request, response) => {
    const answered = async (): Promise<void> => {
      if (await doors.admit(request, response)) await answer(request, response)
    }
    answered().catch((error) => {
      failed(error)
      response.destroy()
    })
  })
}
