import type { Environment, Impression, Shared } from '../impression.ts'
import { type Check, every, textTerms, valueCheck } from './checks.ts'
import type { Filter } from './filter.ts'
import { rowChecks } from './row-checks.ts'
import { environmentCheck, sharedChecks } from './shared-checks.ts'

/** A filter prepared for many impressions. `matches` = `shared` and `counted` and `row`. */
export type Matcher = {
  /** The whole filter on one impression. */
  readonly matches: (impression: Impression) => boolean
  /** Only the `env` terms: can anything of this environment match? */
  readonly environment: (environment: Pick<Environment, 'id' | 'name'>) => boolean
  /** Only the terms on fields that a whole post shares: env, sdk, machine, ip, traffic, mode, source. */
  readonly shared: (shared: Shared) => boolean
  /** Only the terms on flag, treatment and label: what a batch's header can answer. */
  readonly counted: (flag: string, treatment: string, label: string | undefined) => boolean
  /** Only the terms that need the row itself (key, bucket, prop, repeat, change, lag, words); absent when there are none. */
  readonly row?: (impression: Impression) => boolean
  /** When present, no other flag can match: the flags that exact include terms leave. */
  readonly flags?: ReadonlySet<string>
  /** Likewise for keys. */
  readonly keys?: ReadonlySet<string>
}

/** What else a filter's terms depend on. */
export type CompileOptions = {
  /** Whether words look at the key too. */
  readonly wordsSeeKeys: boolean
}

/** Prepares a filter, so that asking it parses nothing and allocates as good as nothing. */
export function compileFilter(filter: Filter, { wordsSeeKeys }: CompileOptions = { wordsSeeKeys: true }): Matcher {
  const environment = environmentCheck(filter)
  const shared = sharedChecks(filter)
  const [flag, treatment, label] = [checkOf(filter, 'flag'), checkOf(filter, 'treatment'), checkOf(filter, 'label')]
  const row = rowChecks(filter, wordsSeeKeys)
  const [flags, keys] = [onlyValues(filter, 'flag'), onlyValues(filter, 'key')]
  return {
    matches: every<Impression>([...shared, ...countedChecks({ flag, treatment, label }), ...row]),
    environment: ({ id, name }) => environment(id, name),
    shared: every(shared),
    counted: (ofFlag, ofTreatment, ofLabel) =>
      (flag?.(ofFlag) ?? true) && (treatment?.(ofTreatment) ?? true) && (label?.(ofLabel) ?? true),
    ...(row.length > 0 && { row: every(row) }),
    ...(flags && { flags }),
    ...(keys && { keys }),
  }
}

type CountedField = 'flag' | 'treatment' | 'label'
type CountedChecks = Readonly<Record<CountedField, Check<string | undefined> | undefined>>

function checkOf(filter: Filter, field: CountedField): Check<string | undefined> | undefined {
  const terms = textTerms(filter, (candidate) => candidate === field)
  return terms.length === 0 ? undefined : every(terms.map(valueCheck))
}

function countedChecks({ flag, treatment, label }: CountedChecks): readonly Check<Impression>[] {
  const checks: Check<Impression>[] = []
  if (flag) checks.push((impression) => flag(impression.flag))
  if (treatment) checks.push((impression) => treatment(impression.treatment))
  if (label) checks.push((impression) => label(impression.label))
  return checks
}

/** The values that exact include terms leave to a field, if there are such terms. */
function onlyValues(filter: Filter, field: 'flag' | 'key'): ReadonlySet<string> | undefined {
  const terms = textTerms(filter, (candidate) => candidate === field)
  const exact = terms.find(({ exclude, patterns }) => !exclude && patterns.every(({ kind }) => kind === 'literal'))
  if (exact === undefined) return undefined
  const passes = every(terms.map(valueCheck))
  const named = exact.patterns.flatMap((pattern) => (pattern.kind === 'literal' ? [pattern.text] : []))
  return new Set(named.filter((value) => passes(value)))
}
