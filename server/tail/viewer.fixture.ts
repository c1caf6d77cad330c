import { io, type Socket } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import type { Cursor, Gap } from '../../domain/chain.ts'
import {
  type Books,
  emptyBooks,
  hearFrame,
  hearGap,
  type Ledger,
  missedOf,
  openLedger,
  resumeLedger,
} from '../../domain/ledger.ts'
import {
  type Down,
  type Facets,
  type Found,
  type Frame,
  type Loaded,
  type LoadedOlder,
  type Notice,
  protocolVersion,
  type Refusal,
  type RowGroup,
  type Start,
  type Up,
} from '../../domain/protocol.ts'
import { rowsOf, type TailRow } from '../../domain/rows.ts'

export type ViewerOptions = { readonly headers?: Readonly<Record<string, string>> }

/** A viewer as a browser is one, without a screen: keeps its rows and its books. */
export class TestViewer {
  readonly socket: Socket<Down, Up>
  readonly starts: Start[] = []
  readonly frames: Frame[] = []
  readonly gaps: Gap[] = []
  readonly notices: Notice[] = []
  readonly refusals: Refusal[] = []
  readonly facets: Facets[] = []
  readonly rows: TailRow[] = []
  /** When each frame came, monotonic ms. */
  readonly frameTimes: number[] = []
  readonly loads: Loaded[] = []
  /** Every message as it came, if the viewer was opened so. */
  readonly texts: string[] = []
  cursor: Cursor = []
  /** Whether it says that it reads, as a page does. */
  acks = true
  /** How often it was told that it is behind. */
  behind = 0
  #ledger: Ledger | undefined
  #tail: string | undefined
  #revision = 0
  #resuming = false

  private constructor(url: string, options: ViewerOptions = {}) {
    this.socket = io(url, {
      transports: ['websocket'],
      auth: { version: protocolVersion },
      forceNew: true,
      reconnection: false,
      ...(options.headers && { extraHeaders: { ...options.headers } }),
    })
    if (options.headers) this.#keepTexts()
    this.socket.on('start', (start) => this.#start(start))
    this.socket.on('frame', (frame) => this.#frame(frame))
    this.socket.on('gap', (gap) => {
      this.gaps.push(gap)
      if (this.#ledger) this.#ledger = hearGap(this.#ledger, gap)
    })
    this.socket.on('notice', (notice) => this.notices.push(notice))
    this.socket.on('refused', (refusal) => this.refusals.push(refusal))
    this.socket.on('facets', (facets) => this.facets.push(facets))
    this.socket.on('loaded', (loaded) => this.loads.push(loaded))
    this.socket.on('behind', () => {
      this.behind++
      void this.resume()
    })
  }

  /** Connects and watches; resolves when the start is there. */
  static async watch(url: string, filter = '', cursor?: Cursor): Promise<TestViewer> {
    const viewer = new TestViewer(url)
    onTestFinished(() => void viewer.socket.disconnect())
    await viewer.watch(filter, cursor)
    return viewer
  }

  /** The same with headers of its own, and keeping all that came as it came. */
  static async watchWith(url: string, options: ViewerOptions, filter = ''): Promise<TestViewer> {
    const viewer = new TestViewer(url, options)
    onTestFinished(() => void viewer.socket.disconnect())
    await viewer.watch(filter)
    return viewer
  }

  #keepTexts(): void {
    this.socket.io.on('open', () => {
      this.socket.io.engine.on('data', (data) => this.texts.push(String(data)))
    })
  }

  get books(): Books {
    return this.#ledger ? { ...this.#ledger.books, missed: missedOf(this.#ledger) } : emptyBooks
  }

  get keys(): readonly string[] {
    return this.rows.map(({ impression }) => impression.key)
  }

  async watch(filter: string, cursor?: Cursor): Promise<Start> {
    this.#revision++
    this.#tail = undefined
    this.#resuming = false
    this.socket.emit('watch', { revision: this.#revision, filter, ...(cursor && { cursor }) })
    return this.#nextStart()
  }

  /** Resolves when the server has taken it: its next frame has no cursor. */
  async hold(): Promise<void> {
    this.socket.emit('hold', {})
    await new Promise<void>((resolve) => {
      const listen = (frame: Frame): void => {
        if (frame.cursor.length > 0) return
        this.socket.off('frame', listen)
        resolve()
      }
      this.socket.on('frame', listen)
    })
  }

  async resume(): Promise<Start> {
    this.#tail = undefined
    this.#resuming = true
    this.socket.emit('resume', { cursor: this.cursor })
    return this.#nextStart()
  }

  async load(from: Cursor, to: Cursor): Promise<Loaded> {
    this.socket.emit('load', { from, to })
    return new Promise((resolve) => this.socket.once('loaded', resolve))
  }

  async older(from: Cursor): Promise<LoadedOlder> {
    this.socket.emit('older', { from })
    return new Promise((resolve) => this.socket.once('older', resolve))
  }

  async find(id: string): Promise<readonly TailRow[]> {
    this.socket.emit('find', { id })
    const { rows } = await new Promise<Found>((resolve) => this.socket.once('found', resolve))
    return rows.flatMap(rowsOf)
  }

  async #nextStart(): Promise<Start> {
    return new Promise((resolve, reject) => {
      this.socket.once('start', resolve)
      this.socket.once('refused', (refusal) => reject(new Error(JSON.stringify(refusal))))
    })
  }

  #start(start: Start): void {
    this.starts.push(start)
    this.#tail = start.tail
    this.cursor = start.cursor
    const received = this.#take(start.rows)
    this.#ledger =
      this.#resuming && this.#ledger ? resumeLedger(this.#ledger, start, received) : openLedger(start, received)
  }

  #frame(frame: Frame): void {
    if (frame.tail !== this.#tail || !this.#ledger) return
    if (this.acks) this.socket.emit('ack', { sequence: frame.sequence })
    this.frames.push(frame)
    this.frameTimes.push(performance.now())
    if (frame.cursor.length > 0) this.cursor = frame.cursor
    this.#ledger = hearFrame(this.#ledger, frame, this.#take(frame.rows))
  }

  #take(groups: readonly RowGroup[]): number {
    const rows = groups.flatMap(rowsOf)
    this.rows.push(...rows)
    return rows.length
  }
}
