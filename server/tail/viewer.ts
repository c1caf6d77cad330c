import type { Cursor } from '../../domain/chain.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Notice, Refusal } from '../../domain/protocol.ts'
import type { BusFailure } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Fanout } from './fanout.ts'
import { findRow } from './find.ts'
import { type EncodedMessage, encodeFound, encodeLoaded, encodeOlder } from './frames.ts'
import { readOlder } from './older.ts'
import { readPast } from './past.ts'
import { PresenceClock } from './presence.ts'
import { readRange } from './range.ts'
import type { SeenLogs } from './seen-logs.ts'
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
  /** The logs as this viewer may see them now: asked for each command, and now and then. */
  readonly see: () => SeenLogs
  /** It watches something from now on. */
  readonly watched: (filter: Filter) => void
  readonly limits: Limits
  readonly clock: Clock
  /** Bounds how many viewers' pasts are read at once. */
  readonly turnstile: Turnstile
}

type Watched = { readonly tail: Tail; readonly seen: SeenLogs; readonly text: string; readonly filter: Filter }

/** One viewer: what it watches, and how it comes from where it stands to the Tail's live frames without hole or repeat. */
export class Viewer {
  readonly #parts: ViewerParts
  readonly #presence: PresenceClock
  #watched: Watched | undefined
  #revision = 0
  /** Raised by each command that wants a start: whatever was under way for an older one stops. */
  #turn = 0
  #starting = false
  #wantsHold = false
  /** It was asked to come back from a large start, so its next one has to be small. */
  #joinsNext = false
  /** When it was last looked whether it may still see what it watches. */
  #sightMs = 0

  constructor(parts: ViewerParts) {
    this.#parts = parts
    this.#presence = new PresenceClock(parts.limits)
  }

  async watch(revision: number, text: string, cursor: Cursor | undefined): Promise<void> {
    const { socket, fanout, see } = this.#parts
    const seen = see()
    const filter = seen.read(text)
    if (!filter.ok) return socket.refuse({ reason: 'filter', revision, error: filter.error })
    this.#parts.watched(filter.value)
    const turn = this.#begin()
    const acquired = await fanout.acquire(filter.value, seen)
    if (!acquired.ok) return this.#unavailable(acquired.error, turn)
    if (turn !== this.#turn) return fanout.release(acquired.value)
    const watched = { tail: acquired.value, seen, text, filter: filter.value }
    this.#replace(watched)
    this.#joinsNext = false
    this.#revision = revision
    await this.#start(watched, cursor, turn)
  }

  /** No rows until `resume`; a start that is under way still comes first. */
  hold(): void {
    this.#wantsHold = true
    this.#joinsNext = false
    if (this.#watched && !this.#starting) this.#join(this.#watched.tail, 'held')
  }

  /** Who may see something else by now watches the same filter within that. */
  async resume(cursor: Cursor): Promise<void> {
    const watched = this.#watched
    if (!watched || this.#starting) {
      return this.#parts.socket.refuse({ reason: 'message', message: 'resume comes after a start' })
    }
    if (this.#seesThat(watched)) return this.#start(watched, cursor, this.#begin())
    this.#replace(undefined)
    await this.watch(this.#revision, watched.text, cursor)
  }

  /** Matching rows between two cursors; nothing else is interrupted by it. */
  async load(from: Cursor, to: Cursor): Promise<void> {
    const { socket, limits, turnstile, see } = this.#parts
    const watched = this.#watched
    if (!watched) return socket.refuse({ reason: 'message', message: 'load comes after watch' })
    const seen = see()
    const { matcher, environments } = seen.compile(watched.filter)
    const within = to.filter((position) => environments.has(position.environmentId))
    const stale = (): boolean => watched !== this.#watched
    const { loadRows: rows, replayBytes: bytes } = limits
    const range = await turnstile.pass(() => readRange({ logs: seen, matcher, from, to: within, rows, bytes, stale }))
    if (stale()) return
    if (!range.ok) return this.#unavailable(range.error, this.#turn)
    const { matches, reached, complete, gaps } = range.value
    socket.loaded(encodeLoaded({ from, to: reached, complete, gaps }, matches))
  }

  /** The newest matching rows before a cursor; nothing else is interrupted by it. */
  async older(from: Cursor): Promise<void> {
    const { socket, limits, turnstile, see } = this.#parts
    const watched = this.#watched
    if (!watched) return socket.refuse({ reason: 'message', message: 'older comes after watch' })
    const seen = see()
    const { matcher, environments } = seen.compile(watched.filter)
    const within = from.filter((position) => environments.has(position.environmentId))
    const stale = (): boolean => watched !== this.#watched
    const older = await turnstile.pass(() => readOlder({ logs: seen, matcher, from: within, limits, stale }))
    if (stale()) return
    if (!older.ok) return this.#unavailable(older.error, this.#turn)
    const { matches, reached, complete } = older.value
    socket.older(encodeOlder({ from, to: reached, complete }, [...matches].reverse()))
  }

  /** One row by its id: a link may name one that is older than all that was sent. */
  async find(id: string): Promise<void> {
    const { socket, turnstile, see } = this.#parts
    const seen = see()
    const found = await turnstile.pass(() => findRow(seen, id))
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
    const nowMs = clock.monotonicMs()
    const news = this.#presence.check(nowMs)
    if (news === 'silent') socket.leave()
    if (news === 'gone') socket.terminate()
    this.#checkSight(nowMs)
  }

  /** Whether it was taken out of its room because it does not read. */
  get isSilent(): boolean {
    return this.#presence.presence === 'silent'
  }

  close(): void {
    this.#turn++
    this.#replace(undefined)
  }

  /** One who may see something else since is sent nothing more, and told to come back from where it stands. */
  #checkSight(nowMs: number): void {
    if (!this.#watched || this.#starting || nowMs - this.#sightMs < this.#parts.limits.heartbeatMs) return
    this.#sightMs = nowMs
    if (this.#seesThat(this.#watched)) return
    this.#leave()
    this.#parts.socket.behind()
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

  #replace(watched: Watched | undefined): void {
    this.#leave()
    if (this.#watched) this.#parts.fanout.release(this.#watched.tail)
    this.#watched = watched
  }

  /** Whether it may still see what it watches, and nothing else. */
  #seesThat({ seen }: Watched): boolean {
    return this.#parts.see().identity === seen.identity
  }

  async #start({ tail, seen, filter }: Watched, cursor: Cursor | undefined, turn: number): Promise<void> {
    const { socket, turnstile } = this.#parts
    this.#leave()
    const stale = (): boolean => turn !== this.#turn
    const revision = this.#revision
    const limits = { ...this.#parts.limits, replayBytes: this.#rowBytes() }
    const unknown = unknownEnvironments(filter, seen.environments)
    const past = { logs: seen, limits, tail, revision, unknownEnvironments: unknown, cursor, stale }
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
