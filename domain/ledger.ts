import type { Gap } from './chain.ts'
import { defaultLimits } from './limits.ts'
import type { Frame, Start, Totals, TreatmentTotals } from './protocol.ts'

/** Impressions in holes of the log, before filtering; `unknown` counts the holes whose size nobody can know. */
export type Missed = { readonly impressions: number; readonly unknown: number }

/**
 * A viewer's books for one revision, always at the point of the last cursor that was heard:
 * matched = held + evicted + sampledOut + skipped. What was missed in gaps stands beside.
 */
export type Books = {
  readonly matched: number
  /** Rows of this revision that the browser has. */
  readonly held: number
  /** Rows of this revision that the browser had and let go. */
  readonly evicted: number
  /** Matches that the server did not send because there were too many to send all. */
  readonly sampledOut: number
  /** Rows that were sent and did not arrive, and matches that a resume could not send. */
  readonly skipped: number
  readonly missed: Missed
  readonly perTreatment: TreatmentTotals
}

export type Ledger = {
  readonly books: Books
  /** Matches counted since the last cursor while on hold: for display, settled by the next `start`. */
  readonly waiting: number
  /** Gaps heard behind the books' cursor: in the books with the next one. A `start` that answers an older cursor tells them again. */
  readonly missedAhead: Missed
  /** Frames whose sequence number was never heard. */
  readonly lostFrames: number
  /** The Tail's totals that the books have followed so far. */
  readonly last: Totals & { readonly sequence: number }
}

const noneMissed: Missed = { impressions: 0, unknown: 0 }

/** Books in which nothing stands yet. */
export const emptyBooks: Books = {
  matched: 0,
  held: 0,
  evicted: 0,
  sampledOut: 0,
  skipped: 0,
  missed: noneMissed,
  perTreatment: { counts: [], other: 0 },
}

/** Books for a new revision: they begin with what the backfill brought. */
export function openLedger(start: Start, received: number): Ledger {
  return settle(emptyBooks, start, received, 0)
}

/** The same revision again after a cursor was sent: what matched since and was not sent is skipped. */
export function resumeLedger(ledger: Ledger, start: Start, received: number): Ledger {
  return settle(ledger.books, start, received, ledger.lostFrames)
}

function settle(books: Books, start: Start, received: number, lostFrames: number): Ledger {
  const { matched, perTreatment } = start.replayed
  return {
    books: {
      ...books,
      matched: books.matched + matched,
      held: books.held + received,
      skipped: books.skipped + matched - received,
      missed: start.gaps.reduce(withGap, books.missed),
      perTreatment: sum(books.perTreatment, perTreatment),
    },
    waiting: 0,
    missedAhead: noneMissed,
    lostFrames,
    last: totalsOf(start),
  }
}

/** Follows a frame that brought `received` rows. A frame without a cursor only tells how many wait. */
export function hearFrame(ledger: Ledger, frame: Frame, received: number): Ledger {
  const { books, last } = ledger
  const matched = frame.matched - last.matched
  if (frame.cursor.length === 0 && matched > 0) return { ...ledger, waiting: matched }
  const sent = frame.sent - last.sent
  return {
    books: {
      ...books,
      matched: books.matched + matched,
      held: books.held + received,
      sampledOut: books.sampledOut + matched - sent,
      skipped: books.skipped + sent - received,
      missed: frame.cursor.length === 0 ? books.missed : missedOf(ledger),
      perTreatment: sum(books.perTreatment, difference(frame.perTreatment, last.perTreatment)),
    },
    waiting: 0,
    missedAhead: frame.cursor.length === 0 ? ledger.missedAhead : noneMissed,
    lostFrames: ledger.lostFrames + Math.max(0, frame.sequence - last.sequence - 1),
    last: totalsOf(frame),
  }
}

/** The browser let rows of this revision go: its ring was full, the view was cleared, or a row came twice. */
export function evictRows(ledger: Ledger, rows: number): Ledger {
  if (rows === 0) return ledger
  const { books } = ledger
  return { ...ledger, books: { ...books, held: books.held - rows, evicted: books.evicted + rows } }
}

/** Rows that were missing came after all, of those that the books had as skipped, as sampled out and as evicted. */
export function loadRows(
  ledger: Ledger,
  rows: { readonly skipped: number; readonly sampledOut: number; readonly evicted: number },
): Ledger {
  const { books } = ledger
  return {
    ...ledger,
    books: {
      ...books,
      held: books.held + rows.skipped + rows.sampledOut + rows.evicted,
      skipped: books.skipped - rows.skipped,
      sampledOut: books.sampledOut - rows.sampledOut,
      evicted: books.evicted - rows.evicted,
    },
  }
}

/** Rows came of which the books did not know, since they are older than where those began. */
export function addOlder(ledger: Ledger, perTreatment: ReadonlyMap<string, number>): Ledger {
  const { books } = ledger
  let rows = 0
  for (const impressions of perTreatment.values()) rows += impressions
  return {
    ...ledger,
    books: {
      ...books,
      matched: books.matched + rows,
      held: books.held + rows,
      perTreatment: sum(books.perTreatment, { counts: [...perTreatment], other: 0 }),
    },
  }
}

/** A hole in a log was reported. */
export function hearGap(ledger: Ledger, gap: Gap): Ledger {
  return { ...ledger, missedAhead: withGap(ledger.missedAhead, gap) }
}

/** Everything that was missed, as far as anybody was told. */
export function missedOf({ books, missedAhead }: Ledger): Missed {
  return {
    impressions: books.missed.impressions + missedAhead.impressions,
    unknown: books.missed.unknown + missedAhead.unknown,
  }
}

/** Impressions that the log took and nobody told of. */
export function missRows(ledger: Ledger, impressions: number): Ledger {
  const { books } = ledger
  const missed = { ...books.missed, impressions: books.missed.impressions + impressions }
  return { ...ledger, books: { ...books, missed } }
}

function withGap(missed: Missed, gap: Gap): Missed {
  return gap.impressions === undefined
    ? { ...missed, unknown: missed.unknown + 1 }
    : { ...missed, impressions: missed.impressions + gap.impressions }
}

function totalsOf(message: Totals & { readonly sequence: number }): Ledger['last'] {
  const { matched, sent, perTreatment, sequence } = message
  return { matched, sent, perTreatment, sequence }
}

/** Counts by treatment together; names beyond the bound go to `other`, so that no count is lost. */
function sum(a: TreatmentTotals, b: TreatmentTotals): TreatmentTotals {
  const counts = new Map(a.counts)
  let other = a.other + b.other
  for (const [treatment, impressions] of b.counts) {
    const known = counts.get(treatment)
    if (known !== undefined || counts.size < defaultLimits.tailTreatments) {
      counts.set(treatment, (known ?? 0) + impressions)
    } else other += impressions
  }
  return { counts: [...counts], other }
}

function difference(now: TreatmentTotals, before: TreatmentTotals): TreatmentTotals {
  const known = new Map(before.counts)
  return {
    counts: now.counts.map(([treatment, impressions]) => [treatment, impressions - (known.get(treatment) ?? 0)]),
    other: now.other - before.other,
  }
}
