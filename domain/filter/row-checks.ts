import { type Impression, lagMs } from '../impression.ts'
import { type Check, closedCheck, type TextTerm, valueCheck } from './checks.ts'
import type { Comparison, Filter, NumberField, Term } from './filter.ts'
import type { Value } from './patterns.ts'

type Words = readonly Extract<Term, { kind: 'word' }>[]

/** The terms that need the row itself: the cheap ones first. Words look at the key, or they do not. */
export function rowChecks(filter: Filter, wordsSeeKeys: boolean): readonly Check<Impression>[] {
  const words = filter.terms.filter((term) => term.kind === 'word')
  const others = filter.terms.map(rowCheck).filter((check) => check !== undefined)
  return words.length === 0 ? others : [...others, wordsCheck(words, wordsSeeKeys)]
}

function rowCheck(term: Term): Check<Impression> | undefined {
  if (term.kind === 'word') return undefined
  if (term.kind === 'comparison') return comparisonCheck(term)
  if (typeof term.field === 'object') return propCheck(term, term.field.prop)
  if (term.field === 'repeat') return repeatCheck(term)
  const passes = valueCheck(term)
  if (term.field === 'key') return (impression) => passes(impression.key)
  if (term.field === 'bucket') return (impression) => passes(impression.bucketingKey)
  if (term.field === 'change') return (impression) => passes(impression.changeNumber)
  return undefined
}

function propCheck(term: TextTerm, name: string): Check<Impression> {
  const passes = valueCheck(term)
  return (impression) => passes(propOf(impression.properties, name))
}

function propOf(properties: Impression['properties'], name: string): Value | undefined {
  if (typeof properties !== 'object' || !Object.hasOwn(properties, name)) return undefined
  return properties[name] ?? undefined
}

function repeatCheck(term: TextTerm): Check<Impression> {
  const passes = closedCheck(term, ['true', 'false'])
  const whenRepeated = passes('true')
  const whenNew = passes('false')
  return (impression) => (impression.previousTimestamp === undefined ? whenNew : whenRepeated)
}

function comparisonCheck(term: Extract<Term, { kind: 'comparison' }>): Check<Impression> {
  const holds = compare(term.comparison)
  const number = numbers[term.field]
  const { exclude } = term
  return (impression) => {
    const value = number(impression)
    return (value !== undefined && holds(value)) !== exclude
  }
}

/** A change that is a text has no order, so no comparison holds. */
const numbers: Readonly<Record<NumberField, (impression: Impression) => number | undefined>> = {
  lag: lagMs,
  change: ({ changeNumber }) => (typeof changeNumber === 'number' ? changeNumber : undefined),
}

function compare({ operator, number }: Comparison): Check<number> {
  switch (operator) {
    case '>':
      return (value) => value > number
    case '>=':
      return (value) => value >= number
    case '<':
      return (value) => value < number
    case '<=':
      return (value) => value <= number
    default:
      return operator satisfies never
  }
}

/** All words at once, so that each text is put in lower case once. */
function wordsCheck(words: Words, seeKeys: boolean): Check<Impression> {
  return (impression) => {
    const flag = impression.flag.toLowerCase()
    const key = seeKeys ? impression.key.toLowerCase() : ''
    const treatment = impression.treatment.toLowerCase()
    const label = impression.label?.toLowerCase() ?? ''
    for (const { text, exclude } of words) {
      const found = flag.includes(text) || key.includes(text) || treatment.includes(text) || label.includes(text)
      if (found === exclude) return false
    }
    return true
  }
}
