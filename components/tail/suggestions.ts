import { fieldValues } from '../../domain/filter/edit.ts'
import type { Filter, TextField } from '../../domain/filter/filter.ts'
import { defaultLimits } from '../../domain/limits.ts'
import type { Facet, Facets } from '../../domain/protocol.ts'

/** A value that would narrow the filter, with its share of the last minute. */
export type Suggestion = { readonly field: TextField; readonly value: string; readonly impressions: number }

const facetSeconds = 60
const most = 3
/** A value that nearly everything has narrows nothing. */
const narrowsBelow = 0.95

/**
 * The values that bring the most rows of those that can be shown whole, and then the smallest of those that are still too
 * many. Fields that the filter names already are left alone.
 */
export function suggestionsOf(facets: Facets | undefined, filter: Filter): readonly Suggestion[] {
  if (!facets) return []
  const fields: readonly (readonly [TextField, Facet])[] = [
    ['flag', facets.flags],
    ['treatment', facets.treatments],
    ['env', facets.environments],
  ]
  const values = fields.flatMap(([field, facet]) =>
    fieldValues(filter, field).length > 0 ? [] : narrowing(field, facet),
  )
  const fits = ({ impressions }: Suggestion) => impressions / facetSeconds <= defaultLimits.tailRowsPerSecond
  const whole = values.filter(fits).sort((a, b) => b.impressions - a.impressions)
  const large = values.filter((value) => !fits(value)).sort((a, b) => a.impressions - b.impressions)
  return [...whole, ...large].slice(0, most)
}

function narrowing(field: TextField, { values, other }: Facet): readonly Suggestion[] {
  const total = values.reduce((sum, [, impressions]) => sum + impressions, other)
  return values
    .filter(([, impressions]) => impressions > 0 && impressions < narrowsBelow * total)
    .map(([value, impressions]) => ({ field, value, impressions }))
}
