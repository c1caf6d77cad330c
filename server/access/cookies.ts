import type { IncomingMessage } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { readHost } from '../origins.ts'
import { isToLoopback, type Peers } from './peer.ts'

/** What we keep in a browser: the session, and for some minutes what a sign-in at a provider has to come back to. */
export type CookieKind = 'session' | 'sign-in'

/**
 * Cookies that no script reads. Under TLS they have the `__Host-` prefix, so that neither plain http nor a subdomain can set
 * them; without TLS there are some only on loopback, with the port in the name, since browsers share cookies between ports.
 */
export class Cookies {
  readonly #peers: Peers

  constructor(peers: Peers) {
    this.#peers = peers
  }

  /** Whether a browser may be given any here: over TLS, or to this machine itself. */
  isSafe(request: IncomingMessage): boolean {
    return this.#nameOf('session', request) !== undefined
  }

  read(kind: CookieKind, request: IncomingMessage): string | undefined {
    const name = this.#nameOf(kind, request)
    return name === undefined ? undefined : parseCookie(request.headers.cookie ?? '')[name]
  }

  /** A `Set-Cookie` for so long; 0 takes it away. */
  set(kind: CookieKind, request: IncomingMessage, value: string, forMs: number): string {
    return stringifySetCookie({
      name: this.#nameOf(kind, request) ?? '',
      value,
      path: '/',
      httpOnly: true,
      secure: this.#peers.isSecure(request),
      sameSite: kind === 'session' ? 'strict' : 'lax', // the provider sends the browser back from another site
      maxAge: Math.ceil(forMs / 1000),
    })
  }

  #nameOf(kind: CookieKind, request: IncomingMessage): string | undefined {
    const name = kind === 'session' ? 'flagtail' : 'flagtail-sign-in'
    if (this.#peers.isSecure(request)) return `__Host-${name}`
    if (!isToLoopback(request)) return undefined
    const port = /:(\d+)$/.exec(readHost(request.headers.host ?? '')?.whole ?? '')?.[1] ?? '80'
    return `${name}-${port}`
  }
}
