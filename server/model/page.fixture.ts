import type { Clock } from '../../components/tail/clock.ts'
import type { Marker, Skipped } from '../../components/tail/entry.ts'
import { emptySearch, readSearch } from '../../components/tail/search.ts'
import { Session } from '../../components/tail/session.ts'
import type { Hears } from '../../components/tail/tail-socket.ts'
import type { Gap } from '../../domain/chain.ts'
import type { Frame, Loaded, Start } from '../../domain/protocol.ts'
import { rowsOf } from '../../domain/rows.ts'
import { booksProblem } from './books.fixture.ts'
import { ModelLine } from './line.fixture.ts'
import { Told } from './told.fixture.ts'

/** The page's time goes so much faster, so that it acknowledges and retries in the model's small times. */
const haste = 20

const hastyClock: Clock = {
  now: () => performance.now() * haste,
  after: (ms, run) => {
    const timer = setTimeout(run, Math.max(10, ms / haste))
    return () => clearTimeout(timer)
  },
  beforePaint: (run) => {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  },
}

export type PageParts = {
  readonly name: string
  /** Rows that it holds. */
  readonly capacity: number
  /** Address of a node. */
  readonly urlOf: (node: number) => string | undefined
  /** Batches that were ever appended. */
  readonly batches: () => number
  readonly journal: (line: string) => void
}

/** A page without a screen: the product's own session and books; notes all that it is told. */
export class ModelPage {
  readonly name: string
  /** One per filter it watched, the last is the present one. */
  readonly told: Told[] = []
  /** Where its books did not add up. */
  readonly wrong: string[] = []
  readonly did = { held: 0, resumed: 0, filled: 0, elsewhere: 0 }
  readonly #parts: PageParts
  readonly #session: Session
  #line: ModelLine | undefined
  #node: number | undefined
  #lastNode: number | undefined
  #filter = ''
  #search = emptySearch
  #wantsHold = false

  constructor(parts: PageParts, node: number) {
    this.name = parts.name
    this.#parts = parts
    this.#node = node
    const session = { connect: (hears: Hears) => this.#connect(hears), clock: hastyClock, flipMs: 800 }
    this.#session = new Session({ ...session, capacity: parts.capacity }, emptySearch, {
      started: (answer) => {
        if (answer === 'resumed') this.did.resumed++
      },
      filled: () => {
        this.did.filled++
      },
      extended: () => {},
      found: () => {},
      changed: () => {},
      first: () => {},
    })
    this.#session.open()
  }

  get line(): ModelLine {
    if (!this.#line) throw new Error('the page has not opened its line')
    return this.#line
  }

  get node(): number | undefined {
    return this.#node
  }

  get filter(): string {
    return this.#filter
  }

  get books() {
    return this.#session.intake.ledger?.books
  }

  get waiting(): number {
    return this.#session.intake.ledger?.waiting ?? 0
  }

  get latest(): Told | undefined {
    return this.told.at(-1)
  }

  get markers(): readonly Marker[] {
    return this.#session.intake.held.snapshot().filter((entry) => entry.kind !== 'impression')
  }

  /** Whether it holds fewer rows than came. */
  get isSmall(): boolean {
    return this.#parts.capacity < 1000
  }

  /** From now on it goes to this node. */
  goTo(node: number): void {
    this.#node = node
  }

  /** Pulled out of the wall until `goTo`. */
  cut(): void {
    this.#node = undefined
    this.line.cut()
  }

  want(filter: string): void {
    this.#filter = filter
    this.#search = readSearch(filter, this.#search)
    this.#session.want(this.#search)
  }

  hold(wanted: boolean): void {
    this.#wantsHold = wanted
    this.#session.hold(wanted)
  }

  get skipped(): readonly (Skipped & { readonly id: string })[] {
    return this.markers.flatMap((marker) => (marker.kind === 'skipped' && marker.loadable ? [marker] : []))
  }

  load(markerId: string): void {
    this.#session.load(markerId)
  }

  close(): void {
    this.#session.close()
  }

  #connect(hears: Hears): ModelLine {
    this.#line = new ModelLine({
      hears: {
        ...hears,
        start: (start) => this.#hear('start', hears, start),
        frame: (frame) => this.#hear('frame', hears, frame),
        loaded: (loaded) => this.#hearLoaded(hears, loaded),
        gap: (gap) => this.#hearGap(hears, gap),
        behind: (message) => {
          this.#parts.journal(`${this.name} is behind`)
          hears.behind(message)
        },
        refused: (refusal) => {
          this.#parts.journal(`${this.name} is refused: ${JSON.stringify(refusal)}`)
          hears.refused(refusal)
        },
        connection: (connection) => {
          if (connection.kind === 'connected') this.#noteNode()
          this.#parts.journal(`${this.name} is ${connection.kind}`)
          hears.connection(connection)
        },
      },
      now: hastyClock.now,
      said: (message) => this.#parts.journal(`${this.name} says ${message}`),
      home: () => (this.#node === undefined ? undefined : this.#parts.urlOf(this.#node)),
      moved: () => {
        this.#node = this.#node === 0 ? 1 : 0
      },
    })
    return this.#line
  }

  #noteNode(): void {
    if (this.#lastNode !== undefined && this.#lastNode !== this.#node) this.did.elsewhere++
    this.#lastNode = this.#node
  }

  /** What the page took changed its ledger; anything else it dropped. */
  #hear(kind: 'start' | 'frame', hears: Hears, message: Start | Frame): void {
    const before = this.#session.intake.ledger
    const resumed = this.did.resumed
    if ('gaps' in message) hears.start(message)
    else hears.frame(message)
    if (this.#session.intake.ledger === before) return
    const step = { rows: message.rows.flatMap(rowsOf), cursor: message.cursor }
    if ('gaps' in message) {
      if (this.did.resumed === resumed) this.told.push(new Told(this.#filter, this.#parts.batches(), step))
      else this.latest?.take(step)
      this.latest?.gaps.push(...message.gaps)
      this.#note(kind, message, ` ${this.did.resumed === resumed ? 'new' : 'resumed'} ${gapsText(message.gaps)}`)
    } else {
      if (message.cursor.length === 0) this.did.held++
      this.latest?.take(step)
      if (step.rows.length > 0) this.#note(kind, message, '')
    }
    this.#checkBooks()
  }

  #hearGap(hears: Hears, gap: Gap): void {
    hears.gap(gap)
    this.latest?.gaps.push(gap)
    this.#parts.journal(`${this.name} hears ${gapsText([gap])}`)
    this.#checkBooks()
  }

  #hearLoaded(hears: Hears, loaded: Loaded): void {
    const filled = this.did.filled
    hears.loaded(loaded)
    if (this.did.filled > filled) this.latest?.loaded.push(...loaded.rows.flatMap(rowsOf))
    this.#parts.journal(`${this.name} loads ${loaded.rows.flatMap(rowsOf).length} rows, complete ${loaded.complete}`)
    this.#checkBooks()
  }

  #note(kind: string, { rows, cursor, matched }: Start | Frame, more: string): void {
    const count = rows.flatMap(rowsOf).length
    const at = cursor.map(({ environmentId, offset }) => `${environmentId}@${offset}`).join(' ')
    this.#parts.journal(`${this.name} ${kind}${more}: ${count} rows, total ${matched}, at ${at}`)
  }

  #checkBooks(): void {
    const problem = this.books && booksProblem(this.books)
    if (problem) this.wrong.push(`${this.name}: ${problem}`)
  }

  get wantsHold(): boolean {
    return this.#wantsHold
  }
}

function gapsText(gaps: readonly Gap[]): string {
  return gaps
    .map(({ environmentId, reason, impressions }) => `[gap ${environmentId} ${reason} ${impressions}]`)
    .join('')
}
