import type { Impression } from '../impression.ts'
import type { Field, Filter, NumberField, Pattern, Term } from './filter.ts'

/** FILTER.md read aloud, term by term and without a thought for speed: what the compiled matcher is compared with. */
export function naiveMatches(filter: Filter, impression: Impression): boolean {
  return filter.terms.every((term) => finds(term, impression) !== term.exclude)
}

function finds(term: Term, impression: Impression): boolean {
  if (term.kind === 'word') return naiveTexts('word', impression).some((text) => text.toLowerCase().includes(term.text))
  if (term.kind === 'comparison')
    return holds(term.comparison.operator, numberOf(term.field, impression), term.comparison.number)
  const fold = ['mode', 'source', 'repeat'].some((field) => field === term.field)
  return naiveTexts(term.field, impression).some((text) =>
    term.patterns.some((pattern) => isMatch(pattern, text, fold)),
  )
}

function isMatch(pattern: Pattern, text: string, fold: boolean): boolean {
  const cased = (any: string) => (fold ? any.toLowerCase() : any)
  if (pattern.kind === 'literal') return cased(text) === cased(pattern.text)
  return naiveGlob(cased(pattern.glob), cased(text))
}

/** The texts that a field, or a word, looks at; none when the value is absent. */
export function naiveTexts(field: Field | 'word', impression: Impression): readonly string[] {
  const { sdk, sdkVersion, properties } = impression
  const present = (...values: readonly unknown[]) =>
    values.filter((value) => value !== undefined && value !== null).map(String)
  if (typeof field === 'object') {
    const entries = typeof properties === 'object' ? Object.entries(properties) : []
    return present(...entries.filter(([name]) => name === field.prop).map(([, value]) => value))
  }
  const table: Record<Exclude<Field, object> | 'word', readonly string[]> = {
    word: present(impression.flag, impression.key, impression.treatment, impression.label),
    env: [impression.environmentId, impression.environmentName],
    flag: [impression.flag],
    key: [impression.key],
    bucket: present(impression.bucketingKey),
    treatment: [impression.treatment],
    label: present(impression.label),
    sdk: present(sdk, sdk !== undefined && sdkVersion !== undefined ? `${sdk}-${sdkVersion}` : undefined),
    machine: present(impression.machineName),
    ip: present(impression.machineIp),
    traffic: present(impression.trafficTypeName),
    mode: present(impression.impressionsMode),
    source: [impression.source],
    repeat: [impression.previousTimestamp === undefined ? 'false' : 'true'],
    change: present(impression.changeNumber),
  }
  return table[field]
}

function numberOf(field: NumberField, impression: Impression): number | undefined {
  if (field === 'lag') return impression.receptionTimestamp - impression.timestamp
  return typeof impression.changeNumber === 'number' ? impression.changeNumber : undefined
}

function holds(operator: string, value: number | undefined, number: number): boolean {
  if (value === undefined) return false
  if (value === number) return operator.endsWith('=')
  return operator.startsWith('>') ? value > number : value < number
}

/** A glob by plain recursion over code points; may take for ever on long ones. */
export function naiveGlob(glob: string, value: string): boolean {
  return recurse([...glob], [...value])
}

function recurse(glob: readonly string[], value: readonly string[]): boolean {
  const [first, ...rest] = glob
  if (first === undefined) return value.length === 0
  if (first === '*') return recurse(rest, value) || (value.length > 0 && recurse(glob, value.slice(1)))
  if (first === '?') return value.length > 0 && recurse(rest, value.slice(1))
  if (first !== '\\') return value[0] === first && recurse(rest, value.slice(1))
  return value[0] === rest[0] && recurse(rest.slice(1), value.slice(1))
}
