import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Batch } from '../../domain/batch.ts'
import type { Impression } from '../../domain/impression.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { type Row, readRow } from '../../domain/row.ts'
import type { BusFailure } from '../bus/bus.ts'
import { type Ingest, openIngest } from './ingest.ts'
import { type KeyRing, openKeyRing } from './keys.ts'
import type { PostRoute } from './paths.ts'
import type { RejectReason } from './row-rules.ts'

export const serverKey = 'srv-1234567890abcdefghijklmnopqrstuv'
export const clientKey = 'cli-abcdefghijklmnopqrstuvwxyz123456'
export const receivedAt = 1795514600000

/** The environment of the recorded requests. */
export function productionRing(): KeyRing {
  const sdkKeys = [
    { kind: 'server', sha256: sha256(serverKey) },
    { kind: 'client', sha256: sha256(clientKey) },
  ] as const
  return openKeyRing({ environments: [{ id: 'prod', name: 'Production', trafficTypeName: 'user', sdkKeys }] })
}

export function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

export type Append = (environmentId: string, batches: readonly Batch[]) => Promise<Result<void, BusFailure>>

/** What ingest told, and what it appended, in order. */
export class Recorded {
  readonly appends: { environmentId: string; batches: readonly Batch[] }[] = []
  readonly posts: { route: PostRoute; status: number }[] = []
  readonly entries: { kind: string; entries: number }[] = []
  readonly failures: unknown[] = []
  readonly retried: number[] = []
  readonly forgotten: number[] = []
  readonly rejections: [reason: RejectReason, impressions: number][] = []
  accepted = 0

  get impressions(): readonly Impression[] {
    return this.appends.flatMap(({ batches }) => impressionsOf(batches))
  }
}

export type TestDoor = {
  readonly port: number
  readonly ingest: Ingest
  readonly recorded: Recorded
  /** How many connections the server has. */
  readonly connections: () => Promise<number>
}

/** For machines that do many things at once. */
const patient: Partial<Limits> = { offThreadMs: 15_000 }

/** A real server with the door alone in it; whatever is not its own is answered 418. */
export async function openDoor(
  parts: { limits?: Partial<Limits>; keys?: KeyRing; append?: Append; now?: () => number } = {},
): Promise<TestDoor> {
  const recorded = new Recorded()
  const ingest = openIngest({
    addressOf: ({ socket }) => socket.remoteAddress ?? '',
    keys: parts.keys ?? productionRing(),
    limits: { ...defaultLimits, ...patient, ...parts.limits },
    now: parts.now ?? (() => receivedAt),
    version: '1.2.3',
    append: async (environmentId, batches) => {
      recorded.appends.push({ environmentId, batches })
      return parts.append ? parts.append(environmentId, batches) : ok(undefined)
    },
    counted: {
      post: (route, status) => recorded.posts.push({ route, status }),
      accepted: (_environmentId, impressions) => {
        recorded.accepted += impressions
      },
      rejected: (_environmentId, reason, impressions) => recorded.rejections.push([reason, impressions]),
      retried: (_environmentId, impressions) => recorded.retried.push(impressions),
      forgotten: (rows) => recorded.forgotten.push(rows),
      entries: (_environmentId, kind, entries) => recorded.entries.push({ kind, entries }),
      failed: (error) => recorded.failures.push(error),
    },
  })
  const server = createServer((request, response) => {
    if (!ingest.handle(request, response)) response.writeHead(418).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await ingest.close()
  })
  const connections = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
  return { port: (server.address() as AddressInfo).port, ingest, recorded, connections }
}

/** Reads batches back the way every reader does. */
export function impressionsOf(batches: readonly Batch[]): readonly Impression[] {
  return batches.flatMap(({ header, rows }) =>
    header.spans.flatMap((span) => {
      const parsed: readonly Row[] = JSON.parse(`[${Buffer.from(rows.subarray(span.from, span.to))}]`)
      return parsed.map((row) => readRow(header.shared, span.flag, row, false))
    }),
  )
}

export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A connection on which a test writes what it likes. */
export class Wire {
  readonly socket: Socket
  /** Resolves when the server has ended the connection. */
  readonly closed: Promise<void>
  #received = Buffer.alloc(0)
  #heard: () => void = () => {}

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    onTestFinished(() => void this.socket.destroy())
    this.socket.on('error', () => {}) // a reset shows as a reply that never comes
    this.socket.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes])
      this.#heard()
    })
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()))
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  /** The next whole reply. */
  async reply(): Promise<Reply> {
    for (;;) {
      const reply = this.#takeReply()
      if (reply) return reply
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#heard = resolve
        }),
        this.closed.then(() => Promise.reject(new Error(`closed without a reply: ${this.#received}`))),
      ])
    }
  }

  #takeReply(): Reply | undefined {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return undefined
    const [first = '', ...lines] = this.#received.toString('latin1', 0, end).split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => headerOf(line)))
    const whole = end + 4 + Number(headers['content-length'] ?? 0)
    if (this.#received.length < whole) return undefined
    const text = this.#received.toString('utf8', end + 4, whole)
    this.#received = this.#received.subarray(whole)
    return { status: Number(first.split(' ')[1]), headers, text }
  }
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

/** The bytes of a request's head; a header may be given twice. */
export function head(method: string, path: string, headers: readonly (readonly [string, string])[]): string {
  return `${[`${method} ${path} HTTP/1.1`, 'Host: flagtail', ...headers.map((pair) => pair.join(': '))].join('\r\n')}\r\n\r\n`
}

export type Sent = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> }

/** Sends one request and gives its reply; with the server-side key unless other headers are given. */
export async function send(door: TestDoor, path: string, body: string | Uint8Array, sent: Sent = {}): Promise<Reply> {
  const bytes = Buffer.from(body)
  const headers = { 'Content-Length': String(bytes.length), ...(sent.headers ?? authorized) }
  const wire = new Wire(door.port)
  wire.write(head(sent.method ?? 'POST', path, Object.entries(headers)))
  wire.write(bytes)
  const reply = await wire.reply()
  wire.socket.destroy()
  return reply
}

export const authorized: Readonly<Record<string, string>> = { Authorization: `Bearer ${serverKey}` }
export const bulk = '/api/testImpressions/bulk'

/** A body of one flag. */
export function post(flag: unknown, ...rows: readonly unknown[]): string {
  return JSON.stringify([{ f: flag, i: rows }])
}

export function row(fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { k: 'alice', t: 'on', m: 1795514523829, ...fields }
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
