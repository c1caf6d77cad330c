import { expect, test } from 'vitest'
import { RateMeter } from './rate.ts'

function meterOf(readings: readonly (readonly [atMs: number, matched: number, sampledOut: number])[]): RateMeter {
  const meter = new RateMeter()
  meter.reset({ atMs: 0, matched: 0, sampledOut: 0 }, undefined)
  for (const [atMs, matched, sampledOut] of readings) meter.read({ atMs, matched, sampledOut })
  return meter
}

test('the rate is of the last three seconds', () => {
  const meter = meterOf([1000, 2000, 3000, 4000, 5000].map((atMs) => [atMs, atMs, 0]))
  expect(meter.rate(5000)).toMatchObject({ perSecond: 1000, oneIn: 1, lastMatchMs: 5000 })
  expect(meter.rate(60_000)).toMatchObject({ perSecond: 0, lastMatchMs: 5000 })
})

test('the share that is sent comes from exact counts', () => {
  const meter = meterOf([
    [1000, 10_000, 8000],
    [2000, 20_000, 16_000],
  ])
  expect(meter.rate(2000)).toMatchObject({ perSecond: 10_000, oneIn: 5 })
})
