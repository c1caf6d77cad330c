import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { SharedStore } from '../store/store.ts'
import type { Revocations } from './revocations.ts'
import type { Seals } from './seals.ts'

/** How somebody came in. A session by the proxy counts only in requests that the proxy brings. */
export type By = 'token' | 'provider' | 'proxy'

/** Who signed in, as the cookie keeps it: what their groups may do is looked up at each request. */
export type Identity = { readonly id: string; readonly name: string; readonly groups: readonly string[] }

export type Session = {
  readonly id: string
  readonly person: Identity
  readonly by: By
  readonly startedMs: number
  /** When its browser was last heard of, as far as the cookie knows. */
  readonly seenMs: number
}

export type SessionLimits = { readonly sessionMs: number; readonly sessionIdleMs: number }

export type SessionsParts = {
  readonly seals: Seals
  readonly store: Pick<SharedStore, 'put' | 'get'>
  readonly revocations: Pick<Revocations, 'isRevoked'>
  readonly limits: SessionLimits
  /** Epoch ms. */
  readonly now: () => number
}

const claims = z.object({
  id: z.string(),
  by: z.enum(['token', 'provider', 'proxy']),
  person: z.object({ id: z.string(), name: z.string(), groups: z.array(z.string()) }),
  startedMs: z.number(),
  seenMs: z.number(),
})

/** More sessions than this are not remembered as seen here; for those the store is asked. */
const rememberedSessions = 10_000

/**
 * Sessions live in their cookies, signed; a server keeps only who was signed out, and when somebody was last seen. They end
 * after a fixed time, or a shorter one in which no page of theirs was looked at.
 */
export class Sessions {
  readonly #parts: SessionsParts
  readonly #seen = new Map<string, number>()

  constructor(parts: SessionsParts) {
    this.#parts = parts
  }

  /** A new session; nothing of an earlier one is carried over. */
  begin(person: Identity, by: By): Session {
    const now = this.#parts.now()
    return { id: randomBytes(16).toString('base64url'), person, by, startedMs: now, seenMs: now }
  }

  /** The session as a cookie's value, seen now. */
  async seal(session: Session): Promise<string> {
    const { seals, limits, now } = this.#parts
    const seen = { ...session, seenMs: now() }
    this.#remember(session.id, seen.seenMs)
    await this.#parts.store.put(`seen ${session.id}`, String(seen.seenMs), limits.sessionIdleMs)
    return seals.seal('session', seen, session.startedMs + limits.sessionMs)
  }

  /** The session of a cookie's value, if it is ours and not over. */
  async open(sealed: string): Promise<Session | 'ended' | undefined> {
    const read = claims.safeParse(await this.#parts.seals.open('session', sealed))
    if (!read.success) return undefined
    return (await this.stands(read.data)) ? read.data : 'ended'
  }

  /** Whether a session goes on: neither over, nor revoked, nor idle for too long on every server. */
  async stands(session: Session): Promise<boolean> {
    const { limits, now, store } = this.#parts
    if (this.isRevoked(session) || now() >= session.startedMs + limits.sessionMs) return false
    const idleSinceMs = now() - limits.sessionIdleMs
    if (Math.max(session.seenMs, this.#seen.get(session.id) ?? 0) > idleSinceMs) return true
    const elsewhere = await store.get(`seen ${session.id}`)
    return elsewhere.ok && Number(elsewhere.value ?? 0) > idleSinceMs && !this.isRevoked(session)
  }

  isRevoked({ id, person, startedMs }: Session): boolean {
    return this.#parts.revocations.isRevoked({ id, personId: person.id, startedMs })
  }

  #remember(id: string, seenMs: number): void {
    this.#seen.delete(id)
    this.#seen.set(id, seenMs)
    const [longestUnseen] = this.#seen.keys()
    if (this.#seen.size > rememberedSessions && longestUnseen !== undefined) this.#seen.delete(longestUnseen)
  }
}
