import type { IncomingMessage, ServerResponse } from 'node:http'
import { beginning, type Cursor, type Position, positionOf } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import type { Limits } from '../../domain/limits.ts'
import { answerHeaders } from '../answer.ts'
import type { Bus } from '../bus/bus.ts'
import { catchUp } from './catch-up.ts'
import type { Logs } from './logs.ts'
import { type Query, readQuery, refuse } from './query.ts'
import { TailReader } from './tail-reader.ts'
import { unknownEnvironments } from './unknown-environments.ts'

export type TailRouteParts = { readonly bus: Bus; readonly logs: Logs; readonly limits: Limits }

/** Serves `GET /api/tail?q=&cursor=`: NDJSON from now, or from a cursor, until the reader leaves or the server does. */
export class TailRoute {
  readonly #parts: TailRouteParts
  readonly #open = new Set<() => void>()

  constructor(parts: TailRouteParts) {
    this.#parts = parts
  }

  get readers(): number {
    return this.#open.size
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { logs, limits } = this.#parts
    const query = readQuery(request, ['q', 'cursor'], limits)
    if (!query.ok) return refuse(response, 400, query.error)
    if (this.#open.size >= limits.tailReaders)
      return refuse(response, 503, { message: `${limits.tailReaders} readers are connected already` })
    const matcher = compileFilter(query.value.filter)
    const environments = new Set(logs.environments.filter(matcher.environment).map(({ id }) => id))
    const followed = await logs.follow(environments)
    if (!followed.ok) return refuse(response, 503, { message: followed.error.message })
    const reader = new TailReader(response, matcher, environments, limits)
    response.on('close', () => logs.unfollow(environments))
    if (response.destroyed) return logs.unfollow(environments)
    response.writeHead(200, { ...answerHeaders, 'Content-Type': 'application/x-ndjson; charset=utf-8' })
    await this.#stream(query.value, reader, response)
  }

  /** Last ledgers, and the end of every stream. */
  close(): void {
    for (const end of [...this.#open]) end()
  }

  async #stream({ filter, cursor }: Query, reader: TailReader, response: ServerResponse): Promise<void> {
    const { logs, limits, bus } = this.#parts
    const place = new ReaderPlace(logs, reader.environments, cursor)
    const tellLedger = (): void => reader.ledger(place.cursor())
    const ledgers = setInterval(tellLedger, limits.ledgerMs)
    const leave = (): void => {
      this.#open.delete(end)
      clearInterval(ledgers)
      logs.delete(reader)
    }
    const end = (): void => {
      leave()
      tellLedger()
      response.end()
    }
    this.#open.add(end)
    response.on('close', leave)
    tellLedger()
    const notice = unknownEnvironments(filter, logs.environments)
    if (notice) reader.notice(notice)
    const caughtUp = await catchUp({
      bus,
      logs,
      environments: reader.environments,
      cursor: place.cursor(),
      point: () => logs.positions,
      take: (batch) => {
        place.moveTo(positionOf(batch.header.shared.environmentId, batch.chain))
        reader.hear(batch)
        return reader.ready()
      },
      gap: (gap) => reader.hearGap(gap),
      stale: () => response.destroyed || response.writableEnded,
      pageBatches: limits.replayPageBatches,
      joined: () => {
        place.goLive()
        logs.add(reader)
      },
    })
    if (!caughtUp.ok && !response.writableEnded) end()
  }
}

/** Where a reader stands: at the batches it took while it catches up, then where the logs are. */
class ReaderPlace {
  readonly #logs: Logs
  readonly #environments: ReadonlySet<string>
  #positions: readonly Position[] | 'live'

  constructor(logs: Logs, environments: ReadonlySet<string>, cursor: Cursor | undefined) {
    this.#logs = logs
    this.#environments = environments
    const given = cursor ?? logs.positions
    this.#positions = [...environments].map((id) => given.find((one) => one.environmentId === id) ?? beginning(id))
  }

  cursor(): Cursor {
    if (this.#positions !== 'live') return this.#positions
    return this.#logs.positions.filter((position) => this.#environments.has(position.environmentId))
  }

  moveTo(position: Position): void {
    if (this.#positions === 'live') return
    this.#positions = this.#positions.map((one) => (one.environmentId === position.environmentId ? position : one))
  }

  goLive(): void {
    this.#positions = 'live'
  }
}
