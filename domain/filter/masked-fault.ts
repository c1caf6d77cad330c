import { isMaskedField } from './compile-masked.ts'
import { fault } from './fault.ts'
import { spellField } from './fields.ts'
import type { FilterError, Term } from './filter.ts'
import { readTerms } from './lex.ts'

/**
 * What a filter asks of fields that are masked wherever its asker may look: it would find nothing there, and they should know
 * why. A text that is no filter has another fault.
 */
export function maskedFault(text: string): FilterError | undefined {
  const read = readTerms(text)
  if (!read.ok) return undefined
  for (const { term, ...span } of read.value) {
    const right = asksHidden(term)
    if (right !== undefined) return fault(text, span, 'masked', right)
  }
  return undefined
}

/** Why a term finds nothing in masked rows. */
export function asksHidden(term: Term): string | undefined {
  if (term.kind !== 'text') return undefined
  const field = spellField(term.field)
  if (typeof term.field === 'object' || term.field === 'ip') return `${field} is hidden from you`
  const wild = isMaskedField(term) && term.patterns.some(({ kind }) => kind === 'glob')
  return wild ? `${field} can be filtered by its exact value only: you see masked keys` : undefined
}
