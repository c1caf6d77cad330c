import { onTestFinished } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import type { Cursor, Gap } from '../../domain/chain.ts'
import { hearFrame, hearGap, type Ledger, openLedger, resumeLedger } from '../../domain/ledger.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import type { Frame, LoadedOlder, Notice, Refusal, RowGroup, Start } from '../../domain/protocol.ts'
import { rowsOf } from '../../domain/rows.ts'
import type { Bus } from '../bus/bus.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { systemClock } from '../clock.ts'
import { FacetCounter } from './facets.ts'
import { Fanout, type Rooms } from './fanout.ts'
import { Logs } from './logs.ts'
import { seeAll, testMasks } from './sight.fixture.ts'
import { Turnstile } from './turnstile.ts'
import { Viewer, type ViewerSocket } from './viewer.ts'

/** A viewer without a network: joins, starts and frames happen in the turn in which the server says them. */
export class NearViewer implements ViewerSocket {
  readonly starts: Start[] = []
  readonly frames: Frame[] = []
  readonly gaps: Gap[] = []
  readonly notices: Notice[] = []
  readonly refusals: Refusal[] = []
  readonly olders: LoadedOlder[] = []
  readonly ids: string[] = []
  readonly keys: string[] = []
  readonly viewer: Viewer
  room: { tail: string; how: 'rows' | 'held' } | undefined
  cursor: Cursor = []
  ledger: Ledger | undefined
  #resuming = false

  constructor(open: (socket: ViewerSocket) => Viewer) {
    this.viewer = open(this)
  }
  async watch(filter = '', cursor?: Cursor, revision = 1): Promise<void> {
    this.#resuming = cursor !== undefined && this.ledger !== undefined
    await this.viewer.watch(revision, filter, cursor)
  }
  async resume(): Promise<void> {
    this.#resuming = true
    await this.viewer.resume(this.cursor)
  }
  start(message: { readonly text: string }): void {
    const start: Start = JSON.parse(message.text)
    this.starts.push(start)
    this.cursor = start.cursor
    const received = this.#take(start.rows)
    this.ledger =
      this.#resuming && this.ledger ? resumeLedger(this.ledger, start, received) : openLedger(start, received)
  }
  frame(frame: Frame): void {
    this.frames.push(frame)
    if (frame.cursor.length > 0) this.cursor = frame.cursor
    if (this.ledger) this.ledger = hearFrame(this.ledger, frame, this.#take(frame.rows))
  }
  gap(gap: Gap): void {
    this.gaps.push(gap)
    if (this.ledger) this.ledger = hearGap(this.ledger, gap)
  }
  notice(notice: Notice): void {
    this.notices.push(notice)
  }
  refuse(refusal: Refusal): void {
    this.refusals.push(refusal)
  }
  loaded(): void {}
  older(message: { readonly text: string }): void {
    this.olders.push(JSON.parse(message.text))
  }
  found(): void {}
  behind(): void {
    void this.resume()
  }
  whenDrained(run: () => void): void {
    setImmediate(run)
  }
  terminate(): void {}
  join(tail: string, how: 'rows' | 'held'): void {
    this.room = { tail, how }
  }
  leave(): void {
    this.room = undefined
  }
  #take(groups: readonly RowGroup[]): number {
    const rows = groups.flatMap(rowsOf)
    this.ids.push(...rows.map(({ id }) => id))
    this.keys.push(...rows.map(({ impression }) => impression.key))
    return rows.length
  }
}

export function openHarness(options: { limits?: Partial<Limits>; environments?: readonly string[]; bus?: Bus } = {}) {
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const environments = (options.environments ?? ['development']).map((id) => ({ id, name: id }))
  const bus = options.bus ?? openMemoryBus({ limits, environments: environments.length, now: Date.now })
  const viewers = new Set<NearViewer>()
  const tell = (tail: string, hows: readonly string[], act: (viewer: NearViewer) => void): void => {
    for (const one of viewers) if (one.room?.tail === tail && hows.includes(one.room.how)) act(one)
  }
  const rooms: Rooms = {
    isEmpty: (tail) => ![...viewers].some((one) => one.room?.tail === tail && one.room.how === 'rows'),
    frame: (tail, frame) => tell(tail, ['rows'], (one) => one.frame(JSON.parse(frame.text))),
    held: (tail, frame) => tell(tail, ['held'], (one) => one.frame(frame)),
    gap: (tail, gap) => tell(tail, ['rows'], (one) => one.gap(gap)),
    facets: () => {},
  }
  const facets = new FacetCounter(limits, systemClock)
  const logs: Logs = new Logs({
    bus,
    environments,
    limits,
    masks: testMasks,
    heard: (header) => facets.count(header),
    gapTold: () => fanout.turn(),
    unfollowed: () => {},
    failed: (error) => {
      throw error
    },
  })
  const fanout: Fanout = new Fanout({ logs, facets, rooms, limits, clock: systemClock, random: Math.random })
  onTestFinished(() => fanout.close())
  const seen = seeAll(bus, logs)
  const turnstile = new Turnstile(limits.replaysAtOnce)
  const view = (): NearViewer => {
    const one = new NearViewer(
      (socket) =>
        new Viewer({ socket, fanout, see: () => seen, watched: () => {}, limits, clock: systemClock, turnstile }),
    )
    viewers.add(one)
    return one
  }
  return { bus, logs, fanout, limits, view, viewers, facets }
}

/** A bus whose pub/sub can be muted, and whose log can be exchanged for an empty one of another epoch. */
export class PlayBus implements Bus {
  current: Bus
  muted = false
  readonly calls = { before: 0, after: 0, head: 0 }
  beforeDelay: (() => Promise<void>) | undefined
  afterDelay: (() => Promise<void>) | undefined
  readonly #open: () => Bus
  readonly #hearers = new Set<(batch: ChainedBatch) => void>()
  constructor(limits: Partial<Limits> = {}) {
    this.#open = () => openMemoryBus({ limits: { ...defaultLimits, ...limits }, environments: 1, now: Date.now })
    this.current = this.#open()
    this.#listen()
  }
  #listen(): void {
    void this.current.subscribe('development', (batch) => {
      if (!this.muted) this.hear(batch)
    })
  }
  /** Brings a batch to all who listen, whether or not it is in the log. */
  hear(batch: ChainedBatch): void {
    for (const hear of this.#hearers) hear(batch)
  }
  restart(): void {
    this.current = this.#open()
    this.#listen()
  }
  append: Bus['append'] = (id, batches) => this.current.append(id, batches)
  subscribe: Bus['subscribe'] = async (_, hear) => {
    this.#hearers.add(hear)
    return { ok: true, value: async () => void this.#hearers.delete(hear) }
  }
  head: Bus['head'] = (id) => {
    this.calls.head++
    return this.current.head(id)
  }
  after: Bus['after'] = async (id, position) => {
    this.calls.after++
    await this.afterDelay?.()
    return this.current.after(id, position)
  }
  before: Bus['before'] = async (id, offset) => {
    this.calls.before++
    await this.beforeDelay?.()
    return this.current.before(id, offset)
  }
  watchState: Bus['watchState'] = (told) => this.current.watchState(told)
  close: Bus['close'] = () => this.current.close()
}
