import type { Filter } from './filter.ts'
import { normalFilter } from './normal.ts'
import { spellTerm } from './spell.ts'

/** The canonical text, which names the Tail: filters that say the same, term by term, have the same. */
export function printFilter(filter: Filter): string {
  return normalFilter(filter).terms.map(spellTerm).join(' ')
}
