import { impressionsModes, type Shared, sources } from '../impression.ts'
import { type Check, closedCheck, type TextTerm, textTerms, valueCheck } from './checks.ts'
import type { Filter, Pattern } from './filter.ts'
import { anyPattern } from './patterns.ts'

/** The `env` terms: an environment goes by its id and by its name. */
export function environmentCheck(filter: Filter): (id: string, name: string) => boolean {
  const checks = textTerms(filter, (field) => field === 'env').map(({ patterns, exclude }) => ({
    matches: anyPattern(patterns),
    exclude,
  }))
  return (id, name) => {
    for (const { matches, exclude } of checks) if ((matches(id) || matches(name)) === exclude) return false
    return true
  }
}

/** The terms on fields that a whole post shares. */
export function sharedChecks(filter: Filter): readonly Check<Shared>[] {
  const others = textTerms(filter, (field) => field !== 'env')
    .map(sharedCheck)
    .filter((check) => check !== undefined)
  if (textTerms(filter, (field) => field === 'env').length === 0) return others
  const environment = environmentCheck(filter)
  return [(shared) => environment(shared.environmentId, shared.environmentName), ...others]
}

function sharedCheck(term: TextTerm): Check<Shared> | undefined {
  if (term.field === 'sdk') return sdkCheck(term)
  if (term.field === 'mode') {
    const passes = closedCheck(term, impressionsModes)
    return (shared) => passes(shared.impressionsMode)
  }
  if (term.field === 'source') {
    const passes = closedCheck(term, sources)
    return (shared) => passes(shared.source)
  }
  const passes = valueCheck(term)
  if (term.field === 'machine') return (shared) => passes(shared.machineName)
  if (term.field === 'ip') return (shared) => passes(shared.machineIp)
  if (term.field === 'traffic') return (shared) => passes(shared.trafficTypeName)
  return undefined
}

/** An SDK goes by its name, and by its name and version together. */
function sdkCheck({ patterns, exclude }: TextTerm): Check<Shared> {
  const named = anyPattern(patterns)
  const versioned = anyVersioned(patterns)
  return ({ sdk, sdkVersion }) => {
    if (sdk === undefined) return exclude
    return (named(sdk) || (sdkVersion !== undefined && versioned(sdk, sdkVersion))) !== exclude
  }
}

function anyVersioned(patterns: readonly Pattern[]): (sdk: string, version: string) => boolean {
  const texts = patterns.flatMap((pattern) => (pattern.kind === 'literal' ? [pattern.text] : []))
  const globs = patterns.filter((pattern) => pattern.kind === 'glob')
  const glob = anyPattern(globs)
  const joined = joiner()
  return (sdk, version) => {
    for (const text of texts) if (isVersioned(text, sdk, version)) return true
    return globs.length > 0 && glob(joined(sdk, version))
  }
}

/** Impressions of one SDK come in long runs, so its name and version are joined once a run, not once an impression. */
function joiner(): (sdk: string, version: string) => string {
  let last = { sdk: '', version: '', text: '-' }
  return (sdk, version) => {
    if (sdk !== last.sdk || version !== last.version) last = { sdk, version, text: `${sdk}-${version}` }
    return last.text
  }
}

function isVersioned(text: string, sdk: string, version: string): boolean {
  if (text.length !== sdk.length + 1 + version.length) return false
  return text.startsWith(sdk) && text.charAt(sdk.length) === '-' && text.endsWith(version)
}
