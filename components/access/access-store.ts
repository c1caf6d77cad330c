import type { SessionAnswer, SignedOut } from '../../domain/access.ts'
import type { Clock } from '../tail/clock.ts'
import type { Admission } from '../tail/tail-socket.ts'
import { type Asked, askSession, endSession } from './ask-session.ts'

/** How this browser stands with the server's doors. */
export type AccessView =
  | { readonly kind: 'asking' }
  /** `unknown`: the server did not answer; the tail says so and goes on asking. */
  | { readonly kind: 'in'; readonly person: SessionAnswer['person'] | 'unknown'; readonly sees: boolean }
  | ({ readonly kind: 'out'; readonly problem: string | undefined } & SignedOut)

export type AccessParts = {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly ask: (token?: string) => Promise<Asked>
  readonly end: () => Promise<boolean>
  /** Begins the page anew. */
  readonly reload: () => void
  /** Whether somebody may be looking at the page. */
  readonly visible: () => boolean
}

const renewMs = 5 * 60_000
/** A ticket is good for 60 s; one that is older than this is not tried any more. */
const ticketMs = 30_000

/** Who is signed in here: begins, renews and ends the session, and gets each socket its ticket. */
export class AccessStore {
  readonly #parts: AccessParts
  readonly #listeners = new Set<() => void>()
  readonly #hopes = new Set<() => void>()
  #view: AccessView = { kind: 'asking' }
  #ticket: { readonly text: string; readonly atMs: number } | undefined
  /** Who was seen here last: what they saw is not shown to somebody else. */
  #person: string | undefined
  #cancel = () => {}

  constructor(parts: AccessParts) {
    this.#parts = parts
  }

  readonly view = (): AccessView => this.#view

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back whenever somebody signs in who was not; returns how to stop. */
  readonly onSignIn = (run: () => void): (() => void) => {
    this.#hopes.add(run)
    return () => this.#hopes.delete(run)
  }

  /** Asks who this is; with the token of a link, signs in by it. `problem`: what a sign-in elsewhere came to. */
  async open(token: string | undefined, problem: string | undefined): Promise<void> {
    this.#renewLater()
    const asked = await this.#parts.ask(token)
    this.#take(
      asked,
      asked.kind === 'refused' ? asked.message : (problem ?? (token && 'That is not the token of this server.')),
    )
  }

  close(): void {
    this.#cancel()
  }

  async signIn(token: string): Promise<void> {
    const asked = await this.#parts.ask(token)
    if (asked.kind === 'away') this.#problem('The server does not answer.')
    else this.#take(asked, asked.kind === 'refused' ? asked.message : 'That is not the token of this server.')
  }

  /** Whether that worked. */
  signOut(): Promise<boolean> {
    return this.#parts.end()
  }

  /** What the next socket shows at the door. */
  readonly admit = async (): Promise<Admission> => {
    const held = this.#ticket
    this.#ticket = undefined
    if (held && this.#parts.clock.now() - held.atMs < ticketMs) return { kind: 'in', ticket: held.text }
    const asked = await this.#parts.ask()
    this.#take(asked, undefined)
    this.#ticket = undefined
    return asked.kind === 'in' ? { kind: 'in', ticket: asked.ticket } : { kind: asked.kind === 'out' ? 'out' : 'away' }
  }

  /** Renews the session now and then while the page may be looked at: unseen for an hour, it ends. */
  #renewLater(): void {
    this.#cancel()
    this.#cancel = this.#parts.clock.after(renewMs, () => {
      this.#renewLater()
      if (this.#view.kind === 'in' && this.#view.person !== 'nobody' && this.#parts.visible()) void this.#renew()
    })
  }

  async #renew(): Promise<void> {
    const asked = await this.#parts.ask()
    if (asked.kind === 'out') this.#take(asked, undefined) // anything else shows when it matters
  }

  #take(asked: Asked, problem: string | undefined): void {
    switch (asked.kind) {
      case 'in':
        this.#ticket = asked.ticket === undefined ? undefined : { text: asked.ticket, atMs: this.#parts.clock.now() }
        this.#show({ kind: 'in', person: asked.person, sees: asked.sees })
        break
      case 'out':
        this.#show({ kind: 'out', reason: this.#wasIn() ? 'ended' : asked.reason, signIn: asked.signIn, problem })
        break
      case 'refused':
        this.#problem(problem)
        break
      case 'away':
        if (this.#view.kind === 'asking') this.#show({ kind: 'in', person: 'unknown', sees: true })
        break
      default:
        asked satisfies never
    }
  }

  /** Another tab of this browser may have taken the cookie away, and then nothing is known of what ended. */
  #wasIn(): boolean {
    return this.#view.kind === 'in' || (this.#view.kind === 'out' && this.#view.reason === 'ended')
  }

  #problem(problem: string | undefined): void {
    const signIn = this.#view.kind === 'out' ? this.#view.signIn : { token: true, proxy: false }
    this.#show({ kind: 'out', reason: 'unknown', signIn, problem })
  }

  #show(view: AccessView): void {
    const before = this.#view
    const person = view.kind === 'in' && typeof view.person === 'object' ? whoIs(view.person.id) : undefined
    if (person !== undefined && this.#person !== undefined && person !== this.#person) {
      this.#parts.reload()
      return
    }
    this.#person = person ?? this.#person
    if (JSON.stringify(before) === JSON.stringify(view)) return
    this.#view = view
    for (const listener of this.#listeners) listener()
    if (before.kind === 'out' && view.kind === 'in') for (const hope of this.#hopes) hope()
  }
}

/** Each sign-in by the token has an id of its own, and all have the same rights. */
function whoIs(id: string): string {
  return id.startsWith('token-') ? 'token' : id
}

/** The store of this browser. */
export function browserAccess(clock: AccessParts['clock']): AccessStore {
  return new AccessStore({
    clock,
    ask: askSession,
    end: endSession,
    reload: () => window.location.reload(),
    visible: () => !document.hidden,
  })
}
