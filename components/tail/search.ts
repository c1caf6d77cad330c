import { compileFilter } from '../../domain/filter/compile.ts'
import { compileMasked } from '../../domain/filter/compile-masked.ts'
import type { Filter, FilterError } from '../../domain/filter/filter.ts'
import { asksHidden, maskedFault } from '../../domain/filter/masked-fault.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { printFilter } from '../../domain/filter/print.ts'
import type { Span } from '../../domain/filter/span.ts'
import { readTokens, type Token } from '../../domain/filter/tokens.ts'
import { isUnfinished } from '../../domain/filter/unfinished.ts'
import { isMask } from '../../domain/masked.ts'
import type { RowEntry } from './entry.ts'

/** What stands in the query bar, and the filter that applies: that of its good terms. */
export type Search = {
  readonly text: string
  readonly filter: Filter
  /** The filter's one canonical text, which is what the server is asked for. */
  readonly canonical: string
  readonly error?: FilterError | undefined
  /** Whether it is certain that the filter lets a row through: which key a mask stands for, only the server knows. */
  readonly passes: (row: RowEntry) => boolean
}

export type HowRead = {
  /** The term that the caret is in. */
  readonly typing?: Span | undefined
  /** Everything that may be seen is masked, so that a filter for what is hidden is a mistake. */
  readonly masked?: boolean
}

/** The search before anything was typed: everything passes. */
export const emptySearch: Search = { text: '', filter: { terms: [] }, canonical: '', passes: () => true }

/**
 * Reads what was typed. A mistake spoils its own term only: the others apply, the same when they are typed and when they come
 * with a link. The term that is being typed says nothing while it is unfinished.
 */
export function readSearch(text: string, before: Search, { typing, masked = false }: HowRead = {}): Search {
  const read = typing && isUnfinished(text.slice(typing.start, typing.end)) ? blanked(text, typing) : text
  const parsed = parseFilter(read)
  const fault = masked ? maskedFault(read) : undefined
  const good = parsed.ok && !fault ? parsed : parseFilter(withoutMistakes(read, masked))
  if (!good.ok) return { ...before, text, error: good.error }
  const error = parsed.ok ? fault : parsed.error
  const canonical = printFilter(good.value)
  if (canonical === before.canonical) return { ...before, text, error }
  return { text, filter: good.value, canonical, error, passes: passing(good.value) }
}

function passing(filter: Filter): Search['passes'] {
  const plain = compileFilter(filter)
  const masked = compileMasked(filter, (text) => (isMask(text) ? [text] : undefined))
  return ({ impression }) => (impression.masked ? masked : plain).matches(impression)
}

function withoutMistakes(text: string, masked: boolean): string {
  const isMistake = ({ read }: Token) => 'error' in read || (masked && asksHidden(read.term) !== undefined)
  return readTokens(text).filter(isMistake).reduce(blanked, text)
}

/** In its place stands white space, so that the places of mistakes are those of the text. */
function blanked(text: string, { start, end }: Span): string {
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)
}
