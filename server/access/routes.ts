import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerJson } from '../answer.ts'
import type { Route } from '../http.ts'
import type { Peers } from './peer.ts'
import type { ProviderRoutes } from './provider-routes.ts'
import type { SessionRoutes } from './session-routes.ts'

type Act = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export type RoutesParts = {
  readonly allowed: (request: IncomingMessage) => boolean
  readonly failed: (error: unknown) => void
  readonly session: SessionRoutes
  readonly provider: ProviderRoutes | undefined
}

/** The doors at which one signs in and out. */
export function accessRoutes({ session, provider, ...parts }: RoutesParts): readonly Route[] {
  return [
    actRoute('/api/session', parts, {
      POST: (request, response) => session.post(request, response),
      DELETE: (request, response) => session.delete(request, response),
    }),
    actRoute('/api/sign-out', parts, { POST: (request, response) => session.signOut(request, response) }),
    ...(provider
      ? [
          actRoute('/api/sign-in', parts, { GET: (request, response) => provider.begin(request, response) }),
          actRoute('/api/sign-in/callback', parts, { GET: (request, response) => provider.finish(request, response) }),
        ]
      : []),
  ]
}

/** Takes nothing, and tells browsers that came over TLS never to come without it (RFC 6797). */
export function strictTransport(peers: Peers): Route {
  return (request, response) => {
    if (peers.isSecure(request)) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
    return false
  }
}

/** Answers one path by method, and only to pages of ours or to no page. */
export function actRoute(
  path: string,
  { allowed, failed }: Pick<RoutesParts, 'allowed' | 'failed'>,
  acts: Readonly<Record<string, Act>>,
): Route {
  return (request, response) => {
    const asked = request.url ?? ''
    if (asked !== path && !asked.startsWith(`${path}?`)) return false
    const act = Object.hasOwn(acts, request.method ?? '') ? acts[request.method ?? ''] : undefined
    if (!act) {
      answerJson(response, 405, { error: { message: 'not served here' } }, { Allow: Object.keys(acts).join(', ') })
    } else if (!allowed(request)) {
      answerJson(response, 403, { error: { message: 'this Host or Origin may not do this' } })
    } else {
      Promise.resolve(act(request, response)).catch((error) => {
        failed(error)
        response.destroy()
      })
    }
    return true
  }
}
