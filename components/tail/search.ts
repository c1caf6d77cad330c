import { compileFilter } from '../../domain/filter/compile.ts'
import type { Filter, FilterError } from '../../domain/filter/filter.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { printFilter } from '../../domain/filter/print.ts'
import type { Span } from '../../domain/filter/span.ts'
import { readTokens } from '../../domain/filter/tokens.ts'
import { isUnfinished } from '../../domain/filter/unfinished.ts'
import type { RowEntry } from './entry.ts'

/** What stands in the query bar, and the filter that applies: that of its good terms. */
export type Search = {
  readonly text: string
  readonly filter: Filter
  /** The filter's one canonical text, which is what the server is asked for. */
  readonly canonical: string
  readonly error?: FilterError | undefined
  readonly passes: (row: RowEntry) => boolean
}

/** The search before anything was typed: everything passes. */
export const emptySearch: Search = { text: '', filter: { terms: [] }, canonical: '', passes: () => true }

/**
 * Reads what was typed. A mistake spoils its own term only: the others apply, the same when they are typed and when they come
 * with a link. The term that is being typed says nothing while it is unfinished.
 */
export function readSearch(text: string, before: Search, typing?: Span): Search {
  const read = typing && isUnfinished(text.slice(typing.start, typing.end)) ? blanked(text, typing) : text
  const parsed = parseFilter(read)
  const good = parsed.ok ? parsed : parseFilter(withoutMistakes(read))
  if (!good.ok) return { ...before, text, error: good.error }
  const error = parsed.ok ? undefined : parsed.error
  const canonical = printFilter(good.value)
  if (canonical === before.canonical) return { ...before, text, error }
  const matcher = compileFilter(good.value)
  return { text, filter: good.value, canonical, error, passes: (row) => matcher.matches(row.impression) }
}

function withoutMistakes(text: string): string {
  return readTokens(text)
    .filter(({ read }) => 'error' in read)
    .reduce(blanked, text)
}

/** In its place stands white space, so that the places of mistakes are those of the text. */
function blanked(text: string, { start, end }: Span): string {
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)
}
