import type { Wish } from '../workload.ts'

/** Who watches during a soak: 160 on one of the flags most asked for, 20 on everything, 20 on one user each. */
export const crowd = { reading: 180, freezing: 20 } as const

const flags = 14
const perTen = { flag: 8, everything: 1 } as const

export const crowdSize = crowd.reading + crowd.freezing

/** What each one wants; those that freeze come last, in the same proportions. */
export const crowdWishes: readonly Wish[] = Array.from({ length: crowdSize }, (_, index): Wish => {
  const place = index % 10
  if (place < perTen.flag) return { kind: 'flag', flag: `flag_${index % flags}` }
  if (place < perTen.flag + perTen.everything) return { kind: 'everything' }
  return { kind: 'key', key: `user-${Math.floor(index / 10)}` }
})
