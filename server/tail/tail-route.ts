import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileFilter } from '../../domain/filter/compile.ts'
import { answerHeaders } from '../answer.ts'
import { readQuery, refuse } from './query.ts'
import { TailReader } from './tail-reader.ts'
import { type StreamParts, TailStream } from './tail-stream.ts'
import { unknownEnvironments } from './unknown-environments.ts'

/** Serves `GET /api/tail?q=&cursor=`: NDJSON from now, or from a cursor, until the reader leaves or the server does. */
export class TailRoute {
  readonly #parts: StreamParts
  readonly #open = new Set<TailStream>()
  #readers = 0

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  get readers(): number {
    return this.#readers
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { logs, limits } = this.#parts
    const query = readQuery(request, ['q', 'cursor'], limits)
    if (!query.ok) return refuse(response, 400, query.error)
    if (this.#readers >= limits.tailReaders) {
      return refuse(response, 503, { message: `${limits.tailReaders} readers are connected already` })
    }
    this.#readers++
    response.once('close', () => this.#readers--)
    const { filter, cursor } = query.value
    const matcher = compileFilter(filter)
    const environments = new Set(logs.environments.filter(matcher.environment).map(({ id }) => id))
    const followed = await logs.follow(environments)
    if (!followed.ok) return refuse(response, 503, { message: followed.error.message })
    if (response.destroyed) return logs.unfollow(environments)
    response.writeHead(200, { ...answerHeaders, 'Content-Type': 'application/x-ndjson; charset=utf-8' })
    const reader = new TailReader(response, matcher, environments, limits)
    const stream = new TailStream(this.#parts, reader, response, cursor)
    this.#open.add(stream)
    response.once('close', () => {
      this.#open.delete(stream)
      logs.unfollow(environments)
    })
    const running = stream.run()
    const unknown = unknownEnvironments(filter, logs.environments)
    if (unknown.length > 0) reader.notice({ kind: 'no-such-environment', environments: unknown })
    await running
  }

  /** Last ledgers, and the end of every stream. */
  close(): void {
    for (const stream of [...this.#open]) stream.end()
  }
}
