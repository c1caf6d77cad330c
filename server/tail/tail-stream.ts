import type { ServerResponse } from 'node:http'
import type { Sight } from '../../domain/access.ts'
import { type Cursor, type Position, positionOf } from '../../domain/chain.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { catchUp } from './catch-up.ts'
import type { HeardBatch } from './heard.ts'
import type { Logs } from './logs.ts'
import { standingIn } from './positions.ts'
import type { SeenLogs } from './seen-logs.ts'
import type { TailReader } from './tail-reader.ts'

export type StreamParts = {
  readonly logs: Logs
  /** The logs as the reader may see them, when it came and now. */
  readonly seen: SeenLogs
  readonly see: () => SeenLogs
  readonly limits: Limits
}

/** One `/api/tail`: reads the log at the reader's pace until it stands where live hearing goes on, and again whenever it falls behind. */
export class TailStream {
  readonly #parts: StreamParts
  readonly #reader: TailReader
  readonly #response: ServerResponse
  readonly #ledgers: NodeJS.Timeout
  readonly #place: ReaderPlace
  #behind: () => void = () => {}

  constructor(parts: StreamParts, reader: TailReader, response: ServerResponse, cursor: Cursor | undefined) {
    this.#parts = parts
    this.#reader = reader
    this.#response = response
    this.#place = new ReaderPlace(parts.logs, reader.environments, cursor)
    this.#ledgers = setInterval(() => this.#tellNow(), parts.limits.ledgerMs)
    response.on('close', () => {
      this.#leave()
      this.#behind()
    })
    reader.onBehind = (before) => {
      parts.logs.delete(reader)
      this.#place.standAt(before)
      this.#behind()
    }
  }

  /** Resolves when the reader is gone or the logs cannot be read. */
  async run(): Promise<void> {
    this.#reader.ledger(this.#place.cursor(), 'always')
    while (!this.#isOver) {
      const fellBehind = new Promise<void>((resolve) => {
        this.#behind = resolve
      })
      const caughtUp = await this.#catchUp()
      if (!caughtUp.ok) return this.end()
      await fellBehind
      await this.#reader.ready()
    }
  }

  /** The last ledger, and the end. */
  end(): void {
    if (this.#response.writableEnded) return
    this.#leave()
    this.#reader.ledger(this.#place.cursor(), 'always')
    this.#response.end()
  }

  /** Who may see something else by now has to come again, from that ledger. */
  #tellNow(): void {
    const { seen, see } = this.#parts
    if (see().identity === seen.identity) this.#reader.ledger(this.#place.cursor(), 'if-read')
    else this.end()
  }

  get #isOver(): boolean {
    return this.#response.destroyed || this.#response.writableEnded
  }

  #catchUp(): Promise<Result<void, BusFailure>> {
    const { logs, seen, limits } = this.#parts
    const reader = this.#reader
    return catchUp({
      logs: seen,
      environments: reader.environments.keys(),
      cursor: this.#place.cursor(),
      point: () => logs.positions,
      take: (batch) => this.#take(batch),
      gap: (gap) => reader.hearGap(gap),
      stale: () => this.#isOver,
      pageBatches: limits.replayPageBatches,
      joined: () => {
        this.#place.goLive()
        logs.add(reader)
      },
    })
  }

  #take(batch: HeardBatch): Promise<void> {
    this.#place.moveTo(positionOf(batch.header.shared.environmentId, batch.chain))
    this.#reader.take(batch)
    return this.#reader.ready()
  }

  #leave(): void {
    clearInterval(this.#ledgers)
    this.#parts.logs.delete(this.#reader)
  }
}

/** Where a reader stands: at the batches it took while it catches up, then where the logs are. */
class ReaderPlace {
  readonly #logs: Logs
  readonly #environments: Sight
  #positions: readonly Position[] | 'live'

  constructor(logs: Logs, environments: Sight, cursor: Cursor | undefined) {
    this.#logs = logs
    this.#environments = environments
    this.#positions = this.#within(cursor ?? logs.positions)
  }

  cursor(): Cursor {
    return this.#positions === 'live' ? this.#within(this.#logs.positions) : this.#positions
  }

  moveTo(position: Position): void {
    if (this.#positions === 'live') return
    this.#positions = this.#positions.map((one) => (one.environmentId === position.environmentId ? position : one))
  }

  standAt(cursor: Cursor): void {
    this.#positions = this.#within(cursor)
  }

  goLive(): void {
    this.#positions = 'live'
  }

  #within(cursor: Cursor): readonly Position[] {
    return [...this.#environments.keys()].map((id) => standingIn(cursor, id, this.#logs.positions))
  }
}
