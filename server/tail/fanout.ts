import type { Gap } from '../../domain/chain.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import { printFilter } from '../../domain/filter/print.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Frame } from '../../domain/protocol.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { FacetCounter } from './facets.ts'
import { EncodedMessage, heldFrame } from './frames.ts'
import type { Logs } from './logs.ts'
import type { SeenFilter, SeenLogs } from './seen-logs.ts'
import { Tail } from './tail.ts'

/** Where the fan-out's messages go: to everybody who watches a Tail. */
export interface Rooms {
  /** Nobody is there now. */
  isEmpty(tail: string): boolean
  /** May be dropped for a viewer that is busy; sent before anything else of its turn. */
  frame(tail: string, frame: EncodedMessage): void
  /** To viewers on hold; may be dropped. */
  held(tail: string, frame: Frame): void
  /** Never dropped. */
  gap(tail: string, gap: Gap): void
  /** May be dropped. */
  facets(tail: string, facets: EncodedMessage): void
}

export type FanoutParts = {
  readonly logs: Logs
  readonly facets: FacetCounter
  readonly rooms: Rooms
  readonly limits: Limits
  readonly clock: Clock
  readonly random: () => number
}

/**
 * Holds the Tails and beats their time: a frame at once when it was quiet, then at most every tick, and at least once a
 * heartbeat. One turn emits all rooms' frames, and only then what must not be dropped.
 */
export class Fanout {
  readonly #parts: FanoutParts
  readonly #tails = new Map<string, { readonly tail: Tail; users: number }>()
  readonly #awake = new Set<Tail>()
  readonly #heartbeat: NodeJS.Timeout
  #turn: { cancel: () => void } | undefined
  #facets: NodeJS.Timeout | undefined
  #lastTurnMs = 0
  #nextId = 1

  constructor(parts: FanoutParts) {
    this.#parts = parts
    this.#heartbeat = setInterval(() => this.#beat(), parts.limits.heartbeatMs)
    this.#heartbeat.unref()
  }

  get tails(): number {
    return this.#tails.size
  }

  /** The Tail of a filter within a sight, made when nobody watches it yet. Each call wants one `release`. */
  async acquire(filter: Filter, seen: SeenLogs): Promise<Result<Tail, BusFailure>> {
    const { logs } = this.#parts
    const identity = `${seen.identity}\n${printFilter(filter)}`
    const found = seen.compile(filter)
    const followed = await logs.follow(found.environments.keys())
    if (!followed.ok) return followed
    const known = this.#tails.get(identity)
    if (known) {
      known.users++
      return ok(known.tail)
    }
    const tail = this.#make(identity, found)
    this.#tails.set(identity, { tail, users: 1 })
    logs.add(tail)
    return ok(tail)
  }

  release(tail: Tail): void {
    const known = this.#tails.get(tail.identity)
    if (!known) return
    if (--known.users === 0) {
      this.#tails.delete(tail.identity)
      this.#awake.delete(tail)
      this.#parts.logs.delete(tail)
    }
    this.#parts.logs.unfollow(tail.environments.keys())
  }

  /** Emits what is due now: rows heard before a gap leave before it, however many turns that takes. */
  turn(): void {
    this.#turn?.cancel()
    this.#turn = undefined
    this.#lastTurnMs = this.#parts.clock.monotonicMs()
    const awake = [...this.#awake]
    this.#awake.clear()
    for (const tail of awake) this.#emitFrame(tail)
    for (const tail of awake) for (const gap of tail.takeGaps()) this.#parts.rooms.gap(tail.id, gap)
  }

  close(): void {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#facets)
    this.#turn?.cancel()
  }

  #make(identity: string, found: SeenFilter): Tail {
    const { limits, random, clock } = this.#parts
    const tail: Tail = new Tail(
      { id: `t${this.#nextId++}`, identity, ...found, limits, random, wake: () => this.#wake(tail) },
      clock.monotonicMs(),
    )
    return tail
  }

  #emitFrame(tail: Tail): void {
    const { logs, clock, rooms } = this.#parts
    const frame = tail.takeFrame(logs.positions, clock.monotonicMs(), !rooms.isEmpty(tail.id))
    if (frame) rooms.frame(tail.id, frame)
  }

  /** A turn at once when the last is a tick ago, else when it will be. */
  #wake(tail: Tail): void {
    this.#awake.add(tail)
    if (this.#turn) return
    const waitMs = this.#lastTurnMs + this.#parts.limits.tickMs - this.#parts.clock.monotonicMs()
    if (waitMs <= 0) {
      const immediate = setImmediate(() => this.turn())
      this.#turn = { cancel: () => clearImmediate(immediate) }
    } else {
      const timer = setTimeout(() => this.turn(), waitMs)
      this.#turn = { cancel: () => clearTimeout(timer) }
    }
  }

  /** A frame to each Tail, so that silence means trouble; facets half a beat later, in a turn of their own. */
  #beat(): void {
    for (const { tail } of this.#tails.values()) this.#awake.add(tail)
    this.turn()
    for (const { tail } of this.#tails.values()) {
      this.#parts.rooms.held(tail.id, heldFrame(tail.id, tail.sequence, tail.totals()))
    }
    this.#facets = setTimeout(() => this.#tellFacets(), this.#parts.limits.heartbeatMs / 2)
  }

  #tellFacets(): void {
    const encoded = new Map<string, EncodedMessage>()
    for (const { tail } of this.#tails.values()) {
      const seen = [...tail.environments].join(' ')
      const facets = encoded.get(seen) ?? new EncodedMessage(JSON.stringify(this.#parts.facets.of(tail.environments)))
      encoded.set(seen, facets)
      this.#parts.rooms.facets(tail.id, facets)
    }
  }
}
