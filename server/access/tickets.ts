import { randomBytes } from 'node:crypto'
import type { SharedStore } from '../store/store.ts'
import type { Seals } from './seals.ts'

export type TicketsParts = {
  readonly seals: Seals
  readonly store: Pick<SharedStore, 'claim'>
  readonly ticketMs: number
  /** Epoch ms. */
  readonly now: () => number
}

/**
 * Tickets let one socket of one session in, once. Beside the cookie, so that neither a stolen ticket nor a page that
 * makes a browser connect is of any use alone (OWASP WebSocket Security).
 */
export class Tickets {
  readonly #parts: TicketsParts
  /** Used here while the store was away, with when they are too old anyway. */
  readonly #used = new Map<string, number>()

  constructor(parts: TicketsParts) {
    this.#parts = parts
  }

  issue(sessionId: string): Promise<string> {
    const { seals, ticketMs, now } = this.#parts
    return seals.seal('ticket', { sessionId, nonce: randomBytes(16).toString('base64url') }, now() + ticketMs)
  }

  /** Whether a ticket is of this session and was never used. */
  async take(ticket: unknown, sessionId: string): Promise<boolean> {
    if (typeof ticket !== 'string') return false
    const claims = await this.#parts.seals.open('ticket', ticket)
    if (claims?.sessionId !== sessionId || typeof claims.nonce !== 'string') return false
    return this.#claim(claims.nonce)
  }

  async #claim(nonce: string): Promise<boolean> {
    const { store, now, ticketMs } = this.#parts
    for (const [old, untilMs] of this.#used) if (untilMs < now()) this.#used.delete(old)
    if (this.#used.has(nonce)) return false
    const claimed = await store.claim(`ticket ${nonce}`, ticketMs + 1000)
    if (claimed.ok) return claimed.value
    if (this.#used.has(nonce)) return false
    this.#used.set(nonce, now() + ticketMs + 1000)
    return true
  }
}
