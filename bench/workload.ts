/** The workload of every figure here: posts of 250 impressions over some 86 of 200 flags, which are asked for by Zipf's law. */
export const workload = { flags: 200, perPost: 250, keys: 10_000 } as const

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

/** One post's body, grouped by flag as SDKs do. `key` names the user of each row. */
export function postBody(
  impressions: number,
  key: (index: number) => string,
  random: () => number = Math.random,
): string {
  const groups = new Map<number, object[]>()
  for (let index = 0; index < impressions; index++) {
    const flag = pickFlag(random)
    const row = {
      k: key(index),
      t: random() < 0.5 ? 'on' : 'off',
      m: Date.now(),
      c: 1_718_900_000_123,
      r: 'default rule',
    }
    groups.set(flag, [...(groups.get(flag) ?? []), row])
  }
  return JSON.stringify([...groups].map(([flag, rows]) => ({ f: `flag_${flag}`, i: rows })))
}

/** A user of the workload. */
export function anyKey(): string {
  return `user-${Math.floor(Math.random() * workload.keys)}`
}

/** The value below which a share of the sorted numbers lies. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
