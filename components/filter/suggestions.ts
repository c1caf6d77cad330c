import { fieldEnd } from '../../domain/filter/fields.ts'
import type { textFields } from '../../domain/filter/filter.ts'
import { spellPattern } from '../../domain/filter/spell.ts'
import { type FacetFacts, facetFields, facetValues } from '../facets/facet-fields.ts'

/** What could be meant by what stands at the caret. */
export type Suggestion =
  /** `raw` takes the place of what is typed, and a value is typed next. */
  | { readonly kind: 'field'; readonly raw: string; readonly name: string; readonly about: string }
  /** `raw` is a whole term. */
  | {
      readonly kind: 'value'
      readonly raw: string
      readonly field: string
      readonly value: string
      readonly impressions?: number
    }
  /** Takes the place of the whole filter. */
  | { readonly kind: 'query'; readonly text: string }

export type SuggestionGroup = {
  readonly title: string
  readonly suggestions: readonly Suggestion[]
}

const mostValues = 8
const mostPerField = 3

const about: Readonly<Record<(typeof textFields)[number] | 'lag' | 'prop.', string>> = {
  flag: 'feature flag',
  key: 'user id that was evaluated',
  treatment: 'variation returned',
  label: 'rule that matched',
  env: 'environment',
  sdk: 'language, or language-version',
  machine: 'machine name',
  'prop.': 'property, as in prop.plan:pro',
  lag: 'received − evaluated, as in lag:>5s',
  change: 'change number of the flag',
  bucket: 'bucketing key',
  traffic: 'traffic type',
  ip: 'machine IP',
  mode: 'impressions mode',
  source: 'the door it came through',
  repeat: 'seen before by its SDK',
}

/** Values that do not depend on what comes in. */
const fixedValues: Readonly<Record<string, readonly string[]>> = {
  mode: ['OPTIMIZED', 'DEBUG', 'NONE'],
  source: ['sdk', 'beacon'],
  repeat: ['true', 'false'],
  lag: ['>1s', '>10s', '<0'],
}

/** What fits to the raw text at the caret: fields, values as the last minute had them, and what was asked before. */
export function suggestionsFor(raw: string, facts: FacetFacts, recent: readonly string[]): readonly SuggestionGroup[] {
  const sign = raw.startsWith('-') ? '-' : ''
  const colon = fieldEnd(raw, sign.length)
  const groups =
    colon === undefined
      ? withoutField(sign, raw.slice(sign.length), facts, recent)
      : [{ title: 'Values, impressions of the last minute', suggestions: valuesOf(raw, sign, colon, facts) }]
  return groups
    .map(({ title, suggestions }) => ({ title, suggestions: suggestions.filter((one) => !says(one, raw)) }))
    .filter(({ suggestions }) => suggestions.length > 0)
}

function withoutField(
  sign: string,
  typed: string,
  facts: FacetFacts,
  recent: readonly string[],
): readonly SuggestionGroup[] {
  const fields = Object.entries(about)
    .filter(([name]) => name.startsWith(typed))
    .map(([name, words]): Suggestion => {
      const raw = `${sign}${name}${name.endsWith('.') ? '' : ':'}`
      return { kind: 'field', raw, name: raw, about: words }
    })
  const values =
    typed === ''
      ? []
      : facetFields.flatMap(({ field }) => countedValues(sign, field, typed, facts).slice(0, mostPerField))
  const queries = recent.filter((text) => has(text, sign + typed)).map((text): Suggestion => ({ kind: 'query', text }))
  return [
    { title: 'Fields', suggestions: fields },
    { title: 'Values, impressions of the last minute', suggestions: values },
    { title: 'Recent filters', suggestions: queries },
  ]
}

/** Of a list the member at its end is completed; the members before it stay. */
function valuesOf(raw: string, sign: string, colon: number, facts: FacetFacts): readonly Suggestion[] {
  const field = raw.slice(sign.length, colon)
  const value = raw.slice(colon + 1)
  if (!value.startsWith('(')) return countedValues(sign, field, plain(value), facts).slice(0, mostValues)
  const last = value.lastIndexOf('|') + 1 || 1
  return countedValues('', field, plain(value.slice(last)), facts)
    .slice(0, mostValues)
    .map((one) => {
      if (one.kind !== 'value') return one
      const member = spellPattern({ kind: 'literal', text: one.value }, { inList: true })
      return { ...one, raw: `${raw.slice(0, colon + 1)}${value.slice(0, last)}${member})` }
    })
}

function countedValues(sign: string, name: string, typed: string, facts: FacetFacts): readonly Suggestion[] {
  const raw = (value: string) => `${sign}${name}:${spellPattern({ kind: 'literal', text: value }, {})}`
  const fixed = fixedValues[name]
  if (fixed) {
    const fitting = fixed.filter((value) => has(value, typed))
    return fitting.map((value) => ({ kind: 'value', raw: `${sign}${name}:${value}`, field: name, value }))
  }
  const facet = facetFields.find(({ field }) => field === name)
  if (!facet) return []
  return facetValues(facet, facts)
    .filter(({ value }) => has(value, typed))
    .map(({ value, impressions }) => ({ kind: 'value', raw: raw(value), field: name, value, impressions }))
}

/** What a half-typed value looks for: an opening quote and a star are no part of it. */
function plain(value: string): string {
  return value.replace(/^"/, '').replace(/[*"]$/, '')
}

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

/** Whether just this is typed already. */
function says(suggestion: Suggestion, raw: string): boolean {
  return suggestion.kind !== 'query' && suggestion.raw === raw
}
