import type { Pick } from './heard.ts'
import { type Match, pickedIndexes } from './match.ts'

/** What leaves of a match: the match for its counts, and the rows that stay after sampling. */
export type Admitted = { readonly match: Match; readonly picks: readonly Pick[]; readonly rows: number }

/**
 * Keeps `keep` rows of all matches together, each row with the same chance whatever its treatment or batch (selection
 * sampling: Knuth, The Art of Computer Programming, vol. 2, 3.4.2, algorithm S).
 */
export function sampleRows(matches: readonly Match[], keep: number, random: () => number): readonly Admitted[] {
  let left = matches.reduce((rows, match) => rows + match.impressions, 0)
  if (keep >= left) return matches.map((match) => ({ match, picks: match.picks, rows: match.impressions }))
  let wanted = keep
  const chosen = (): boolean => {
    const take = random() * left < wanted
    left--
    if (take) wanted--
    return take
  }
  return matches.map((match) => {
    const picks: Pick[] = []
    let rows = 0
    for (const pick of match.picks) {
      const kept = pickedIndexes(pick).filter(chosen)
      if (kept.length > 0) picks.push({ span: pick.span, rows: kept })
      rows += kept.length
    }
    return { match, picks, rows }
  })
}
