import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cursor } from './chain.ts'
import {
  addOlder,
  type Books,
  evictRows,
  hearFrame,
  hearGap,
  type Ledger,
  loadRows,
  missedOf,
  openLedger,
  resumeLedger,
} from './ledger.ts'
import type { Frame, Start, TreatmentTotals } from './protocol.ts'

const cursor: Cursor = [{ environmentId: 'prod', epoch: 'e', offset: 1, id: 'a', cumulative: 1 }]

function treatments(counts: Record<string, number>, other = 0): TreatmentTotals {
  return { counts: Object.entries(counts), other }
}

function start(parts: Partial<Start>): Start {
  const none = treatments({})
  const replayed = { matched: 0, perTreatment: none }
  const totals = { matched: 0, sent: 0, perTreatment: none }
  return {
    ...totals,
    revision: 1,
    tail: 't',
    sequence: 0,
    cursor,
    unknownEnvironments: [],
    environments: [],
    rows: [],
    replayed,
    complete: true,
    gaps: [],
    ...parts,
  }
}

function frame(parts: Partial<Frame>): Frame {
  return { tail: 't', sequence: 1, cursor, matched: 0, sent: 0, perTreatment: treatments({}), rows: [], ...parts }
}

function balanced({ matched, held, evicted, sampledOut, skipped, perTreatment }: Books): boolean {
  const byTreatment = perTreatment.counts.reduce((total, [, impressions]) => total + impressions, perTreatment.other)
  return matched === held + evicted + sampledOut + skipped && matched === byTreatment
}

function replayed(matched: number) {
  return { matched, perTreatment: treatments({ on: matched }) }
}

test('G1 the books of a new filter begin with the rows of its backfill', () => {
  const { books } = openLedger(start({ matched: 900, sent: 800, replayed: replayed(500) }), 500)
  expect(books).toMatchObject({ matched: 500, held: 500, evicted: 0, sampledOut: 0, skipped: 0 })
})

test('G2 what a frame counts beyond the rows sent is sampled out, exactly', () => {
  const opened = openLedger(start({ matched: 1000, sent: 1000 }), 0)
  const { books } = hearFrame(opened, frame({ matched: 6000, sent: 2000 }), 1000)
  expect(books).toMatchObject({ matched: 5000, held: 1000, sampledOut: 4000, skipped: 0 })
})

test('G3 the rows of a frame that was lost on the way are skipped, exactly, and the lost frame is noted', () => {
  const opened = hearFrame(openLedger(start({}), 0), frame({ sequence: 1, matched: 10, sent: 10 }), 10)
  const after = hearFrame(opened, frame({ sequence: 4, matched: 60, sent: 50 }), 5)
  expect(after.books).toMatchObject({ matched: 60, held: 15, sampledOut: 10, skipped: 35 })
  expect(after.lostFrames).toBe(2)
})

test('G4 after a resume the books go on from the cursor that was sent, and what was not sent is skipped', () => {
  const before = hearFrame(openLedger(start({}), 0), frame({ matched: 100, sent: 100 }), 100)
  const answer = start({ tail: 'another node', matched: 7, sent: 7, replayed: replayed(12_000) })
  const resumed = resumeLedger(before, answer, 5000)
  expect(resumed.books).toMatchObject({ matched: 12_100, held: 5100, skipped: 7000 })
  const later = hearFrame(resumed, frame({ tail: 'another node', sequence: 1, matched: 9, sent: 9 }), 2)
  expect(later.books).toMatchObject({ matched: 12_102, held: 5102, skipped: 7000 })
})

test('G5 on hold the matches that wait are told and stay out of the books until they are settled', () => {
  const before = hearFrame(openLedger(start({}), 0), frame({ matched: 10, sent: 10 }), 10)
  const waits = hearFrame(before, frame({ sequence: 9, cursor: [], matched: 50, sent: 50 }), 0)
  expect(waits.waiting).toBe(40)
  expect(waits.books).toBe(before.books)
  const settled = resumeLedger(waits, start({ matched: 60, sent: 60, replayed: replayed(50) }), 50)
  expect(settled).toMatchObject({ waiting: 0, books: { matched: 60, held: 60 } })
})

test('a frame on hold that brings nothing new is heard, and its like are not lost', () => {
  const before = hearFrame(openLedger(start({}), 0), frame({ matched: 10, sent: 10 }), 10)
  const quiet = hearFrame(before, frame({ sequence: 2, cursor: [], matched: 10, sent: 10 }), 0)
  expect(quiet).toMatchObject({ waiting: 0, books: { matched: 10, held: 10 } })
  expect(hearFrame(quiet, frame({ sequence: 3, matched: 11, sent: 11 }), 1).lostFrames).toBe(0)
})

test('G6 a gap stands beside what matched, never inside it, and an unknown count stays unknown', () => {
  const gaps = [{ environmentId: 'prod', reason: 'trimmed', impressions: 3210 }] as const
  const opened = openLedger(start({ gaps, replayed: replayed(5) }), 5)
  const ahead = hearGap(opened, { environmentId: 'prod', reason: 'restarted' })
  expect(ahead.books).toMatchObject({ matched: 5, held: 5, missed: { impressions: 3210, unknown: 0 } })
  expect(missedOf(ahead)).toEqual({ impressions: 3210, unknown: 1 })
})

test('G6 a gap goes into the books with the next cursor, and is counted once', () => {
  const ahead = hearGap(openLedger(start({}), 0), { environmentId: 'prod', reason: 'trimmed', impressions: 7 })
  const onHold = hearFrame(ahead, frame({ cursor: [] }), 0)
  expect([onHold.books.missed.impressions, missedOf(onHold).impressions]).toEqual([0, 7])
  const later = hearFrame(onHold, frame({ sequence: 2 }), 0)
  expect([later.books.missed.impressions, missedOf(later).impressions]).toEqual([7, 7])
})

test('G7 rows that the browser lets go move from held to evicted', () => {
  const opened = openLedger(start({ replayed: replayed(5) }), 5)
  expect(evictRows(opened, 2).books).toMatchObject({ matched: 5, held: 3, evicted: 2 })
  expect(evictRows(opened, 0)).toBe(opened)
})

test('rows that come after all move to held from where they were counted', () => {
  const opened = openLedger(start({ replayed: replayed(20) }), 12)
  const sampled = hearFrame(opened, frame({ matched: 6, sent: 0, perTreatment: treatments({ on: 6 }) }), 0)
  const before = evictRows(sampled, 4)
  expect(before.books).toMatchObject({ matched: 26, held: 8, evicted: 4, sampledOut: 6, skipped: 8 })
  const { books } = loadRows(before, { skipped: 5, sampledOut: 3, evicted: 1 })
  expect(books).toMatchObject({ matched: 26, held: 17, evicted: 3, sampledOut: 3, skipped: 3 })
  expect(balanced(books)).toBe(true)
})

test('G11 older rows that are loaded are matched and held from then on, by treatment', () => {
  const opened = openLedger(start({ replayed: { matched: 5, perTreatment: treatments({ on: 5 }) } }), 5)
  const { books, last } = addOlder(opened, new Map(Object.entries({ on: 2, off: 4 })))
  expect(books).toMatchObject({ matched: 11, held: 11, evicted: 0, perTreatment: treatments({ on: 7, off: 4 }) })
  expect(balanced(books)).toBe(true)
  expect(last).toBe(opened.last) // the Tail's totals know nothing of it
  expect(hearFrame(addOlder(opened, new Map()), frame({ matched: 3, sent: 3 }), 3).books.matched).toBe(8)
})

test('counts by treatment beyond the bound are kept together', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`v${index}`, 1]))
  const opened = openLedger(start({ replayed: { matched: 50, perTreatment: treatments(many) } }), 50)
  const { perTreatment } = hearFrame(opened, frame({ perTreatment: treatments({ late: 3, v1: 2 }, 4) }), 0).books
  expect(perTreatment.counts).toHaveLength(50)
  expect(new Map(perTreatment.counts).get('v1')).toBe(3)
  expect(perTreatment.other).toBe(7)
  const first = hearFrame(opened, frame({ perTreatment: treatments({}, 4) }), 0)
  const second = hearFrame(first, frame({ sequence: 2, perTreatment: treatments({}, 9) }), 0)
  expect(second.books.perTreatment.other).toBe(9)
})

/** A Tail and its log as a server keeps them, and what the true count of matches is at each point. */
class SimulatedTail {
  sequence = 0
  matched = 0
  sent = 0
  per: Record<string, number> = {}
  /** Matches at the point of the last cursor that the viewer heard. */
  heardAt = 0
  total = 0

  happen(matches: number, sampled: number, treatment: string): Frame {
    this.sequence++
    this.total += matches
    this.matched += matches
    this.sent += matches - sampled
    this.per = { ...this.per, [treatment]: (this.per[treatment] ?? 0) + matches }
    const { sequence, matched, sent, per } = this
    return frame({ sequence, matched, sent, perTreatment: treatments(per) })
  }

  restartElsewhere(matched: number): void {
    this.sequence = 0
    this.matched = matched
    this.sent = matched
    this.per = matched ? { on: matched } : {}
  }

  answer(): Start {
    const { sequence, matched, sent, per, total, heardAt } = this
    return start({ sequence, matched, sent, perTreatment: treatments(per), replayed: replayed(total - heardAt) })
  }
}

const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('frame' as const, 'lost' as const, 'onHold' as const),
    matches: fc.nat(300),
    kept: fc.nat(100),
    treatment: fc.constantFrom('on', 'off', 'control', 'v1'),
  }),
  fc.record({ kind: fc.constant('resume' as const), limit: fc.nat(400), elsewhere: fc.option(fc.nat(50)) }),
  fc.record({ kind: fc.constant('evict' as const), share: fc.nat(100) }),
)

test('G8 matched = held + evicted + sampled out + skipped at all times, whatever is lost, sampled, held back or resumed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tail = new SimulatedTail()
      let ledger: Ledger = openLedger(tail.answer(), 0)
      for (const one of steps) {
        ledger = take(tail, ledger, one)
        expect(balanced(ledger.books)).toBe(true)
        expect(ledger.books.matched).toBe(tail.heardAt)
        expect(ledger.books.skipped >= 0 && ledger.books.sampledOut >= 0).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

function take(tail: SimulatedTail, ledger: Ledger, one: typeof step extends fc.Arbitrary<infer Step> ? Step : never) {
  switch (one.kind) {
    case 'evict':
      return evictRows(ledger, Math.floor((ledger.books.held * one.share) / 100))
    case 'resume': {
      if (one.elsewhere !== null) tail.restartElsewhere(one.elsewhere)
      const answer = tail.answer()
      tail.heardAt = tail.total
      return resumeLedger(ledger, answer, Math.min(one.limit, answer.replayed.matched))
    }
    default: {
      const sampled = Math.max(0, one.matches - one.kept)
      const told = tail.happen(one.matches, sampled, one.treatment)
      if (one.kind === 'lost') return ledger
      if (one.kind === 'onHold') return hearFrame(ledger, { ...told, cursor: [] }, 0)
      tail.heardAt = tail.total
      return hearFrame(ledger, told, one.matches - sampled)
    }
  }
}
