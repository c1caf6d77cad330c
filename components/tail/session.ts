import { narrows } from '../../domain/filter/edit.ts'
import type { Facets, Found, Frame, Refusal, Notice as ServerNotice, Start } from '../../domain/protocol.ts'
import { countRows, rowsOf, type TailRow } from '../../domain/rows.ts'
import type { Clock } from './clock.ts'
import type { Entry, RowEntry } from './entry.ts'
import { Gauge } from './gauge.ts'
import { Hints } from './hints.ts'
import { Intake } from './intake.ts'
import type { OlderRows } from './kept-rows.ts'
import { Loads } from './loads.ts'
import type { Began } from './notice.ts'
import { Patience } from './patience.ts'
import { RateMeter } from './rate.ts'
import { RateHistory } from './rate-history.ts'
import { emptySearch, type Search } from './search.ts'
import type { Connection, Hears, TailSocket } from './tail-socket.ts'
import type { FirstRun } from './view.ts'
import { Watch } from './watch.ts'

export type SessionParts = {
  readonly connect: (hears: Hears) => TailSocket
  readonly clock: Clock
  /** Rows that the browser holds. */
  readonly capacity: number
  /** How long the first impression is named before the table comes. */
  readonly flipMs: number
}

export type SessionTells = {
  /** The server has answered; `new` = for another filter than before. */
  readonly started: (answer: 'new' | 'resumed') => void
  /** Rows came to stand in the place of a marker, oldest first, with what is left of it. */
  readonly filled: (markerId: string, entries: readonly Entry[]) => void
  /** Rows came to stand below all others, so many of them new to the books. */
  readonly extended: (older: OlderRows, counted: number) => void
  /** The log has a row that was asked for, or has it no more. */
  readonly found: (id: string, row: RowEntry | undefined) => void
  /** Something that is shown is different; cheap to call for each frame. */
  readonly changed: () => void
  /** The first impression has come, or was named for long enough and its row is next. */
  readonly first: (firstRun: FirstRun, row: TailRow | undefined) => void
}

/** A server of the version before tells fewer fields. */
const noFacet = { values: [], other: 0 }
const noFacets: Facets = {
  environments: noFacet,
  flags: noFacet,
  treatments: noFacet,
  labels: noFacet,
  sdks: noFacet,
  machines: noFacet,
}

/** What is between this page and the server: the socket, the conversation over it, and what came of it. */
export class Session {
  readonly intake: Intake
  readonly meter = new RateMeter()
  readonly gauge = new Gauge()
  readonly history = new RateHistory()
  readonly hints = new Hints()
  readonly loads: Loads
  readonly #parts: SessionParts
  readonly #tells: SessionTells
  readonly #watch: Watch
  readonly #waits: Patience<'ask' | 'flip'>
  #socket: TailSocket | undefined
  #connection: Connection
  #lostMs: number | undefined
  #asked: Search
  #heldSearch = emptySearch
  /** Id of a row that the server was asked for, or will be. */
  #sought: string | undefined
  #facets: Facets | undefined
  #refusal: Refusal | undefined
  #said: readonly ServerNotice[] = []
  #unknownEnvironments: readonly string[] = []
  #began: Began = { atMs: 0, backfilled: 0, older: false }
  #firstRun: FirstRun = { kind: 'over' }

  constructor(parts: SessionParts, search: Search, tells: SessionTells) {
    this.#parts = parts
    this.#tells = tells
    this.intake = new Intake(parts.capacity)
    this.#waits = new Patience(parts.clock)
    this.#connection = { kind: 'connecting', sinceMs: parts.clock.now() }
    this.#asked = search
    const say: TailSocket['say'] = (name, ...message) => this.#socket?.say(name, ...message)
    this.loads = new Loads(this.intake, say)
    this.#watch = new Watch(say, search.canonical)
  }

  get connection(): Connection {
    return this.#connection
  }
  get facets(): Facets | undefined {
    return this.#facets
  }
  get refusal(): Refusal | undefined {
    return this.#refusal
  }
  get said(): readonly ServerNotice[] {
    return this.#said
  }
  /** What the filter calls an environment, and none is called. */
  get unknownEnvironments(): readonly string[] {
    return this.#unknownEnvironments
  }
  get firstRun(): FirstRun {
    return this.#firstRun
  }
  /** When and with what the counts of this filter began. */
  get began(): Began {
    return this.#began
  }
  get holding(): boolean {
    return this.#watch.holding
  }
  /** The filter that all held rows have passed. */
  get heldSearch(): Search {
    return this.#heldSearch
  }
  /** Matches known, those that wait on the server included. */
  get matched(): number {
    const ledger = this.intake.ledger
    return ledger ? ledger.books.matched + ledger.waiting : 0
  }

  open(): void {
    this.#socket = this.#parts.connect({
      connection: (connection) => this.#hearConnection(connection),
      start: (start) => this.#hearStart(start),
      frame: (frame) => this.#hearFrame(frame),
      loaded: (loaded) =>
        this.#change(() => {
          const filled = this.loads.hear(loaded)
          if (filled) this.#tells.filled(filled.markerId, filled.entries)
        }),
      older: (older) => this.#change(() => this.#hearOlder(older)),
      found: (found) => this.#hearFound(found),
      behind: () => this.#watch.hearBehind(),
      gap: (gap) => this.#change(() => this.intake.hearGap(gap)),
      facets: (facets) => this.#change(() => (this.#facets = { ...noFacets, ...facets })),
      notice: (notice) => this.#change(() => this.#hearNotice(notice)),
      refused: (refusal) => this.#change(() => this.#hearRefusal(refusal)),
      drain: () => {}, // the socket's own affair
    })
  }

  close(): void {
    this.#waits.close()
    this.#socket?.close()
    this.#socket = undefined
    this.#watch.lost()
  }

  /** Watches another filter. */
  want(search: Search): void {
    this.#asked = search
    if (search.canonical === this.#watch.filter) return
    this.#refusal = undefined
    this.#unknownEnvironments = []
    this.#watch.want(search.canonical)
  }

  /** Asks for the rows that a marker stands for, unless others are being loaded. */
  load(markerId: string): void {
    if (this.#connection.kind === 'connected') this.loads.ask(markerId)
  }

  /** Asks the log for one row; once there is a server to ask. */
  find(id: string): void {
    this.#sought = id
    if (this.#connection.kind === 'connected') this.#socket?.say('find', { id })
  }

  /** Somebody does not want to wait for the next try. */
  retry(): void {
    if (this.#connection.kind === 'connected') this.#watch.ask()
    else this.#socket?.retry()
  }

  /** Whether rows should wait on the server. */
  hold(wanted: boolean): void {
    this.#watch.hold(wanted)
  }

  #change(change: () => unknown): void {
    change()
    this.#tells.changed()
  }

  #hearConnection(connection: Connection): void {
    const before = this.#connection
    this.#connection = connection
    if (connection.kind === 'connected' && before.kind !== 'connected') {
      this.#lostMs = before.sinceMs
      this.#refusal = undefined
      this.#said = [] // the server tells again what still holds
      this.#watch.connected()
    }
    if (connection.kind !== 'connected' && before.kind === 'connected') {
      this.#watch.lost()
      this.loads.forget()
      this.history.lose(this.#parts.clock.now())
    }
    this.#tells.changed()
  }

  #hearStart(start: Start): void {
    const answer = this.#watch.hearStart(start)
    if (!answer) return
    const awayMs = this.#lostMs === undefined ? 0 : this.#parts.clock.now() - this.#lostMs
    this.#lostMs = undefined
    this.loads.forget()
    if (answer === 'new') this.#begin(start)
    else this.intake.resume(start, awayMs)
    this.history[answer === 'new' ? 'begin' : 'resume'](start, this.#parts.clock.now())
    this.hints.hear(start.rows)
    this.#refusal = undefined
    this.#unknownEnvironments = start.unknownEnvironments
    this.#lookForFirst(start.cursor)
    const newestMs = start.replayed.matched > 0 ? this.intake.newestMs(start) : undefined
    this.#read((reading) => this.meter.reset(reading, newestMs))
    if (this.#sought !== undefined) this.find(this.#sought) // it was asked for when nobody could answer
    this.#tells.started(answer)
  }

  #begin(start: Start): void {
    const keeps = narrows(this.#asked.filter, this.#heldSearch.filter) ? this.#asked.passes : undefined
    this.intake.begin(start, keeps, this.#asked.filter.terms.length === 0)
    this.#began = { atMs: this.#parts.clock.now(), backfilled: start.replayed.matched, older: !start.complete }
    this.#heldSearch = this.#asked
    const known = new Set(start.cursor.map((position) => position.environmentId))
    const nobody = start.cursor.length > 0 && start.cursor.every((position) => position.cumulative === 0)
    if (!nobody || !start.environments.every((environment) => known.has(environment.id))) return
    if (this.#firstRun.kind === 'over') this.#firstRun = { kind: 'waiting', sinceMs: this.#parts.clock.now() }
  }

  #hearFrame(frame: Frame): void {
    if (!this.#watch.hearFrame(frame)) return
    this.#watch.acknowledge(frame.sequence, this.#parts.clock.now())
    this.gauge.take(countRows(frame.rows), () => this.intake.hear(frame))
    this.history.hear(frame, this.#parts.clock.now())
    this.hints.hear(frame.rows)
    this.#lookForFirst(frame.cursor)
    this.#read((reading) => this.meter.read(reading))
    this.#tells.changed()
  }

  #read(take: (reading: Parameters<RateMeter['read']>[0]) => void): void {
    const sampledOut = this.intake.ledger?.books.sampledOut ?? 0
    take({ atMs: this.#parts.clock.now(), matched: this.matched, sampledOut })
  }

  /** The first impression ends the first run: it is named for a moment, and then the table comes. */
  #lookForFirst(cursor: Start['cursor']): void {
    if (this.#firstRun.kind !== 'waiting' || cursor.every((position) => position.cumulative === 0)) return
    const row = this.intake.first
    const turn = (firstRun: FirstRun) => {
      this.#firstRun = firstRun
      this.#tells.first(firstRun, row)
    }
    turn(row ? { kind: 'arrived', row: { ...row, kind: 'impression' } } : { kind: 'over' })
    this.#waits.wait('flip', this.#parts.flipMs, () => turn({ kind: 'over' }))
  }

  #hearOlder(loaded: Parameters<Hears['older']>[0]): void {
    const taken = this.loads.hearOlder(loaded)
    if (!taken) return
    const { older, counted } = taken
    this.meter.countOlder(counted)
    this.#began = { ...this.#began, backfilled: this.#began.backfilled + counted, older: older.end !== undefined }
    this.#tells.extended(older, counted)
  }

  #hearFound({ id, rows }: Found): void {
    if (id !== this.#sought) return
    this.#sought = undefined
    const row = rows.flatMap(rowsOf)[0]
    this.#tells.found(id, row && { ...row, kind: 'impression' })
  }

  #hearNotice(notice: ServerNotice): void {
    this.#said = notice.kind === 'bus-down' ? [notice] : []
  }

  #hearRefusal(refusal: Refusal): void {
    if (refusal.reason === 'filter' && refusal.revision !== this.#watch.revision) return
    this.#refusal = refusal
    this.loads.forget()
    if (refusal.reason !== 'unavailable' && refusal.reason !== 'full') return
    this.#waits.wait('ask', refusal.retryInMs, () => {
      if (this.#connection.kind === 'connected' && this.#refusal === refusal) this.#watch.ask()
    })
  }
}
