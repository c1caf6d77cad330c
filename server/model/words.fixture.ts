export type Flagged = { readonly flag: string; readonly key: string; readonly treatment: string }

const flags = ['checkout', 'search', 'banner', 'price'] as const
const treatments = ['on', 'off', 'control'] as const
const keys = ['ann', 'bob', 'cem'] as const

/** What viewers of the model may filter by; `$prod` and `$stage` stand for the run's environments. */
export const filters = [
  '',
  'flag:checkout',
  'key:ann',
  'treatment:on',
  'env:$prod',
  'env:$stage flag:(search|price)',
  'sear',
  '-flag:banner',
] as const

/** Rows over several flags, keys and treatments; the same numbers give the same rows. */
export function mixedRows(count: number, mix: number): readonly Flagged[] {
  return Array.from({ length: count }, (_, index) => row(index * (1 + (mix % 5)) + mix, index + mix, index * mix))
}

/** One row at least for each of `filters`. */
export const markerRows: readonly Flagged[] = [
  { flag: 'checkout', key: 'ann', treatment: 'on' },
  { flag: 'search', key: 'bob', treatment: 'off' },
]

function row(flag: number, key: number, treatment: number): Flagged {
  return {
    flag: flags[flag % flags.length] ?? flags[0],
    key: keys[key % keys.length] ?? keys[0],
    treatment: treatments[treatment % treatments.length] ?? treatments[0],
  }
}

/** A row's own name; it travels as the bucketing key. */
export function rowName(number: number): string {
  return `r${number}`
}
