import type { Cursor } from '../../domain/chain.ts'
import type { Up } from '../../domain/protocol.ts'
import type { Clock } from '../tail/clock.ts'
import type { Hears, TailSocket } from '../tail/tail-socket.ts'
import { DemoLog, groupOf, passesOf, perTreatment, sumOf, totalsOf } from './demo-log.ts'
import { demoEnvironment } from './demo-rows.ts'

const tickMs = 100
const secondTicks = 10
const backfillRows = 500
const olderRows = 1000
/** There before anybody looked, so that the first sight is of a tail in use. */
const historyTicks = 100

/** Speaks for a server whose impressions are made up in this browser, 50 a second. */
export function openDemoSocket(hears: Hears, clock: Clock): TailSocket {
  const server = new DemoServer(hears, clock)
  server.open()
  return {
    say: (name, ...message) => server.hear(name, message),
    retry: () => {}, // it is never away
    close: () => server.close(),
  }
}

class DemoServer {
  readonly #hears: Hears
  readonly #clock: Clock
  readonly #log = new DemoLog()
  #passes = passesOf('')
  #revision = 0
  #sequence = 0
  #counts = new Map<string, number>()
  #state: 'idle' | 'watching' | 'holding' = 'idle'
  #ticks = 0
  #cancel = () => {}

  constructor(hears: Hears, clock: Clock) {
    this.#hears = hears
    this.#clock = clock
  }

  open(): void {
    const nowMs = this.#clock.now()
    for (let tick = historyTicks; tick > 0; tick--) this.#log.append(nowMs - tick * tickMs)
    // not before the one who opened it has its socket in hand
    this.#cancel = this.#clock.after(0, () => {
      this.#hears.connection({ kind: 'connected', sinceMs: nowMs })
      this.#hears.facets(this.#log.facets())
      this.#next()
    })
  }

  close(): void {
    this.#cancel()
  }

  hear<Name extends keyof Up>(name: Name, message: Parameters<Up[Name]>): void {
    const [said] = message
    if (name === 'watch' && 'filter' in said) this.#watch(said.filter, said.revision)
    if (name === 'resume' && 'cursor' in said && said.cursor) this.#resume(said.cursor)
    if (name === 'older' && 'from' in said) this.#older(said.from)
    if (name === 'hold') this.#state = 'holding'
  }

  #next(): void {
    this.#cancel = this.#clock.after(tickMs, () => {
      this.#tick()
      this.#next()
    })
  }

  #tick(): void {
    const batch = this.#log.append(this.#clock.now())
    for (const [treatment, rows] of totalsOf([batch], this.#passes)) {
      this.#counts.set(treatment, (this.#counts.get(treatment) ?? 0) + rows)
    }
    const isSecond = ++this.#ticks % secondTicks === 0
    if (isSecond) this.#hears.facets(this.#log.facets())
    if (this.#state === 'watching') {
      const rows = groupOf(batch, this.#passes)
      this.#hears.frame({ ...this.#totals(), sequence: ++this.#sequence, cursor: this.#log.cursor, rows })
    }
    if (this.#state === 'holding' && isSecond) {
      this.#hears.frame({ ...this.#totals(), sequence: this.#sequence, cursor: [], rows: [] })
    }
  }

  #watch(filter: string, revision: number): void {
    this.#passes = passesOf(filter)
    this.#revision = revision
    this.#sequence = 0
    this.#counts = new Map()
    const { batches, ...found } = this.#log.newest(this.#passes, backfillRows)
    this.#start(batches, { ...found, gaps: [] })
  }

  #resume(cursor: Cursor): void {
    const { batches, gaps } = this.#log.since(cursor)
    this.#start(batches, { complete: true, gaps })
  }

  #older(from: Cursor): void {
    const { batches, older, complete } = this.#log.newest(this.#passes, olderRows, from)
    this.#hears.older({ from, to: older, rows: batches.flatMap((batch) => groupOf(batch, this.#passes)), complete })
  }

  #start(
    batches: Parameters<typeof totalsOf>[0],
    found: Pick<Parameters<Hears['start']>[0], 'complete' | 'older' | 'gaps'>,
  ): void {
    const replayed = totalsOf(batches, this.#passes)
    this.#state = 'watching'
    this.#hears.start({
      ...this.#totals(),
      ...found,
      revision: this.#revision,
      sequence: this.#sequence,
      cursor: this.#log.cursor,
      environments: [demoEnvironment],
      unknownEnvironments: [],
      rows: batches.flatMap((batch) => groupOf(batch, this.#passes)),
      replayed: { matched: sumOf(replayed), perTreatment: perTreatment(replayed) },
    })
  }

  #totals() {
    const matched = sumOf(this.#counts)
    return { tail: `demo${this.#revision}`, matched, sent: matched, perTreatment: perTreatment(this.#counts) }
  }
}
