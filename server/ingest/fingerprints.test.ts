import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Fingerprint, Fingerprints } from './fingerprints.ts'

/** Few different ones, so that they share slots, come again, and differ in one half only. */
const fingerprint: fc.Arbitrary<Fingerprint> = fc.record({
  high: fc.constantFrom(0, 1, -1),
  low: fc.constantFrom(0, 1, 8, 16, -1, -(2 ** 31), 2 ** 31 - 1),
})
const step = fc.oneof(
  fc.record({ add: fingerprint, forMs: fc.constant(10) }),
  fc.record({ has: fingerprint }),
  fc.record({ passMs: fc.nat(12) }),
)

test('whatever comes in whatever order, exactly the newest that are not too old are kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 200 }), (most, steps) => {
      const fingerprints = new Fingerprints(most)
      let kept: { name: string; untilMs: number }[] = []
      let crowdedOut = 0
      let nowMs = 0
      for (const one of steps) {
        if ('add' in one) {
          fingerprints.add(one.add, nowMs + one.forMs)
          kept.push({ name: JSON.stringify(one.add), untilMs: nowMs + one.forMs })
          if (kept.length > most) crowdedOut++
          kept = kept.slice(-most)
        } else if ('has' in one) {
          expect(fingerprints.has(one.has)).toBe(kept.some(({ name }) => name === JSON.stringify(one.has)))
        } else {
          nowMs += one.passMs
          fingerprints.forget(nowMs)
          kept = kept.filter(({ untilMs }) => untilMs > nowMs)
        }
        expect([fingerprints.size, fingerprints.crowdedOut]).toEqual([kept.length, crowdedOut])
      }
    }),
    { numRuns: 500 },
  )
})
