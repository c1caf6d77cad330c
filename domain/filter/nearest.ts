const furthestEdits = 2
const longestWord = 20

/** The word that was probably meant: the same but for case, an ending or at most two slips; `undefined` when none is near. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  if (typed.length > longestWord) return undefined
  const lower = typed.toLowerCase()
  const extended = words.find((word) => lower.startsWith(word) || (lower.length > 1 && word.startsWith(lower)))
  if (extended !== undefined) return extended
  const ranked = words
    .map((word) => ({ word, edits: editDistance(lower, word) }))
    .filter(({ word, edits }) => edits <= furthestEdits && edits < word.length - 1)
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.word
}

/** Insertions, deletions, replacements and swaps of neighbours that make one word the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = above
    above = current
  }
  return above[b.length] ?? 0
}
