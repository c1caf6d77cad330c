import { expect, test } from 'vitest'
import { Lags } from '../lags.ts'
import type { Account } from './book-keeper.ts'
import { crowd } from './crowd.ts'
import { gatesOf } from './gates.ts'
import { planOf } from './plan.ts'
import type { Findings } from './soak.ts'
import type { Weight } from './weigh.ts'

const plan = planOf(30)
const taken = 1000

/** A soak in which every viewer wants all that was posted. */
function findings(different: Partial<Findings> = {}): Findings {
  return {
    load: {
      impressionsTaken: taken,
      impressionsDue: taken,
      failures: new Set(),
      answers: new Lags(),
      lateness: new Lags(),
      wantedBy: () => taken,
    },
    freezes: { count: 3, seenSilent: 2, slowestReturnMs: 1000 },
    samples: samples(() => 300),
    first: weight(100),
    last: weight(101),
    reading: Array.from({ length: crowd.reading }, () => account()),
    freezing: Array.from({ length: crowd.freezing }, () => account({ cuts: 3 })),
    ...different,
  }
}

function samples(residentMb: (minute: number) => number): Findings['samples'] {
  const rest = { redisMb: undefined, heapMb: 0, buffersMb: 0, cpuS: 0, accepted: 0, viewers: 200, silentViewers: 0 }
  return Array.from({ length: plan.seconds }, (_, atS) => ({ ...rest, atS, residentMb: residentMb(atS / 60) }))
}

function weight(liveMb: number): Weight {
  return {
    liveMb,
    heapUsedMb: liveMb,
    externalMb: 0,
    before: { heapUsedMb: liveMb, heapTotalMb: liveMb, externalMb: 0 },
  }
}

function account(different: Partial<Account> = {}): Account {
  return {
    watching: true,
    matched: taken,
    accountedFor: taken,
    skipped: 0,
    missed: 0,
    gapsOfUnknownSize: 0,
    accepted: taken,
    behind: 0,
    cuts: 0,
    ...different,
  }
}

/** The promises that were broken. */
function broken(different: Partial<Findings>): readonly string[] {
  return gatesOf(findings(different), plan)
    .filter(({ kept }) => !kept)
    .map(({ promise }) => promise.slice(0, 2))
}

test('a soak in which nothing is wrong keeps every promise', () => {
  expect(broken({})).toEqual([])
})

test('a peak, growth of what is live and growth of resident memory break a promise each', () => {
  expect(broken({ samples: samples((minute) => (minute === 3 ? 701 : 300)) })).toEqual(['S1'])
  expect(broken({ last: weight(130) })).toEqual(['S2'])
  expect(broken({ samples: samples((minute) => 300 + 1.5 * minute + 20 * Math.random()) })).toEqual(['S3'])
  expect(broken({ samples: samples((minute) => 300 + 0.5 * minute + 20 * Math.random()) })).toEqual([])
})

test('posts that were not taken and freezes that never happened break a promise each', () => {
  const { load } = findings()
  expect(broken({ load: { ...load, impressionsDue: taken * 1.06 } })).toEqual(['S4'])
  expect(broken({ freezes: { count: 3, seenSilent: 0, slowestReturnMs: 1000 } })).toEqual(['S6'])
})

test('one impression too many or too few in the books of one viewer breaks a promise', () => {
  const [first, ...others] = findings().reading
  const with1 = (different: Partial<Account>) => ({ reading: [{ ...first, ...account(different) }, ...others] })
  expect(broken(with1({ matched: taken - 1, accountedFor: taken - 1 }))).toEqual(['S5'])
  expect(broken(with1({ accountedFor: taken + 1 }))).toEqual(['S5'])
  expect(broken(with1({ missed: 1 }))).toEqual(['S5'])
  expect(broken(with1({ matched: 600, accountedFor: 600, missed: 400, behind: 1 }))).toEqual([])
  const freezing = findings().freezing.map((one) => ({ ...one, matched: 600, accountedFor: 600, missed: 400 }))
  expect(broken({ freezing })).toEqual([])
  expect(broken({ freezing: freezing.map((one) => ({ ...one, missed: 399 })) })).toEqual(['S5'])
})
