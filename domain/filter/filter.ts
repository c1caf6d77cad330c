/** Fields whose value is text, as FILTER.md names them; a property's field is `{ prop: name }`. */
export const textFields = [
  'env',
  'flag',
  'key',
  'bucket',
  'treatment',
  'label',
  'sdk',
  'machine',
  'ip',
  'traffic',
  'mode',
  'source',
  'repeat',
  'change',
] as const
export type TextField = (typeof textFields)[number]
export type NumberField = 'change' | 'lag'

/** A field whose value can be compared with a text. */
export type Field = TextField | { readonly prop: string }

/** One thing that a value is compared with, as a whole. */
export type Pattern =
  | { readonly kind: 'literal'; readonly text: string }
  /** `*` and `?` are wild, `\` takes the next character as it is; in the normal form it stands before `*`, `?` and `\` only. */
  | { readonly kind: 'glob'; readonly glob: string }

export type Comparison = { readonly operator: '>' | '>=' | '<' | '<='; readonly number: number }

/** A term in its normal form: doubles removed, lists sorted, words in lower case, lag in whole ms. */
export type Term =
  | {
      readonly kind: 'text'
      readonly exclude: boolean
      readonly field: Field
      /** One or more; the term holds when one of them matches. */
      readonly patterns: readonly Pattern[]
    }
  | {
      readonly kind: 'comparison'
      readonly exclude: boolean
      readonly field: NumberField
      readonly comparison: Comparison
    }
  | { readonly kind: 'word'; readonly exclude: boolean; readonly text: string }

/** All of its terms must hold; none = everything matches. */
export type Filter = { readonly terms: readonly Term[] }

/** What is wrong with a filter's text. `position` and the token's length are in UTF-16 units. */
export type FilterError = { readonly message: string; readonly token: string; readonly position: number }
