import { filterLimits } from '../limits.ts'
import { failed, ok, type Result } from '../result.ts'
import { fault } from './fault.ts'
import type { Filter, FilterError } from './filter.ts'
import { readTerms } from './lex.ts'
import { normalFilter } from './normal.ts'
import { printFilter } from './print.ts'
import { passesBytes } from './size.ts'

/** Reads any text: the filter in its normal form, or what is wrong, where, and what would be right. Never throws. */
export function parseFilter(text: string): Result<Filter, FilterError> {
  const typed = readTerms(text)
  if (!typed.ok) return typed
  const filter = normalFilter({ terms: typed.value.map(({ term }) => term) })
  // Quotes and units may make the canonical text longer than what was typed, and it has to be a filter as well.
  if (passesBytes(printFilter(filter), filterLimits.bytes) === undefined) return ok(filter)
  const right = `at most ${filterLimits.bytes} bytes, in its canonical spelling too`
  return failed(fault(text, { start: 0, end: text.length }, 'too long a filter', right))
}
