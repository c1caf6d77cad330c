import type { Cursor } from '../../domain/chain.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Notice, Refusal } from '../../domain/protocol.ts'
import type { Bus, BusFailure } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Fanout } from './fanout.ts'
import { findRow } from './find.ts'
import { type EncodedMessage, encodeFound, encodeLoaded, encodeOlder } from './frames.ts'
import type { Logs } from './logs.ts'
import { readOlder } from './older.ts'
import { readPast } from './past.ts'
import { PresenceClock } from './presence.ts'
import { readRange } from './range.ts'
import type { Tail } from './tail.ts'
import type { Turnstile } from './turnstile.ts'
import { unknownEnvironments } from './unknown-environments.ts'

/** One browser's connection, in this floor's words. */
export interface ViewerSocket {
  start(message: EncodedMessage): void
  loaded(message: EncodedMessage): void
  older(message: EncodedMessage): void
  found(message: EncodedMessage): void
  behind(): void
  notice(notice: Notice): void
  refuse(refusal: Refusal): void
  /** Frames of the Tail from now on: with rows, or on hold without. Replaces what was joined before. */
  join(tail: string, how: 'rows' | 'held'): void
  leave(): void
  /** Calls back once everything that was sent has left this process. */
  whenDrained(run: () => void): void
  /** Ends the connection at once, whatever waits in it. */
  terminate(): void
}

export type ViewerParts = {
  readonly socket: ViewerSocket
  readonly fanout: Fanout
  readonly logs: Logs
  readonly bus: Bus
  readonly limits: Limits
  readonly clock: Clock
  /** Bounds how many viewers' pasts are read at once. */
  readonly turnstile: Turnstile
}

/** One viewer: what it watches, and how it comes from where it stands to the Tail's live frames without hole or repeat. */
export class Viewer {
  readonly #parts: ViewerParts
  readonly #presence: PresenceClock
  #tail: Tail | undefined
  #revision = 0
  #unknownEnvironments: readonly string[] = []
  /** Raised by each command that wants a start: whatever was under way for an older one stops. */
  #turn = 0
  #starting = false
  #wantsHold = false
  /** It was asked to come back from a large start, so its next one has to be small. */
  #joinsNext = false

  constructor(parts: ViewerParts) {
    this.#parts = parts
    this.#presence = new PresenceClock(parts.limits)
  }

  async watch(revision: number, text: string, cursor: Cursor | undefined): Promise<void> {
    const { socket, fanout, logs } = this.#parts
    const filter = parseFilter(text)
    if (!filter.ok) return socket.refuse({ reason: 'filter', revision, error: filter.error })
    const turn = this.#begin()
    const acquired = await fanout.acquire(filter.value)
    if (!acquired.ok) return this.#unavailable(acquired.error, turn)
    if (turn !== this.#turn) return fanout.release(acquired.value)
    this.#replaceTail(acquired.value)
    this.#joinsNext = false
    this.#revision = revision
    this.#unknownEnvironments = unknownEnvironments(filter.value, logs.environments)
    await this.#start(acquired.value, cursor, turn)
  }

  /** No rows until `resume`; a start that is under way still comes first. */
  hold(): void {
    this.#wantsHold = true
    this.#joinsNext = false
    if (this.#tail && !this.#starting) this.#join(this.#tail, 'held')
  }

  async resume(cursor: Cursor): Promise<void> {
    if (!this.#tail || this.#starting) {
      return this.#parts.socket.refuse({ reason: 'message', message: 'resume comes after a start' })
    }
    await this.#start(this.#tail, cursor, this.#begin())
  }

  /** Matching rows between two cursors; nothing else is interrupted by it. */
  async load(from: Cursor, to: Cursor): Promise<void> {
    const { socket, bus, limits, turnstile } = this.#parts
    const tail = this.#tail
    if (!tail) return socket.refuse({ reason: 'message', message: 'load comes after watch' })
    const within = to.filter((position) => tail.environments.has(position.environmentId))
    const stale = (): boolean => tail !== this.#tail
    const wanted = {
      bus,
      matcher: tail.matcher,
      from,
      to: within,
      rows: limits.loadRows,
      bytes: limits.replayBytes,
      stale,
    }
    const range = await turnstile.pass(() => readRange(wanted))
    if (stale()) return
    if (!range.ok) return this.#unavailable(range.error, this.#turn)
    const { matches, reached, complete, gaps } = range.value
    socket.loaded(encodeLoaded({ from, to: reached, complete, gaps }, matches))
  }

  /** The newest matching rows before a cursor; nothing else is interrupted by it. */
  async older(from: Cursor): Promise<void> {
    const { socket, bus, limits, turnstile } = this.#parts
    const tail = this.#tail
    if (!tail) return socket.refuse({ reason: 'message', message: 'older comes after watch' })
    const within = from.filter((position) => tail.environments.has(position.environmentId))
    const stale = (): boolean => tail !== this.#tail
    const older = await turnstile.pass(() => readOlder({ bus, matcher: tail.matcher, from: within, limits, stale }))
    if (stale()) return
    if (!older.ok) return this.#unavailable(older.error, this.#turn)
    const { matches, reached, complete } = older.value
    socket.older(encodeOlder({ from, to: reached, complete }, [...matches].reverse()))
  }

  /** One row by its id: a link may name one that is older than all that was sent. */
  async find(id: string): Promise<void> {
    const { socket, logs, turnstile } = this.#parts
    const found = await turnstile.pass(() => findRow(logs, id))
    if (found.ok) socket.found(encodeFound({ id }, found.value))
    else this.#unavailable(found.error, this.#turn)
  }

  /** The viewer reads. One that was taken out of its room is told to come back from where it stands. */
  ack(): void {
    if (this.#presence.hear(this.#parts.clock.monotonicMs())) this.#parts.socket.behind()
  }

  /** To be called now and then: a viewer that does not read leaves its room, and later is hung up on. */
  checkPresence(): void {
    const { socket, clock } = this.#parts
    const news = this.#presence.check(clock.monotonicMs())
    if (news === 'silent') socket.leave()
    if (news === 'gone') socket.terminate()
  }

  /** Whether it was taken out of its room because it does not read. */
  get isSilent(): boolean {
    return this.#presence.presence === 'silent'
  }

  close(): void {
    this.#turn++
    this.#replaceTail(undefined)
  }

  #begin(): number {
    this.#starting = true
    this.#wantsHold = false
    return ++this.#turn
  }

  #join(tail: Tail, how: 'rows' | 'held'): void {
    this.#parts.socket.join(tail.id, how)
    this.#presence.join(this.#parts.clock.monotonicMs())
  }

  /**
   * A small start leaves in this very turn. While a large one is on its way every frame would be dropped, so its viewer
   * joins only afterwards, by way of `behind`: it comes back from the start's cursor for what came since. Of that it gets
   * no more than a small start holds: where much comes in, it would be sent large ones for ever and never join.
   */
  #joinBehind(start: EncodedMessage, tail: Tail, turn: number): void {
    const { socket, limits } = this.#parts
    const joins = this.#wantsHold || this.#joinsNext || start.text.length <= limits.startBytes
    this.#joinsNext = !joins
    if (joins) {
      this.#join(tail, this.#wantsHold ? 'held' : 'rows')
    } else {
      socket.whenDrained(() => {
        if (turn === this.#turn && !this.#wantsHold) socket.behind()
      })
    }
  }

  /** Bytes of rows in the next start; the message is about that again larger at most. */
  #rowBytes(): number {
    const { replayBytes, startBytes } = this.#parts.limits
    return this.#joinsNext ? Math.min(replayBytes, startBytes / 2) : replayBytes
  }

  #leave(): void {
    this.#parts.socket.leave()
    this.#presence.leave()
  }

  #replaceTail(tail: Tail | undefined): void {
    this.#leave()
    if (this.#tail) this.#parts.fanout.release(this.#tail)
    this.#tail = tail
  }

  async #start(tail: Tail, cursor: Cursor | undefined, turn: number): Promise<void> {
    const { socket, bus, logs, turnstile } = this.#parts
    this.#leave()
    const stale = (): boolean => turn !== this.#turn
    const revision = this.#revision
    const limits = { ...this.#parts.limits, replayBytes: this.#rowBytes() }
    const past = { bus, logs, limits, tail, revision, unknownEnvironments: this.#unknownEnvironments, cursor, stale }
    const read = await turnstile.pass(() =>
      readPast(past, (start) => {
        this.#starting = false
        socket.start(start)
        this.#joinBehind(start, tail, turn)
      }),
    )
    if (!read.ok) this.#unavailable(read.error, turn)
  }

  #unavailable(failure: BusFailure, turn: number): void {
    if (turn !== this.#turn) return
    this.#starting = false
    const retryInMs = this.#parts.limits.busHalfOpenMs
    this.#parts.socket.refuse({ reason: 'unavailable', message: failure.message, retryInMs })
  }
}
