import type { IncomingMessage } from 'node:http'
import type { Sight } from '../../domain/access.ts'
import type { Cookies } from './cookies.ts'
import type { Peers } from './peer.ts'
import { type Grant, type Person, rolesOf, sightOf } from './person.ts'
import type { Session, Sessions } from './sessions.ts'
import { isSame } from './token.ts'

/** Somebody who was let in, and what they may see. */
export type Visitor = {
  readonly person: Person
  readonly sight: Sight
  /** Absent for scripts, which show the token in each request, and where there is no sign-in. */
  readonly session: Session | undefined
  /** What lasts as long as a request of somebody whom the proxy brings without a session: it can be revoked like one. */
  readonly passing?: Session
}

export type VisitorsParts = {
  readonly sessions: Sessions
  readonly cookies: Cookies
  readonly peers: Peers
  readonly token: string | undefined
  readonly grants: readonly Grant[]
  readonly environmentIds: readonly string[]
}

/** `unknown`: shows nothing that we know; `ended`: was signed in, and is no more. */
export type Asked = Visitor | 'unknown' | 'ended'

/** Tells who asks, by what each request shows. */
export class Visitors {
  readonly #parts: VisitorsParts

  constructor(parts: VisitorsParts) {
    this.#parts = parts
  }

  /** A wrong token is not made good by a cookie; and where a proxy signs people in, its word wins. */
  async of(request: IncomingMessage): Promise<Asked> {
    const { authorization } = request.headers
    if (authorization !== undefined) return this.#byToken(authorization)
    const brought = this.#parts.peers.brought(request)
    const session = await this.#session(request)
    if (brought) {
      const own = isSession(session) && session.by === 'proxy' && session.person.id === brought.id ? session : undefined
      const person = { id: brought.id, name: brought.id, roles: rolesOf(brought.groups, this.#parts.grants) }
      if (own) return this.visitor(person, own)
      return {
        ...this.visitor(person, undefined),
        passing: this.#parts.sessions.begin({ ...person, groups: [] }, 'proxy'),
      }
    }
    if (!isSession(session)) return session
    const isGone = session.by === 'proxy' || (session.by === 'token' && this.#parts.token === undefined)
    return isGone ? 'ended' : this.visitor(this.#personOf(session), session)
  }

  /** Somebody, and what they may see by their roles. */
  visitor(person: Person, session: Session | undefined): Visitor {
    return { person, sight: sightOf(person.roles, this.#parts.environmentIds), session }
  }

  #byToken(authorization: string): Asked {
    const shown = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    if (shown === undefined || !isSame(shown, this.#parts.token)) return 'unknown'
    return this.visitor({ id: 'token', name: 'access token', roles: everything }, undefined)
  }

  async #session(request: IncomingMessage): Promise<Session | 'unknown' | 'ended'> {
    const cookie = this.#parts.cookies.read('session', request)
    return cookie === undefined ? 'unknown' : ((await this.#parts.sessions.open(cookie)) ?? 'unknown')
  }

  #personOf({ person: { id, name, groups }, by }: Session): Person {
    return { id, name, roles: by === 'token' ? everything : rolesOf(groups, this.#parts.grants) }
  }
}

/** What the token lets one do. */
export const everything = { '*': 'admin' } as const

function isSession(session: Session | 'unknown' | 'ended'): session is Session {
  return typeof session === 'object'
}
