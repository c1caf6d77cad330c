import type { Cursor } from '../../domain/chain.ts'
import type { Frame, RowGroup, Start } from '../../domain/protocol.ts'
import type { Row } from '../../domain/row.ts'
import type { Clock } from './clock.ts'
import { type Link, type StoreParts, TailStore } from './store.ts'
import type { Connection, Hears } from './tail-socket.ts'

/** A clock that stands until it is turned; paints happen when it is. */
export class HandClock implements Clock {
  #nowMs = 1_000_000
  #waiting: { readonly atMs: number; readonly run: () => void }[] = []

  readonly now = (): number => this.#nowMs

  readonly after = (ms: number, run: () => void): (() => void) => {
    const waiting = { atMs: this.#nowMs + ms, run }
    this.#waiting = [...this.#waiting, waiting]
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting)
    }
  }

  readonly beforePaint = (run: () => void): (() => void) => this.after(0, run)

  turn(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const next = this.#waiting.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (!next) break
      this.#waiting = this.#waiting.filter((one) => one !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
    }
    this.#nowMs = untilMs
  }
}

/** A store with the server's side of its socket in the test's hand. */
export class Stage {
  readonly clock = new HandClock()
  readonly said: [name: string, message: object][] = []
  readonly store: TailStore
  #hears: Hears | undefined

  constructor(
    parts: Partial<Pick<StoreParts, 'capacity' | 'paintMs' | 'flipMs'>> & { readonly link?: Partial<Link> } = {},
  ) {
    this.store = new TailStore({
      clock: this.clock,
      connect: (hears) => {
        this.#hears = hears
        return { say: (name, ...[message]) => void this.said.push([name, message]), retry: () => {}, close: () => {} }
      },
      capacity: 1000,
      paintMs: 100,
      flipMs: 800,
      ...parts,
      link: { text: '', paused: false, openId: undefined, ...parts.link },
    })
    this.store.open()
  }

  get hears(): Hears {
    if (!this.#hears) throw new Error('the store has not opened its socket')
    return this.#hears
  }

  get view() {
    return this.store.view()
  }

  connect(): void {
    this.hears.connection({ kind: 'connected', sinceMs: this.clock.now() })
  }

  lose(): void {
    const connection: Connection = { kind: 'reconnecting', sinceMs: this.clock.now(), tries: 1 }
    this.hears.connection(connection)
  }

  /** Connects and answers the watch; the first paint is over afterwards. */
  begin(parts: Partial<Start> = {}): void {
    this.connect()
    this.start(parts)
  }

  start(parts: Partial<Start> = {}): void {
    const rows = countOf(parts.rows ?? [])
    this.hears.start(startOf({ replayed: { matched: rows, perTreatment: onlyOn(rows) }, ...parts }))
    this.paint()
  }

  frame(parts: Partial<Frame>): void {
    this.hears.frame(frameOf(parts))
    this.paint()
  }

  paint(): void {
    this.clock.turn(101)
  }

  /** What each line of the list is: a row's key, or the kind of its marker. */
  lines(): string[] {
    const { list } = this.view
    return Array.from({ length: list.count }, (_, index) => {
      const entry = list.at(index)
      return entry?.kind === 'impression' ? entry.impression.key : `<${entry?.kind ?? 'nothing'}>`
    })
  }
}

/** A cursor whose count of impressions stands still, for tests that are not about it. */
export function at(offset: number, epoch = 'e1', environmentId = 'prod', cumulative = 1): Cursor {
  return [{ environmentId, epoch, offset, id: `id${offset}`, cumulative }]
}

/** A batch of rows with these keys, all of one flag. */
export function group(
  offset: number,
  keys: readonly string[],
  parts: { readonly epoch?: string; readonly row?: Row } = {},
): RowGroup {
  const rows = keys.map((k): Row => ({ k, t: 'on', m: 1_000, ...parts.row }))
  const shared = {
    environmentId: 'prod',
    environmentName: 'Production',
    source: 'sdk',
    verified: true,
    receptionTimestamp: 2_000,
  } as const
  return { epoch: parts.epoch ?? 'e1', offset, shared, flags: [{ flag: 'checkout', indexes: 0, rows }], retries: [] }
}

/** Totals of a Tail that matched and sent so many, all of them `on`. */
export function totals(matched: number, sent = matched) {
  return { matched, sent, perTreatment: onlyOn(matched) }
}

export function onlyOn(impressions: number) {
  return { counts: [['on', impressions] as const], other: 0 }
}

function countOf(groups: readonly RowGroup[]): number {
  return groups.reduce((rows, one) => rows + (one.flags[0]?.rows.length ?? 0), 0)
}

function startOf(parts: Partial<Start>): Start {
  return {
    ...totals(0),
    revision: 1,
    tail: 't1',
    sequence: 0,
    cursor: at(1),
    environments: [{ id: 'prod', name: 'Production' }],
    unknownEnvironments: [],
    rows: [],
    replayed: { matched: 0, perTreatment: onlyOn(0) },
    complete: true,
    gaps: [],
    ...parts,
  }
}

function frameOf(parts: Partial<Frame>): Frame {
  return { ...totals(0), tail: 't1', sequence: 1, cursor: at(2), rows: [], ...parts }
}
