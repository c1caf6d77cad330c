import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressBuckets } from '../address-buckets.ts'
import { answerHeaders, answerJson } from '../answer.ts'
import type { Audit } from '../audit.ts'
import type { SharedStore } from '../store/store.ts'
import type { Cookies } from './cookies.ts'
import type { Peers } from './peer.ts'
import { type Grant, rolesOf } from './person.ts'
import type { Pending, Provider } from './provider.ts'
import type { Seals } from './seals.ts'
import { needsTls, type SessionRoutes } from './session-routes.ts'
import type { Identity } from './sessions.ts'

export type ProviderRoutesParts = {
  readonly provider: Provider
  readonly grants: readonly Grant[]
  readonly seals: Seals
  readonly cookies: Cookies
  readonly peers: Peers
  readonly store: Pick<SharedStore, 'claim' | 'put' | 'get'>
  readonly audit: Audit
  readonly attempts: AddressBuckets
  readonly sessions: Pick<SessionRoutes, 'begin'>
  readonly warn: (message: string) => void
  /** Epoch ms. */
  readonly now: () => number
}

/** So long one may take at the provider. */
const pendingMs = 10 * 60_000
const rolesRememberedMs = 30 * 24 * 3600_000
const targetChars = 2048

/** Signing in at an OpenID Connect provider: there and back. */
export class ProviderRoutes {
  readonly #parts: ProviderRoutesParts

  constructor(parts: ProviderRoutesParts) {
    this.#parts = parts
  }

  /** `GET /api/sign-in?to=/…`: sends the browser to the provider. */
  async begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { attempts, peers, provider, seals, cookies, now, warn } = this.#parts
    const home = new URL(provider.settings.url)
    if (request.headers.host !== home.host) return redirect(response, `${home.origin}${request.url}`, []) // cookies are its own
    if (!cookies.isSafe(request)) return answerJson(response, 403, { error: { message: needsTls } })
    const waitS = attempts.take(peers.address(request))
    if (waitS > 0) {
      return answerJson(response, 429, { error: { message: 'too many tries' } }, { 'Retry-After': String(waitS) })
    }
    const begun = await provider.begin()
    if (!begun.ok) {
      warn(begun.error)
      return redirect(response, '/#sign-in=unavailable', [])
    }
    const to = localTarget(new URL(request.url ?? '/', 'http://any').searchParams.get('to'))
    const sealed = await seals.seal('sign-in', { ...begun.value.pending, to }, now() + pendingMs)
    redirect(response, begun.value.url.href, [cookies.set('sign-in', request, sealed, pendingMs)])
  }

  /** `GET /api/sign-in/callback`: the provider sent the browser back. */
  async finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cookies, provider, sessions, audit, peers, warn, attempts } = this.#parts
    const waitS = attempts.take(peers.address(request))
    if (waitS > 0) {
      return answerJson(response, 429, { error: { message: 'too many tries' } }, { 'Retry-After': String(waitS) })
    }
    if (!cookies.isSafe(request)) return answerJson(response, 403, { error: { message: needsTls } })
    const forget = cookies.set('sign-in', request, '', 0)
    const pending = await this.#pending(request)
    const who = pending ? await provider.finish(queryOf(request), pending) : undefined
    const begun = who?.ok ? await sessions.begin(who.value, 'provider', request) : undefined
    if (pending && who?.ok && begun && begun !== 'large') {
      await this.#noteRoles(who.value, request)
      return redirect(response, pending.to, [forget, begun.cookie])
    }
    const why =
      begun === 'large' ? 'too many groups for a cookie' : who && !who.ok ? who.error : 'not begun in this browser'
    warn(`a sign-in at the provider failed: ${why}`)
    audit.record({
      event: 'sign-in-refused',
      person: 'unknown',
      address: peers.address(request),
      method: 'provider',
      reason: why,
    })
    redirect(response, '/#sign-in=failed', [forget])
  }

  /** What this browser began and has not come back from yet: a second use of the same is none. */
  async #pending(request: IncomingMessage): Promise<(Pending & { readonly to: string }) | undefined> {
    const { cookies, seals, store } = this.#parts
    const cookie = cookies.read('sign-in', request)
    const claims = cookie === undefined ? undefined : await seals.open('sign-in', cookie)
    if (!claims) return undefined
    const [state, nonce, verifier, to] = [claims.state, claims.nonce, claims.verifier, claims.to].map(String)
    const claimed = await store.claim(`sign-in ${state}`, pendingMs)
    if (claimed.ok && !claimed.value) return undefined
    return { state: state ?? '', nonce: nonce ?? '', verifier: verifier ?? '', to: localTarget(to ?? '') }
  }

  /** The audit log tells when somebody may do other things than at their last sign-in. */
  async #noteRoles({ id, groups }: Identity, request: IncomingMessage): Promise<void> {
    const { store, grants, audit, peers } = this.#parts
    const roles = rolesOf(groups, grants)
    const text = JSON.stringify(Object.entries(roles).sort())
    const before = await store.get(`roles ${id}`)
    if (before.ok && before.value !== undefined && before.value !== text) {
      audit.record({ event: 'roles-changed', person: id, address: peers.address(request), roles })
    }
    await store.put(`roles ${id}`, text, rolesRememberedMs)
  }
}

/** The page with some query, and nothing else: an open redirect would lend our name to other sites. */
function localTarget(to: string | null): string {
  return to?.startsWith('/?') && to.length <= targetChars && /^[\x21-\x7e]+$/.test(to) ? to : '/'
}

function queryOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  return url.includes('?') ? url.slice(url.indexOf('?')) : ''
}

function redirect(response: ServerResponse, to: string, cookies: readonly string[]): void {
  response.writeHead(303, {
    ...answerHeaders,
    'Referrer-Policy': 'no-referrer',
    Location: to,
    'Set-Cookie': [...cookies],
  })
  response.end()
}
