import type { Cursor } from '../../domain/chain.ts'
import type { WholeLog } from './log.fixture.ts'
import type { RollingPage } from './page.fixture.ts'

/** What may stand between the rows of a viewer to whom every row was told. */
const harmless: readonly string[] = ['impression', 'older', 'skipped', 'resumed']

/** Everything in which a viewer differs from what the log has for it. */
export function viewerProblems(page: RollingPage, log: WholeLog): readonly string[] {
  const { begins, books, cursor, entries, flag } = page
  if (!begins || !books) return [`${flag}: never had a start`]
  const names = entries.flatMap((entry) => (entry.kind === 'impression' ? [entry.impression.key] : []))
  const holes = entries.filter(({ kind }) => !harmless.includes(kind)).length
  const { matched, held, evicted, sampledOut, skipped, missed } = books
  const numbers: readonly (readonly [what: string, is: number, should: number])[] = [
    ['gaps', page.gaps.length + holes + missed.impressions + missed.unknown, 0],
    ['steps at which the books did not add up', page.wrong.length, 0],
    ['held + evicted + sampled out + skipped', held + evicted + sampledOut + skipped, matched],
    ['matched', matched - begins.rows, log.count(begins.cursor, cursor, flag)],
    ['accepted', passed(cursor) - passed(begins.cursor), log.count(begins.cursor, cursor, '')],
    ['held', held, names.length],
    ['rows twice, in another order or not of the log', strangers(names, log.namesUpTo(cursor, flag)), 0],
  ]
  return numbers
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${flag}: ${what} ${is}, not ${should}; ${JSON.stringify(books)}`)
}

function passed(cursor: Cursor): number {
  return cursor.reduce((sum, { cumulative }) => sum + cumulative, 0)
}

/** How many of these are not met on one walk through those. */
function strangers(names: readonly string[], all: readonly string[]): number {
  let met = 0
  for (const name of all) if (name === names[met]) met++
  return names.length - met
}
