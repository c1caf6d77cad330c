import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Sight } from '../../domain/access.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import type { HashedFilter } from '../../domain/filter/hashed.ts'
import { answerJson } from '../answer.ts'
import type { Audit } from '../audit.ts'
import type { Doors, NotIn, Seen } from '../doors.ts'
import type { Peers } from './peer.ts'
import type { Revocations } from './revocations.ts'
import type { Sessions } from './sessions.ts'
import type { Tickets } from './tickets.ts'
import type { Asked, Visitor } from './visitors.ts'

export type AccessParts = {
  /** Whether a request comes from a page of ours, or from no page. */
  readonly allowed: (request: IncomingMessage) => boolean
  readonly visitorOf: (request: IncomingMessage) => Promise<Asked>
  readonly signedOut: (reason: Exclude<Asked, Visitor>, response: ServerResponse) => void
  readonly sessions: Pick<Sessions, 'stands'>
  readonly tickets: Pick<Tickets, 'take'>
  readonly revocations: Pick<Revocations, 'watch'>
  readonly peers: Peers
  readonly audit: Audit
  readonly hashFilter: (filter: Filter) => HashedFilter
}

const nothing: Sight = new Map()
const noTicket: NotIn = { reason: 'unavailable', message: 'This socket has no ticket that is good', retryInMs: 500 }

/** The doors of a server on which people sign in, or on which nobody has to. */
export class Access implements Doors {
  readonly #parts: AccessParts
  /** Whom a request turned out to be, for as long as it lasts. */
  readonly #admitted = new WeakMap<IncomingMessage, Visitor>()

  constructor(parts: AccessParts) {
    this.#parts = parts
  }

  async admit(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (!this.#parts.allowed(request)) {
      answerJson(response, 403, {
        error: { message: 'this Host or Origin may not read here: FLAGTAIL_HOSTS names those that may' },
      })
      return false
    }
    const asked = await this.#parts.visitorOf(request)
    if (typeof asked === 'string') this.#parts.signedOut(asked, response)
    else if (asked.sight.size === 0)
      answerJson(response, 403, { error: { message: 'you have no role in any environment' } })
    else this.#admitted.set(request, asked)
    return this.#admitted.has(request)
  }

  async admitUpgrade(request: IncomingMessage): Promise<boolean> {
    if (!this.#parts.allowed(request)) return false
    const asked = await this.#parts.visitorOf(request)
    if (typeof asked === 'object' && asked.sight.size > 0) this.#admitted.set(request, asked)
    return this.#admitted.has(request)
  }

  /** Whoever shows the token itself, or need not sign in, needs no ticket: no page can be made to do that. */
  async admitSocket(request: IncomingMessage, ticket: unknown): Promise<NotIn | undefined> {
    const visitor = this.#admitted.get(request)
    if (!visitor) return noTicket
    const { session } = visitor
    if (!session) return this.#needsTicket(request) ? noTicket : undefined
    const taken = await this.#parts.tickets.take(ticket, session.id)
    return taken && (await this.stays(request)) ? undefined : noTicket
  }

  async stays(request: IncomingMessage): Promise<boolean> {
    const visitor = this.#admitted.get(request)
    if (!visitor) return false
    const session = visitor.session ?? visitor.passing
    return session === undefined || (await this.#parts.sessions.stands(session))
  }

  watch(told: () => void): () => void {
    return this.#parts.revocations.watch(told)
  }

  sightOf(request: IncomingMessage): Sight {
    return this.#admitted.get(request)?.sight ?? nothing
  }

  note(request: IncomingMessage, seen: Seen): void {
    const { audit, hashFilter } = this.#parts
    const who = { person: this.personOf(request), address: this.addressOf(request) }
    audit.record({ ...who, ...seen, filter: hashFilter(seen.filter) })
  }

  personOf(request: IncomingMessage): string {
    return this.#admitted.get(request)?.person.id ?? 'unknown'
  }

  addressOf(request: IncomingMessage): string {
    return this.#parts.peers.address(request)
  }

  /** Brought by a proxy and without a session: any page could have made the browser connect. */
  #needsTicket(request: IncomingMessage): boolean {
    return this.#parts.peers.brought(request) !== undefined
  }
}
