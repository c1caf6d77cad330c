import type { Books } from '../../domain/ledger.ts'

/** What is wrong with these books by themselves, if anything. */
export function booksProblem(books: Books): string | undefined {
  const { matched, held, evicted, sampledOut, skipped, perTreatment, missed } = books
  const counted = perTreatment.counts.reduce((sum, [, impressions]) => sum + impressions, perTreatment.other)
  const text = JSON.stringify(books)
  if (matched !== held + evicted + sampledOut + skipped) return `the books do not balance: ${text}`
  if (counted !== matched) return `treatments sum up to ${counted}: ${text}`
  const all = [matched, held, evicted, sampledOut, skipped, missed.impressions, missed.unknown]
  return all.every((count) => count >= 0) ? undefined : `a count is negative: ${text}`
}
