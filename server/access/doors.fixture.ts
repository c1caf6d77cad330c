import { io, type Socket } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import { type Down, protocolVersion, type Up } from '../../domain/protocol.ts'
import { openTestApp, type TestAppOptions, twoEnvironments } from '../app.fixture.ts'
import { type Answered, ask } from '../ask.fixture.ts'

export const token = 'the-token-of-the-tests-0123456789abcdef'

/** A proxy on this very machine that signs people in, and says how they came. */
export const proxy = {
  addresses: ['127.0.0.1/32'],
  signsIn: {
    secret: 'the-secret-of-the-proxy-of-the-tests',
    secretHeader: 'x-flagtail-secret',
    personHeader: 'x-forwarded-user',
    groupsHeader: 'x-forwarded-groups',
  },
} as const

export const grants = [
  { group: 'engineers', environments: ['*'], role: 'full' },
  { group: 'support', environments: ['prod'], role: 'masked' },
  { group: 'owners', environments: ['*'], role: 'admin' },
] as const

/** The headers by which the proxy brings somebody. */
export function brought(person: string, groups: string): Readonly<Record<string, string>> {
  return { 'X-Flagtail-Secret': proxy.signsIn.secret, 'X-Forwarded-User': person, 'X-Forwarded-Groups': groups }
}

/** The real server with two environments, where one signs in by the token. */
export function openDoors(options: TestAppOptions = {}) {
  const access = { kind: 'sign-in', token, provider: undefined, grants } as const
  return openTestApp({ environments: twoEnvironments, access, ...options })
}

export type Browser = {
  readonly answer: Answered
  /** As it is sent back: `name=value`. */
  readonly cookie: string
  readonly ticket: string
}

type Posted = { readonly body?: object; readonly headers?: Readonly<Record<string, string>> }

/** Posts to `/api/session` as a page does. */
export async function postSession(url: string, { body = {}, headers = {} }: Posted = {}): Promise<Browser> {
  const answer = await ask(url, '/api/session', {
    method: 'POST',
    headers: { Host: new URL(url).host, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const [cookie = ''] = String(answer.headers['set-cookie'] ?? '').split(';')
  return { answer, cookie, ticket: String(JSON.parse(answer.text).ticket ?? '') }
}

export function signIn(url: string): Promise<Browser> {
  return postSession(url, { body: { token } })
}

/** Another ticket of the same session. */
export async function ticketOf(url: string, cookie: string): Promise<string> {
  return (await postSession(url, { headers: { Cookie: cookie } })).ticket
}

export type Shown = { readonly headers?: Readonly<Record<string, string>>; readonly ticket?: unknown }

/** Connects a socket that shows these; resolves with it, or with why it was not let in. */
export async function connect(url: string, { headers = {}, ticket }: Shown): Promise<Socket<Down, Up> | string> {
  const socket: Socket<Down, Up> = io(url, {
    transports: ['websocket'],
    auth: { version: protocolVersion, ticket },
    extraHeaders: { ...headers },
    forceNew: true,
    reconnection: false,
  })
  onTestFinished(() => void socket.disconnect())
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket))
    socket.once('connect_error', (error) => resolve(error.message))
  })
}

/** A socket that was let in. */
export async function connected(url: string, shown: Shown): Promise<Socket<Down, Up>> {
  const socket = await connect(url, shown)
  if (typeof socket === 'string') throw new Error(socket)
  return socket
}
