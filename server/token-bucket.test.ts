import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 50_000 }), burst: fc.integer({ min: 1, max: 10_000 }) })
/** Waits in ms, and how many things are wanted after each. */
const wants = fc.array(fc.tuple(fc.double({ min: 0, max: 3000, noNaN: true }), fc.nat(20_000)), { maxLength: 60 })

test('C13 a token bucket lets no more through than its burst and its rate over the time', () => {
  fc.assert(
    fc.property(rate, wants, ({ perSecond, burst }, wants) => {
      const bucket = new TokenBucket(perSecond, burst, 0)
      let [nowMs, taken] = [0, 0]
      for (const [waitMs, wanted] of wants) {
        nowMs += waitMs
        const count = Math.min(wanted, bucket.available(nowMs))
        bucket.take(count)
        taken += count
        expect(taken).toBeLessThanOrEqual(burst + (nowMs * perSecond) / 1000 + 1e-6)
      }
    }),
  )
})

test('C13 after the wait that it tells, one is there; and after a quiet time the whole burst, no more', () => {
  fc.assert(
    fc.property(rate, fc.nat(20_000), ({ perSecond, burst }, debt) => {
      const bucket = new TokenBucket(perSecond, burst, 0)
      bucket.take(Math.min(burst, bucket.available(0)) + debt)
      const waitMs = bucket.waitMs()
      expect(bucket.available(waitMs)).toBeGreaterThanOrEqual(1)
      if (waitMs > 1) expect(new TokenBucketOwing(perSecond, burst, debt).available(waitMs - 1)).toBe(0)
      expect(bucket.available(1e12)).toBe(burst)
    }),
  )
})

test('C13 a clock that is set back gives nothing, and does not stop the bucket until it has caught up', () => {
  const bucket = new TokenBucket(1, 2, 5000)
  bucket.take(2)
  expect(bucket.available(1000)).toBe(0)
  expect(bucket.available(2000)).toBe(1)
})

/** A bucket whose burst is gone and that owes as much again. */
class TokenBucketOwing extends TokenBucket {
  constructor(perSecond: number, burst: number, debt: number) {
    super(perSecond, burst, 0)
    this.take(burst + debt)
  }
}
