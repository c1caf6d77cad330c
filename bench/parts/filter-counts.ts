export const filterCounts = [10, 100, 1000, 10_000] as const

export type MatchingKind = 'flag' | 'key'

/** ns per impression to find who wants it, in process, by how many distinct exact filters there are. */
export type Matching = Readonly<Record<MatchingKind, readonly (readonly [filters: number, ns: number])[]>>
