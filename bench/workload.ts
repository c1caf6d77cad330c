/** The workload of every figure here: posts of 250 impressions over some 86 of 200 flags, which are asked for by Zipf's law. */
export const workload = { flags: 200, perPost: 250, keys: 10_000 } as const

/** What a viewer wants to see. */
export type Wish =
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'everything' }
  | { readonly kind: 'key'; readonly key: string }

const popularFlags = 14

/** 50 viewers: 40 on one of the flags most asked for, 5 on all, 5 on one user each: 6.6 wanted deliveries per impression. */
export const wishes: readonly Wish[] = [
  ...Array.from({ length: 40 }, (_, index): Wish => ({ kind: 'flag', flag: `flag_${index % popularFlags}` })),
  ...Array.from({ length: 5 }, (): Wish => ({ kind: 'everything' })),
  ...Array.from({ length: 5 }, (_, index): Wish => ({ kind: 'key', key: `user-${index}` })),
]

const weights = Array.from({ length: workload.flags }, (_, rank) => 1 / (rank + 1))
const total = weights.reduce((sum, weight) => sum + weight, 0)

function pickFlag(random: () => number): number {
  let left = random() * total
  for (const [rank, weight] of weights.entries()) {
    left -= weight
    if (left <= 0) return rank
  }
  return weights.length - 1
}

/** A row as an SDK sends it. */
export type SentRow = {
  k: string
  readonly t: string
  readonly m: number
  readonly c: number
  readonly r: string
}

/** The rows of one flag in a post, as an SDK groups them. */
export type SentGroup = { readonly f: string; readonly i: readonly SentRow[] }

/** One post, grouped by flag as SDKs do. `key` names the user of each row. */
export function postGroups(
  impressions: number,
  key: (index: number) => string,
  random: () => number,
): readonly SentGroup[] {
  const groups = new Map<string, SentRow[]>()
  for (let index = 0; index < impressions; index++) {
    const flag = `flag_${pickFlag(random)}`
    const t = random() < 0.5 ? 'on' : 'off'
    const row = { k: key(index), t, m: Date.now(), c: 1_718_900_000_123, r: 'default rule' }
    const known = groups.get(flag)
    if (known) known.push(row)
    else groups.set(flag, [row])
  }
  return [...groups].map(([f, i]) => ({ f, i }))
}

/** One post's body. */
export function postBody(
  impressions: number,
  key: (index: number) => string,
  random: () => number = Math.random,
): string {
  return JSON.stringify(postGroups(impressions, key, random))
}

/** A user of the workload. */
export function anyKey(): string {
  return keyOf(Math.random)
}

export function keyOf(random: () => number): string {
  return `user-${Math.floor(random() * workload.keys)}`
}

/** Random numbers from 0 to 1, the same ones in each run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The value below which a share of the sorted numbers lies. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
