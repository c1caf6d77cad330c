import { browserClock } from '../../components/tail/clock.ts'
import type { Entry } from '../../components/tail/entry.ts'
import { emptySearch, readSearch } from '../../components/tail/search.ts'
import { Session } from '../../components/tail/session.ts'
import { type Hears, openTailSocket, type TailSocket } from '../../components/tail/tail-socket.ts'
import type { Cursor, Gap } from '../../domain/chain.ts'
import type { Books } from '../../domain/ledger.ts'
import type { Frame, Start } from '../../domain/protocol.ts'
import { rowsOf } from '../../domain/rows.ts'
import { booksProblem } from '../model/books.fixture.ts'

/** Never offline. */
const network = { online: () => true, hope: () => () => {} }

/** A page without a screen: the product's own socket, session and books, in real time. */
export class RollingPage {
  /** '' for everything. */
  readonly flag: string
  readonly gaps: Gap[] = []
  /** Where its books did not add up. */
  readonly wrong: string[] = []
  /** How often each thing befell it; drained: its server said that it leaves. */
  readonly counts = { connected: 0, drained: 0, resumed: 0 }
  readonly #session: Session
  #begins: { readonly cursor: Cursor; readonly rows: number } | undefined
  #cursor: Cursor = []

  constructor(url: string, flag: string, capacity: number) {
    this.flag = flag
    const search = readSearch(flag === '' ? '' : `flag:${flag}`, emptySearch)
    const parts = { connect: (hears: Hears) => this.#connect(url, hears), clock: browserClock, capacity, flipMs: 800 }
    this.#session = new Session(parts, search, {
      started: (answer) => {
        if (answer === 'resumed') this.counts.resumed++
      },
      filled: () => {},
      extended: () => {},
      found: () => {},
      first: () => {},
      changed: () => {},
    })
    this.#session.open()
  }

  /** Where its counts began, and with how many rows; `undefined` before its first start. */
  get begins() {
    return this.#begins
  }

  get cursor(): Cursor {
    return this.#cursor
  }

  get books(): Books | undefined {
    return this.#session.intake.ledger?.books
  }

  /** Impressions of all logs that it has passed. */
  get passed(): number {
    return this.#cursor.reduce((sum, { cumulative }) => sum + cumulative, 0)
  }

  /** What it would show, oldest first. */
  get entries(): readonly Entry[] {
    return this.#session.intake.held.snapshot()
  }

  close(): void {
    this.#session.close()
  }

  #connect(origin: string, hears: Hears): TailSocket {
    const heard: Hears = {
      ...hears,
      connection: (connection) => {
        if (connection.kind === 'connected') this.counts.connected++
        hears.connection(connection)
      },
      start: (start) => this.#take(start, () => hears.start(start)),
      frame: (frame) => this.#take(frame, () => hears.frame(frame)),
      gap: (gap) => {
        this.gaps.push(gap)
        hears.gap(gap)
      },
      drain: (message) => {
        this.counts.drained++
        hears.drain(message)
      },
    }
    return openTailSocket({ hears: heard, clock: browserClock, network, origin, admit: async () => ({ kind: 'in' }) })
  }

  /** What the page took changed its ledger; anything else it dropped. */
  #take(message: Start | Frame, hear: () => void): void {
    const before = this.#session.intake.ledger
    hear()
    if (this.#session.intake.ledger === before) return
    if (message.cursor.length > 0) this.#cursor = message.cursor
    this.#begins ??= { cursor: message.cursor, rows: message.rows.flatMap(rowsOf).length }
    if ('gaps' in message) this.gaps.push(...message.gaps)
    const problem = this.books && booksProblem(this.books)
    if (problem) this.wrong.push(problem)
  }
}
