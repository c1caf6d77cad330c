import { compileFilter } from '../../domain/filter/compile.ts'
import type { Filter, FilterError } from '../../domain/filter/filter.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { printFilter } from '../../domain/filter/print.ts'
import type { Span } from '../../domain/filter/span.ts'
import { isUnfinished } from '../../domain/filter/unfinished.ts'
import type { RowEntry } from './entry.ts'

/** What stands in the query bar, and the filter that applies: the last good one while the text is not one. */
export type Search = {
  readonly text: string
  readonly filter: Filter
  /** The filter's one canonical text, which is what the server is asked for. */
  readonly canonical: string
  readonly error?: FilterError
  readonly passes: (row: RowEntry) => boolean
}

/** The search before anything was typed: everything passes. */
export const emptySearch: Search = { text: '', filter: { terms: [] }, canonical: '', passes: () => true }

/**
 * Reads what was typed; a mistake keeps the filter that applied before. The term that is being typed says nothing while it
 * is unfinished.
 */
export function readSearch(text: string, before: Search, typing?: Span): Search {
  const parsed = parseFilter(typing ? withoutUnfinished(text, typing) : text)
  if (!parsed.ok) return { ...before, text, error: parsed.error }
  const canonical = printFilter(parsed.value)
  if (canonical === before.canonical) return { ...before, text, error: undefined }
  const matcher = compileFilter(parsed.value)
  return { text, filter: parsed.value, canonical, passes: (row) => matcher.matches(row.impression) }
}

/** In its place stands white space, so that the places of mistakes are those of the text. */
function withoutUnfinished(text: string, { start, end }: Span): string {
  if (!isUnfinished(text.slice(start, end))) return text
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)
}
