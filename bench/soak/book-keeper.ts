import { acceptedBetween, type Cursor, type Gap } from '../../domain/chain.ts'
import { hearFrame, hearGap, type Ledger, missedOf, openLedger, resumeLedger } from '../../domain/ledger.ts'
import { type Frame, protocolVersion, type Start } from '../../domain/protocol.ts'
import { filterOf } from '../contenders/flagtail-viewer.ts'
import { watchSocketIo } from '../contenders/socket-io-viewer.ts'
import { occurrences } from '../viewer.ts'
import type { Wish } from '../workload.ts'

/** The books of a viewer, and what happened to it. */
export type Account = {
  /** Frames come that follow its last start. */
  readonly watching: boolean
  readonly matched: number
  /** Held + sampled out + skipped: `matched`, unless something is wrong. */
  readonly accountedFor: number
  readonly skipped: number
  readonly missed: number
  readonly gapsOfUnknownSize: number
  /** What the log took between its first cursor and its last. */
  readonly accepted: number | undefined
  /** How often the server told it that it was too slow. */
  readonly behind: number
  /** How often the server hung up on it. */
  readonly cuts: number
  readonly trouble?: string
}

const rowMark = Buffer.from('{"k":"')
const rowsMark = Buffer.from(',"rows":[')
const ackMs = 1000

type Send = (event: readonly unknown[]) => void

/**
 * A viewer that keeps its books as the page does, and comes back from its cursor when it was cut off. It reads the heads of
 * messages and counts their rows without parsing them.
 */
export class BookKeeper {
  readonly #url: string
  readonly #filter: string
  #ledger: Ledger | undefined
  #tail: string | undefined
  #watching = false
  #first: Cursor | undefined
  #cursor: Cursor | undefined
  #ackedMs = 0
  #behind = 0
  #cuts = 0
  #trouble: string | undefined

  constructor(url: string, wish: Wish) {
    this.#url = url
    this.#filter = filterOf(wish)
  }

  /** Resolves when it has its `start`. */
  async watch(): Promise<void> {
    await watchSocketIo({
      url: this.#url,
      auth: { version: protocolVersion },
      hello: ['watch', { revision: 1, filter: this.#filter, ...(this.#cursor && { cursor: this.#cursor }) }],
      welcome: 'start',
      hear: (name, packet, send) => this.#hear(name, packet, send),
      cut: () => this.#comeBack(),
    })
  }

  account(): Account {
    const books = this.#ledger?.books
    const missed = this.#ledger && missedOf(this.#ledger)
    return {
      watching: this.#watching,
      matched: books?.matched ?? 0,
      accountedFor: books ? books.held + books.evicted + books.sampledOut + books.skipped : 0,
      skipped: books?.skipped ?? 0,
      missed: missed?.impressions ?? 0,
      gapsOfUnknownSize: missed?.unknown ?? 0,
      accepted: acceptedBetween(this.#first ?? [], this.#cursor ?? []),
      behind: this.#behind,
      cuts: this.#cuts,
      ...(this.#trouble && { trouble: this.#trouble }),
    }
  }

  #comeBack(): void {
    this.#cuts++
    this.#watching = false
    this.#tail = undefined
    this.watch().catch((error) => {
      this.#trouble ??= String(error)
    })
  }

  #hear(name: string, packet: Buffer, send: Send): void {
    if (name === 'frame') this.#frame(packet, send)
    else if (name === 'start') this.#start(packet)
    else if (name === 'gap' && this.#ledger) this.#ledger = hearGap(this.#ledger, headOf<Gap>(packet))
    else if (name === 'behind') this.#resume(send)
    else if (name !== 'facets') this.#trouble ??= packet.toString('utf8', 0, 200)
  }

  #start(packet: Buffer): void {
    const start = headOf<Start>(packet)
    const rows = occurrences(packet, rowMark)
    this.#ledger = this.#ledger ? resumeLedger(this.#ledger, start, rows) : openLedger(start, rows)
    this.#tail = start.tail
    this.#first ??= start.cursor
    this.#cursor = start.cursor
  }

  #frame(packet: Buffer, send: Send): void {
    const frame = headOf<Frame>(packet)
    if (frame.tail !== this.#tail || !this.#ledger) return
    this.#ledger = hearFrame(this.#ledger, frame, occurrences(packet, rowMark))
    this.#cursor = frame.cursor
    this.#watching = true
    const nowMs = performance.now()
    if (nowMs - this.#ackedMs < ackMs) return
    this.#ackedMs = nowMs
    send(['ack', { sequence: frame.sequence }])
  }

  #resume(send: Send): void {
    this.#behind++
    this.#watching = false
    this.#tail = undefined
    send(['resume', { cursor: this.#cursor }])
  }
}

/** A message without its rows. Ours came from our server, so nobody doubts it here. */
function headOf<Message>(packet: Buffer): Message {
  const from = packet.indexOf(',') + 1
  const rows = packet.indexOf(rowsMark)
  const text =
    rows === -1 ? packet.toString('utf8', from, packet.length - 1) : `${packet.toString('utf8', from, rows)}}`
  return JSON.parse(text)
}
