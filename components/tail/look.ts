import { type Books, emptyBooks, missedOf } from '../../domain/ledger.ts'
import type { Fresh } from './fresh.ts'
import { type Notice, noticeOf } from './notice.ts'
import type { Rate } from './rate.ts'
import type { Reader } from './reader.ts'
import type { Search } from './search.ts'
import type { Session } from './session.ts'
import { suggestionsOf } from './suggestions.ts'
import type { View } from './view.ts'

export type LookParts = {
  readonly session: Session
  readonly reader: Reader
  readonly search: Search
  /** The server has answered for what was typed. */
  readonly answered: boolean
  readonly fresh: Fresh
  readonly nowMs: number
  readonly capacity: number
  readonly paints: number
}

const noFresh: View['fresh'] = []

/** Everything that the screen shows, at this moment. */
export function look(parts: LookParts): View {
  const { session, reader, search, answered, fresh, nowMs, capacity, paints } = parts
  const { reading, selection } = reader
  const { connection, matched, intake, refusal, said } = session
  const rate = session.meter.rate(nowMs)
  const list = reading.list()
  const { ledger } = intake
  const books = ledger ? { ...ledger.books, missed: missedOf(ledger) } : emptyBooks
  return {
    nowMs,
    connection,
    search,
    settled: ledger !== undefined && answered,
    mode: reading.mode,
    waiting: reading.waiting(matched),
    list,
    load: session.loads.now(),
    selected: selection.place,
    cell: selection.cell,
    openId: selection.openId,
    opened: selection.opened,
    clearedAtMs: intake.held.clearedAtMs,
    fresh: reading.mode === 'live' ? fresh.in(list, rate.perSecond, nowMs) : noFresh,
    verifies: intake.verifies,
    books,
    matched,
    rate,
    chart: session.history.chart(nowMs),
    environments: intake.environments,
    facets: session.facets,
    began: session.began,
    busDown: said.some(({ kind }) => kind === 'bus-down'),
    firstRun: session.firstRun,
    notice: noticeAt(parts, rate, books),
    refusal,
    buffered: intake.held.rows,
    capacity,
    oldestMs: intake.held.oldest?.impression.receptionTimestamp,
    paints,
  }
}

function noticeAt({ session, reader, search, nowMs, capacity }: LookParts, rate: Rate, books: Books): Notice {
  const { connection, refusal, said, unknownEnvironments, holding, began, intake } = session
  return noticeOf({
    connection,
    refusal,
    said,
    unknownEnvironments,
    rate,
    books,
    holding,
    began,
    capacity,
    clearedMs: intake.clearedMs,
    suggestions: rate.oneIn > 1 ? suggestionsOf(session.facets, search.filter) : [],
    hints: session.hints.look(rate, nowMs),
    rowIsGone: reader.rowIsGone,
    nowMs,
  })
}
