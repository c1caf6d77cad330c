import type { Cursor } from '../../domain/chain.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Notice, Refusal } from '../../domain/protocol.ts'
import type { Bus, BusFailure } from '../bus/bus.ts'
import type { Fanout } from './fanout.ts'
import type { EncodedMessage } from './frames.ts'
import type { Logs } from './logs.ts'
import { readPast } from './past.ts'
import type { Tail } from './tail.ts'
import { unknownEnvironments } from './unknown-environments.ts'

/** One browser's connection, in this floor's words. */
export interface ViewerSocket {
  start(message: EncodedMessage): void
  notice(notice: Notice): void
  refuse(refusal: Refusal): void
  /** Frames of the Tail from now on: with rows, or on hold without. Replaces what was joined before. */
  join(tail: string, how: 'rows' | 'held'): void
  leave(): void
}

export type ViewerParts = {
  readonly socket: ViewerSocket
  readonly fanout: Fanout
  readonly logs: Logs
  readonly bus: Bus
  readonly limits: Limits
}

/** One viewer: what it watches, and how it comes from where it stands to the Tail's live frames without hole or repeat. */
export class Viewer {
  readonly #parts: ViewerParts
  #tail: Tail | undefined
  #revision = 0
  /** Raised by each command: whatever was under way for an older one stops. */
  #turn = 0

  constructor(parts: ViewerParts) {
    this.#parts = parts
  }

  async watch(revision: number, text: string, cursor: Cursor | undefined): Promise<void> {
    const turn = ++this.#turn
    const { socket, fanout } = this.#parts
    const filter = parseFilter(text)
    if (!filter.ok) return socket.refuse({ reason: 'filter', revision, error: filter.error })
    const acquired = await fanout.acquire(filter.value)
    if (!acquired.ok) return this.#unavailable(acquired.error, turn)
    if (turn !== this.#turn) return fanout.release(acquired.value)
    this.#replaceTail(acquired.value)
    this.#revision = revision
    const notice = unknownEnvironments(filter.value, this.#parts.logs.environments)
    if (notice) socket.notice(notice)
    await this.#start(acquired.value, revision, cursor, turn)
  }

  /** No rows until `resume`. */
  hold(): void {
    this.#turn++
    if (this.#tail) this.#parts.socket.join(this.#tail.id, 'held')
  }

  async resume(cursor: Cursor): Promise<void> {
    const turn = ++this.#turn
    if (!this.#tail) return this.#parts.socket.refuse({ reason: 'message', message: 'resume comes after watch' })
    await this.#start(this.#tail, this.#revision, cursor, turn)
  }

  close(): void {
    this.#turn++
    this.#replaceTail(undefined)
  }

  #replaceTail(tail: Tail | undefined): void {
    this.#parts.socket.leave()
    if (this.#tail) this.#parts.fanout.release(this.#tail)
    this.#tail = tail
  }

  async #start(tail: Tail, revision: number, cursor: Cursor | undefined, turn: number): Promise<void> {
    const { socket, bus, logs, limits } = this.#parts
    socket.leave()
    const stale = (): boolean => turn !== this.#turn
    const read = await readPast({ bus, logs, limits, tail, revision, cursor, stale }, (start) => {
      socket.start(start)
      socket.join(tail.id, 'rows')
    })
    if (!read.ok) this.#unavailable(read.error, turn)
  }

  #unavailable(failure: BusFailure, turn: number): void {
    if (turn !== this.#turn) return
    const retryInMs = this.#parts.limits.busHalfOpenMs
    this.#parts.socket.refuse({ reason: 'unavailable', message: failure.message, retryInMs })
  }
}
