import { compileFilter } from '../../domain/filter/compile.ts'
import { dropValue, excludeValue, fieldValues, setField } from '../../domain/filter/edit.ts'
import type { Filter, TextField } from '../../domain/filter/filter.ts'
import type { Facets } from '../../domain/protocol.ts'
import type { View } from '../tail/view.ts'

/** A field whose values are counted by the server, before the filter. */
export type FacetField = {
  readonly field: Extract<TextField, 'env' | 'flag' | 'treatment' | 'label' | 'sdk' | 'machine'>
  readonly title: string
  readonly plural: string
  readonly facet: keyof Facets
}

export const environmentField: FacetField = {
  field: 'env',
  title: 'Environment',
  plural: 'environments',
  facet: 'environments',
}

export const facetFields: readonly FacetField[] = [
  environmentField,
  { field: 'flag', title: 'Flag', plural: 'flags', facet: 'flags' },
  { field: 'treatment', title: 'Treatment', plural: 'treatments', facet: 'treatments' },
  { field: 'label', title: 'Label', plural: 'labels', facet: 'labels' },
  { field: 'sdk', title: 'SDK', plural: 'SDKs', facet: 'sdks' },
  { field: 'machine', title: 'Machine', plural: 'machines', facet: 'machines' },
]

/** What the facets are made of, one look at it. */
export type FacetFacts = Pick<View, 'facets' | 'environments'> & { readonly filter: Filter }

/** A value with its impressions of the last minute; none told where nobody counted, as for an environment not chosen. */
export type FacetValue = {
  readonly value: string
  readonly impressions: number | undefined
  readonly mark: 'none' | 'only' | 'without'
}

/** The values of a field, largest first; those that the filter names are there even when nothing came of them. */
export function facetValues({ field, facet }: FacetField, facts: FacetFacts): readonly FacetValue[] {
  const { facets, environments, filter } = facts
  const counted = field === 'env' ? environmentCounts(facts) : (facets?.[facet].values ?? [])
  const names = new Map(environments.map(({ id, name }) => [id, name]))
  const named = (exclude: boolean) =>
    new Set(fieldValues(filter, field, exclude).map((value) => (field === 'env' ? (names.get(value) ?? value) : value)))
  const [only, without] = [named(false), named(true)]
  const known = new Set(counted.map(([value]) => value))
  const absent = [...only, ...without].filter((value) => !known.has(value)).map((value) => [value, 0] as const)
  return [...counted, ...absent].map(([value, impressions]) => ({
    value,
    impressions,
    mark: only.has(value) ? 'only' : without.has(value) ? 'without' : 'none',
  }))
}

/** The values in an order that was there before, each in its place even when nothing comes of it any more; new ones behind. */
export function inOrder(values: readonly FacetValue[], order: readonly string[]): readonly FacetValue[] {
  const known = new Map(values.map((one) => [one.value, one]))
  const before = order.map((value): FacetValue => known.get(value) ?? { value, impressions: 0, mark: 'none' })
  const placed = new Set(order)
  return [...before, ...values.filter(({ value }) => !placed.has(value))]
}

/** What a click on a value does to the filter. */
export type FacetAct =
  /** Only this one; one that is the only one, or excluded, is taken off. */
  | 'only'
  /** This one too, or no longer. */
  | 'add'
  /** All but this one, or no longer. */
  | 'exclude'

/** The filter's text after a click on a value. */
export function actOn(
  text: string,
  { field }: FacetField,
  act: FacetAct,
  { value, mark }: FacetValue,
  chosen: readonly string[],
): string {
  if (mark === 'without' && act !== 'add') return dropValue(text, field, value)
  if (act === 'exclude') return excludeValue(text, field, value)
  if (mark === 'only' && (act === 'add' || chosen.length === 1)) {
    return setField(
      text,
      field,
      chosen.filter((one) => one !== value),
    )
  }
  return setField(text, field, act === 'add' ? [...chosen, value] : [value])
}

type Counts = readonly (readonly [value: string, impressions: number | undefined])[]

/** Every environment by its name; the server counts those that the filter lets through. */
function environmentCounts({ facets, environments, filter }: FacetFacts): Counts {
  const counts = new Map(facets?.environments.values)
  const { environment: isChosen } = compileFilter(filter)
  return environments
    .map((one) => [one.name, isChosen(one) ? (counts.get(one.id) ?? 0) : undefined] as const)
    .sort((a, b) => (b[1] ?? -1) - (a[1] ?? -1))
}
