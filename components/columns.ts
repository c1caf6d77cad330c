import type { TextField } from '../domain/filter/filter.ts'
import type { Impression } from '../domain/impression.ts'

export type Column = {
  readonly name: string
  readonly field: TextField
  readonly text: (impression: Impression) => string | undefined
  /** Shown only where there is room. */
  readonly wide: boolean
  readonly mono?: true
}

/** The columns after the time, in their order. A value can be included and excluded by what `text` gives. */
export const columns: readonly Column[] = [
  { name: 'Env', field: 'env', text: (impression) => impression.environmentName, wide: true },
  { name: 'Flag', field: 'flag', text: (impression) => impression.flag, wide: false },
  { name: 'Key', field: 'key', text: (impression) => impression.key, wide: false, mono: true },
  { name: 'Treatment', field: 'treatment', text: (impression) => impression.treatment, wide: false },
  { name: 'Label', field: 'label', text: (impression) => impression.label, wide: true },
  { name: 'SDK', field: 'sdk', text: sdkText, wide: true },
]

/** Name and version as the SDK sends them: `nodejs-11.11.2`. */
export function sdkText({ sdk, sdkVersion }: Impression): string | undefined {
  return sdk !== undefined && sdkVersion !== undefined ? `${sdk}-${sdkVersion}` : sdk
}
