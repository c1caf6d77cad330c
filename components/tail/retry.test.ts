import { expect, test } from 'vitest'
import { retryDelayMs } from './retry.ts'

test('U35 tries are 0.5 to 3 seconds apart, spread so that viewers do not return as one', () => {
  expect([0, 1, 2, 3, 4, 99].map((tries) => retryDelayMs(tries, () => 1))).toEqual([500, 1000, 2000, 3000, 3000, 3000])
  expect([0, 3, 99].map((tries) => retryDelayMs(tries, () => 0))).toEqual([500, 1500, 1500])
})
