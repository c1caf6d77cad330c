import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Limits } from '../../domain/limits.ts'
import { answerHeaders } from '../answer.ts'
import type { Logs } from './logs.ts'
import { readQuery, refuse } from './query.ts'
import type { SeenLogs } from './seen-logs.ts'
import { TailReader } from './tail-reader.ts'
import { TailStream } from './tail-stream.ts'
import { unknownEnvironments } from './unknown-environments.ts'

export type TailRouteParts = {
  readonly logs: Logs
  /** The logs as whoever asks may see them now. */
  readonly see: (request: IncomingMessage) => SeenLogs
  readonly limits: Limits
}

/** Serves `GET /api/tail?q=&cursor=`: NDJSON from now, or from a cursor, until the reader leaves or the server does. */
export class TailRoute {
  readonly #parts: TailRouteParts
  readonly #open = new Set<TailStream>()
  #readers = 0

  constructor(parts: TailRouteParts) {
    this.#parts = parts
  }

  get readers(): number {
    return this.#readers
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { logs, limits, see } = this.#parts
    const seen = see(request)
    const query = readQuery(request, ['q', 'cursor'], { limits, seen })
    if (!query.ok) return refuse(response, 400, query.error)
    if (this.#readers >= limits.tailReaders) {
      return refuse(response, 503, { message: `${limits.tailReaders} readers are connected already` })
    }
    this.#readers++
    response.once('close', () => this.#readers--)
    const { filter, cursor } = query.value
    const found = seen.compile(filter)
    const followed = await logs.follow(found.environments.keys())
    if (!followed.ok) return refuse(response, 503, { message: followed.error.message })
    if (response.destroyed) return logs.unfollow(found.environments.keys())
    response.writeHead(200, { ...answerHeaders, 'Content-Type': 'application/x-ndjson; charset=utf-8' })
    const reader = new TailReader(response, found, limits)
    const stream = new TailStream({ logs, limits, seen, see: () => see(request) }, reader, response, cursor)
    this.#open.add(stream)
    response.once('close', () => {
      this.#open.delete(stream)
      logs.unfollow(found.environments.keys())
    })
    const running = stream.run()
    const unknown = unknownEnvironments(filter, seen.environments)
    if (unknown.length > 0) reader.notice({ kind: 'no-such-environment', environments: unknown })
    await running
  }

  /** Last ledgers, and the end of every stream. */
  close(): void {
    for (const stream of [...this.#open]) stream.end()
  }
}
