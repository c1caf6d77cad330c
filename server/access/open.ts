import type { IncomingMessage } from 'node:http'
import type { SessionAnswer, SignIn } from '../../domain/access.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import { type HashedFilter, hashedFilter } from '../../domain/filter/hashed.ts'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { AddressBuckets } from '../address-buckets.ts'
import { answerJson } from '../answer.ts'
import { type Audit, auditHash } from '../audit.ts'
import type { Closing } from '../closing.ts'
import type { Doors } from '../doors.ts'
import type { Route } from '../http.ts'
import type { SharedStore } from '../store/store.ts'
import { Access } from './access.ts'
import { Cookies } from './cookies.ts'
import { type ExportedParts, noteExport } from './exported.ts'
import { Peers } from './peer.ts'
import { sightOf } from './person.ts'
import { Provider } from './provider.ts'
import { ProviderRoutes } from './provider-routes.ts'
import { Revocations } from './revocations.ts'
import { accessRoutes, actRoute } from './routes.ts'
import { derived, Seals } from './seals.ts'
import { SessionRoutes } from './session-routes.ts'
import { Sessions } from './sessions.ts'
import type { AccessSettings, ProxySettings } from './settings.ts'
import { Tickets } from './tickets.ts'
import { newToken } from './token.ts'
import { everything, type Visitor, Visitors } from './visitors.ts'

export type OpenAccessParts = {
  readonly settings: AccessSettings
  readonly proxy: ProxySettings
  readonly store: SharedStore
  readonly audit: Audit
  readonly limits: Limits
  readonly environmentIds: readonly string[]
  readonly allowed: (request: IncomingMessage) => boolean
  readonly closing: Closing
  /** Epoch ms. */
  readonly now: () => number
  readonly warn: (message: string) => void
  readonly failed: (error: unknown) => void
}

type Hash = (filter: Filter) => HashedFilter

export type OpenedAccess = {
  readonly doors: Doors
  readonly routes: readonly Route[]
  readonly peers: Peers
  /** What a person who starts the server needs to come in; absent where it is not the way in. */
  readonly token: string | undefined
  /** The secret under which an environment's keys are masked: the same on every server that shares the store. */
  readonly maskSecret: (environmentId: string) => string
}

/** Opens the doors as the settings say; fails when the secret that all servers share cannot be read. */
export async function openAccess(parts: OpenAccessParts): Promise<Result<OpenedAccess, string>> {
  const { settings, store } = parts
  const given = settings.kind === 'sign-in' ? settings.token : undefined
  const made = await store.made('secret', newToken)
  if (!made.ok) return failed(made.error.message)
  const master = `${made.value}${given ?? ''}` // a new token ends all sessions; the token alone makes none
  const peers = new Peers(parts.proxy)
  const secretFor = (purpose: string): string => Buffer.from(derived(master, purpose)).toString('base64url')
  const maskSecret = (id: string): string => secretFor(`mask ${id}`)
  const hash = auditHash(secretFor('audit'))
  const hashFilter: Hash = (filter) => hashedFilter(filter, hash)
  if (settings.kind === 'nobody-asks') {
    return ok({ ...openToAll(parts, { peers, hashFilter }), peers, maskSecret, token: undefined })
  }
  const others = settings.provider !== undefined || parts.proxy?.signsIn !== undefined
  const token = given ?? (others ? undefined : secretFor('token')) // none that nobody asked for; one for all servers
  const revocations = await openRevocations(parts)
  return ok({
    ...behindSignIn(parts, { settings, peers, hashFilter, token, master, revocations }),
    peers,
    maskSecret,
    token,
  })
}

type Opened = Pick<OpenedAccess, 'doors' | 'routes'>

/** Whoever reaches the server reads everything. */
function openToAll(parts: OpenAccessParts, { peers, hashFilter }: Pick<Behind, 'peers' | 'hashFilter'>): Opened {
  const { allowed, environmentIds, audit } = parts
  const person = { id: 'anybody', name: 'anybody', roles: everything }
  const visitor: Visitor = { person, sight: sightOf(everything, environmentIds), session: undefined }
  const nobody = { stands: async () => true, take: async () => true, watch: () => () => {}, signedOut: () => {} }
  const noted: ExportedParts = {
    ...{ peers, audit, hashFilter, signedOut: nobody.signedOut },
    visitorOf: async () => visitor,
  }
  const doors = new Access({ ...noted, allowed, sessions: nobody, tickets: nobody, revocations: nobody })
  const answer: SessionAnswer = { person: 'nobody', sees: true }
  const routes = [actRoute('/api/session', parts, { POST: (_, response) => answerJson(response, 200, answer) })]
  return { doors, routes: [...routes, exportedRoute(parts, noted)] }
}

type Behind = {
  readonly settings: Extract<AccessSettings, { kind: 'sign-in' }>
  readonly peers: Peers
  readonly hashFilter: Hash
  readonly token: string | undefined
  readonly master: string
  readonly revocations: Revocations
}

function behindSignIn(parts: OpenAccessParts, behind: Behind): Opened {
  const { settings, peers, hashFilter, token, master, revocations } = behind
  const { store, audit, limits, environmentIds, allowed, now, warn } = parts
  const { grants } = settings
  const seals = new Seals(master, now)
  const sessions = new Sessions({ seals, store, revocations, limits, now })
  const tickets = new Tickets({ seals, store, ticketMs: limits.ticketMs, now })
  const cookies = new Cookies(peers)
  const visitors = new Visitors({ sessions, cookies, peers, token, grants, environmentIds })
  const provider = settings.provider && new Provider(settings.provider)
  const signIn: SignIn = {
    token: token !== undefined,
    ...(provider && { provider: provider.settings.name }),
    proxy: parts.proxy?.signsIn !== undefined,
  }
  const { signInsPerSecond: perSecond, signInsBurst: burst, rateAddresses: most } = limits
  const attempts = new AddressBuckets({ perSecond, burst, most, now })
  const common = { cookies, peers, audit, hashFilter, attempts, grants, seals, store, warn, now }
  const session = new SessionRoutes({ ...common, visitors, sessions, tickets, revocations, token, signIn, limits })
  const providing = provider && new ProviderRoutes({ ...common, provider, sessions: session })
  const signedOut: SessionRoutes['signedOut'] = (reason, response) => session.signedOut(reason, response)
  const visitorOf = visitors.of.bind(visitors)
  const noted: ExportedParts = { visitorOf, signedOut, peers, audit, hashFilter }
  const doors = new Access({ ...noted, allowed, sessions, tickets, revocations })
  const routes = accessRoutes({ allowed, failed: parts.failed, session, provider: providing })
  return { doors, routes: [...routes, exportedRoute(parts, noted)] }
}

function exportedRoute(parts: OpenAccessParts, noted: ExportedParts): Route {
  return actRoute('/api/exported', parts, { POST: (request, response) => noteExport(noted, request, response) })
}

/** Knows already whom others signed out before it is asked. */
async function openRevocations({ store, now, limits, failed, closing }: OpenAccessParts): Promise<Revocations> {
  const { sessionMs, revocationsMs: refreshMs } = limits
  const revocations = new Revocations({ store, now, sessionMs, refreshMs, failed })
  closing.add('revocations', () => revocations.close())
  await revocations.refresh()
  return revocations
}
