import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SessionAnswer, SignedOut, SignIn } from '../../domain/access.ts'
import type { AddressBuckets } from '../address-buckets.ts'
import { answerJson } from '../answer.ts'
import type { Audit } from '../audit.ts'
import type { Cookies } from './cookies.ts'
import type { Peers } from './peer.ts'
import { isAdmin } from './person.ts'
import { readSmallBody } from './request-body.ts'
import type { Revocations } from './revocations.ts'
import type { By, Identity, Session, SessionLimits, Sessions } from './sessions.ts'
import type { Tickets } from './tickets.ts'
import { isSame } from './token.ts'
import { type Asked, everything, type Visitor, type Visitors } from './visitors.ts'

export type SessionRoutesParts = {
  readonly visitors: Visitors
  readonly sessions: Sessions
  readonly tickets: Tickets
  readonly revocations: Revocations
  readonly cookies: Cookies
  readonly peers: Peers
  readonly audit: Audit
  readonly attempts: AddressBuckets
  readonly token: string | undefined
  readonly signIn: SignIn
  readonly limits: SessionLimits
}

const byToken = 'show the token of this server: Authorization: Bearer <token>'

/** A cookie holds some 4 KB; this leaves room for its name and attributes. */
const cookieBytes = 3800

/** `/api/session`: begins, renews and ends the session of a browser. */
export class SessionRoutes {
  readonly #parts: SessionRoutesParts

  constructor(parts: SessionRoutesParts) {
    this.#parts = parts
  }

  /** Renews the session that the request has; with a token in the body, begins one. */
  async post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readSmallBody(request)
    if (!body) return answerJson(response, 400, { error: { message: 'a small JSON object is wanted' } })
    if (typeof body.token === 'string') return this.#byToken(body.token, request, response)
    if (body.token !== undefined) return answerJson(response, 400, { error: { message: '"token" is a text' } })
    const asked = await this.#parts.visitors.of(request)
    if (typeof asked === 'string') return this.signedOut(asked, response)
    if (asked.session && !(await this.#isOutdated(asked.session, request))) {
      await this.#renew(asked.session, asked, { request, response })
    } else if (this.#parts.peers.brought(request)) {
      await this.#beginFor(asked, 'proxy', { request, response })
    } else answerJson(response, 200, answerOf(asked)) // a script: it shows the token at every door
  }

  /** Ends the session, wherever it is in use. */
  async delete(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { visitors, revocations, cookies, audit, peers } = this.#parts
    const asked = await visitors.of(request)
    const gone = cookies.isSafe(request) ? { 'Set-Cookie': cookies.set('session', request, '', 0) } : undefined
    let everywhere = true
    if (typeof asked === 'object' && asked.session) {
      everywhere = await revocations.revoke('session', asked.session.id)
      audit.record({ event: 'sign-out', person: asked.person.id, address: peers.address(request) })
    }
    answerJson(response, 200, { signedOut: true, everywhere }, gone)
  }

  /** `POST /api/sign-out {"person"}`: an admin ends all sessions of somebody, on every server. */
  async signOut(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { visitors, revocations, audit, peers } = this.#parts
    const asked = await visitors.of(request)
    if (typeof asked === 'string') return this.signedOut(asked, response)
    if (!isAdmin(asked.person.roles))
      return answerJson(response, 403, { error: { message: 'only an admin may do this' } })
    const person = (await readSmallBody(request))?.person
    if (typeof person !== 'string') return answerJson(response, 400, { error: { message: '"person" is wanted' } })
    const everywhere = await revocations.revoke('person', person)
    audit.record({ event: 'sign-out', person: asked.person.id, address: peers.address(request), subject: person })
    answerJson(response, 200, { signedOut: person, everywhere })
  }

  /** The 401 of every door, which says how one signs in. */
  signedOut(reason: Exclude<Asked, Visitor>, response: ServerResponse): void {
    const body: SignedOut & { readonly error: { readonly message: string } } = {
      reason,
      signIn: this.#parts.signIn,
      error: { message: this.#parts.signIn.token ? `sign in first, or ${byToken}` : 'sign in first' },
    }
    answerJson(response, 401, body, { 'WWW-Authenticate': 'Bearer' })
  }

  /** A new session, whatever the browser had before. */
  async begin(
    person: Identity,
    by: By,
    request: IncomingMessage,
  ): Promise<{ session: Session; cookie: string } | 'large'> {
    const { sessions, cookies, limits, audit, peers } = this.#parts
    const session = sessions.begin(person, by)
    const sealed = await sessions.seal(session)
    if (sealed.length > cookieBytes) return 'large'
    audit.record({
      event: 'sign-in',
      person: person.id,
      name: person.name,
      address: peers.address(request),
      method: by,
    })
    return { session, cookie: cookies.set('session', request, sealed, limits.sessionMs) }
  }

  async #byToken(shown: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { attempts, peers, token, audit, visitors } = this.#parts
    const address = peers.address(request)
    const waitS = attempts.take(address)
    if (waitS > 0) {
      return answerJson(response, 429, { error: { message: 'too many tries' } }, { 'Retry-After': String(waitS) })
    }
    if (!isSame(shown, token)) {
      audit.record({ event: 'sign-in-refused', person: 'unknown', address, method: 'token', reason: 'not the token' })
      return this.signedOut('unknown', response)
    }
    const person = { id: `token-${randomBytes(6).toString('base64url')}`, name: 'access token', roles: everything }
    await this.#beginFor(visitors.visitor(person, undefined), 'token', { request, response })
  }

  /** Somebody who has just shown who they are gets a session. */
  async #beginFor({ person }: Visitor, by: By, exchange: Exchange): Promise<void> {
    const { request, response } = exchange
    if (!this.#parts.cookies.isSafe(request)) return answerJson(response, 403, { error: { message: needsTls } })
    const identity = { id: person.id, name: person.name, groups: this.#groupsNow(request) }
    const begun = await this.begin(identity, by, request)
    if (begun === 'large') throw new Error('a session without groups is small')
    await this.#answer(this.#parts.visitors.visitor(person, begun.session), begun.cookie, response)
  }

  /** The proxy gives this person other groups by now: what was opened under the old ones ends. */
  async #isOutdated(session: Session, request: IncomingMessage): Promise<boolean> {
    const [before] = session.person.groups
    if (session.by !== 'proxy' || before === this.#groupsNow(request)[0]) return false
    await this.#parts.revocations.revoke('session', session.id)
    return true
  }

  /** The proxy's groups as a session remembers them: enough to see that they are others. */
  #groupsNow(request: IncomingMessage): readonly string[] {
    const brought = this.#parts.peers.brought(request)
    if (!brought) return []
    return [
      createHash('sha256')
        .update(JSON.stringify([...brought.groups].sort()))
        .digest('base64url'),
    ]
  }

  async #renew(session: Session, visitor: Visitor, { request, response }: Exchange): Promise<void> {
    const { sessions, cookies, limits } = this.#parts
    const sealed = await sessions.seal(session)
    await this.#answer(visitor, cookies.set('session', request, sealed, limits.sessionMs), response)
  }

  async #answer(visitor: Visitor, cookie: string, response: ServerResponse): Promise<void> {
    const ticket = visitor.session && (await this.#parts.tickets.issue(visitor.session.id))
    answerJson(response, 200, { ...answerOf(visitor), ticket }, { 'Set-Cookie': cookie })
  }
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse }

/** Told to who would sign in where browsers keep no cookie safe. */
export const needsTls =
  'browsers sign in over https only, or on this machine itself: put a proxy with TLS before Flagtail, or tunnel to 127.0.0.1'

function answerOf({ person: { id, name }, sight }: Visitor): SessionAnswer {
  return { person: { id, name }, sees: sight.size > 0 }
}
