import type { IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Sight } from '../../domain/access.ts'
import type { Shared } from '../../domain/impression.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import type { Bus } from '../bus/bus.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { systemClock } from '../clock.ts'
import { Closing } from '../closing.ts'
import type { Doors } from '../doors.ts'
import { listen, openHttpServer, Router } from '../http.ts'
import { batchesOf } from './batches.fixture.ts'
import { openTails } from './open.ts'
import { TestViewer } from './viewer.fixture.ts'

/** Doors through which everybody comes. */
const openDoors: Omit<Doors, 'sightOf'> = {
  admit: async () => true,
  admitUpgrade: async () => true,
  admitSocket: async () => undefined,
  stays: async () => true,
  watch: () => () => {},
  note: () => {},
  personOf: ({ headers }) => String(headers['x-role']),
  addressOf: ({ socket }) => socket.remoteAddress ?? '',
}

export type RolesOptions = {
  readonly environments: readonly string[]
  readonly limits?: Partial<Limits>
  readonly bus?: Bus
  /** Told each time somebody wants the secret of an environment. */
  readonly secretAsked?: (environmentId: string) => void
}

/** The reading side on a free port, asked by people whose roles the test decides: each request names its own. */
export async function openRoles(options: RolesOptions) {
  const limits: Limits = { ...defaultLimits, commandsBurst: 10_000, ...options.limits }
  const environments = options.environments.map((id) => ({ id, name: `Name of ${id}` }))
  const bus = options.bus ?? openMemoryBus({ limits, environments: environments.length, now: Date.now })
  const roles = new Map<string, Sight>()
  const failures: unknown[] = []
  const closing = new Closing()
  const sightOf = ({ headers }: IncomingMessage): Sight => roles.get(String(headers['x-role'])) ?? new Map()
  const tails = openTails({
    ...{ bus, environments, limits, closing, clock: systemClock, random: Math.random },
    doors: { ...openDoors, sightOf },
    crowded: false,
    maskSecret: (environmentId) => {
      options.secretAsked?.(environmentId)
      return `secret of ${environmentId}`
    },
    failed: (error) => failures.push(error),
  })
  const router = new Router((error) => failures.push(error))
  const { server, close } = openHttpServer(limits, router)
  closing.add('http', close)
  tails.serve(server)
  router.serve(tails.routes)
  onTestFinished(() => closing.close())
  const url = `http://127.0.0.1:${valueIn(await listen(server, 0, '127.0.0.1'))}`
  const post = async (environmentId: string, groups: unknown, shared: Partial<Shared> = {}) => {
    const fields = { environmentId, environmentName: `Name of ${environmentId}`, receptionTimestamp: Date.now() }
    valueIn(await bus.append(environmentId, batchesOf(groups, { ...fields, ...shared })))
  }
  const watch = (role: string, filter = '') => TestViewer.watchWith(url, { headers: { 'x-role': role } }, filter)
  const ask = (role: string, path: string) => fetch(`${url}${path}`, { headers: { 'x-role': role } })
  return { url, bus, roles, tails, failures, post, watch, ask }
}

export type Roles = Awaited<ReturnType<typeof openRoles>>

/** Reads `/api/tail` as this role until the test ends; `text` is all that came. */
export async function openNdjson({ url }: Roles, role: string, filter = '') {
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  const path = `${url}/api/tail?q=${encodeURIComponent(filter)}`
  const response = await fetch(path, { headers: { 'x-role': role }, signal: leave.signal })
  const heard = { status: response.status, text: '', ended: false }
  const read = async (): Promise<void> => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) heard.text += chunk
    heard.ended = true
  }
  read().catch(() => {})
  return { heard, leave: () => leave.abort() }
}
