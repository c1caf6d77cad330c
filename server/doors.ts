import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Sight } from '../domain/access.ts'
import type { Filter } from '../domain/filter/filter.ts'
import type { Refusal } from '../domain/protocol.ts'

/** Why a socket is not let in; its page asks for another ticket, or to sign in. */
export type NotIn = Extract<Refusal, { readonly reason: 'unavailable' }>

/** What somebody looks at. */
export type Seen =
  | { readonly event: 'watch'; readonly filter: Filter }
  | { readonly event: 'read'; readonly path: string; readonly filter: Filter }

/** Who may come in: asked at every door through which impressions leave. */
export interface Doors {
  /** Lets a request in, or answers it: 403 to pages of others, 401 to who did not sign in. */
  admit(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Lets a request become a websocket, or not. */
  admitUpgrade(request: IncomingMessage): Promise<boolean>
  /** Lets the socket of an admitted upgrade in, given what it shows; else says why not. */
  admitSocket(request: IncomingMessage, ticket: unknown): Promise<NotIn | undefined>
  /** Whether an admitted socket may stay. Asked now and then, and after each `watch`. */
  stays(request: IncomingMessage): Promise<boolean>
  /** Calls back when somebody was signed out; returns how to stop. */
  watch(told: () => void): () => void
  /**
   * What an admitted request may see; nothing for any other. For a socket by the request that opened it, asked at each command and
   * each heartbeat: while that is as it was, the same object.
   */
  sightOf(request: IncomingMessage): Sight
  /** Who an admitted request is, as the audit log calls them. */
  personOf(request: IncomingMessage): string
  /** Writes down what an admitted request looks at: a watch over a socket, or a read of a path. */
  note(request: IncomingMessage, seen: Seen): void
  /** The address that a request comes from. */
  addressOf(request: IncomingMessage): string
}
