import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Impression } from '../impression.ts'
import { filterOf, filters, impression, impressions, texts } from './arbitraries.fixture.ts'
import { compileFilter } from './compile.ts'
import { compileMasked, compileMixed } from './compile-masked.ts'
import type { Filter, Term } from './filter.ts'
import { maskedFault } from './masked-fault.ts'
import { naiveMatches } from './naive.fixture.ts'

const maskOf = (text: string) => `user·${text}`
const masksOf = (text: string) => [maskOf(text)]

function masked({ properties, machineIp, ...shown }: Impression): Impression {
  const { key, bucketingKey } = shown
  return { ...shown, key: maskOf(key), bucketingKey: bucketingKey === undefined ? undefined : maskOf(bucketingKey) }
}

/** FILTER.md read aloud where keys are masked: exact values are those of the key, all else is absent. */
function naivelyMasked(filter: Filter, one: Impression): boolean {
  const { properties, machineIp, ...shown } = one
  return filter.terms.every((term) => {
    const found = naiveMatches(
      { terms: [{ ...exactly(term), exclude: false }] },
      term.kind === 'word' ? { ...shown, key: '' } : shown,
    )
    return found !== term.exclude
  })
}

function exactly(term: Term): Term {
  if (term.kind !== 'text' || (term.field !== 'key' && term.field !== 'bucket')) return term
  return { ...term, patterns: term.patterns.filter(({ kind }) => kind === 'literal') }
}

test('MK5 a filter on masked rows finds what the definition, read term by term without what is hidden, finds', () => {
  fc.assert(
    fc.property(filters, impressions, (filter, one) => {
      const matcher = compileMasked(filter, masksOf)
      expect(matcher.matches(masked(one))).toBe(naivelyMasked(filter, one))
      if (matcher.keys && matcher.matches(masked(one))) expect(matcher.keys.has(maskOf(one.key))).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('MK7 a mixed matcher asks each environment’s own, and its parts together are the whole', () => {
  fc.assert(
    fc.property(filters, impressions, texts, (filter, one, clear) => {
      const plain = compileFilter(filter)
      const hidden = compileMasked(filter, masksOf)
      const mixed = compileMixed(plain, new Map([['hidden', hidden]]))
      for (const [id, of, row] of [
        ['hidden', hidden, masked(one)],
        [`clear ${clear}`, plain, one],
      ] as const) {
        const there = { ...row, environmentId: id }
        const whole = of.matches(there)
        expect(mixed.matches(there)).toBe(whole)
        const { flag, treatment, label } = there
        const parts = mixed.shared(there) && mixed.counted(flag, treatment, label) && (mixed.row?.(there) ?? true)
        expect(parts).toBe(whole)
        if (whole && mixed.keys) expect(mixed.keys.has(there.key)).toBe(true)
      }
    }),
    { numRuns: 2000 },
  )
})

test('what nobody can judge here does not match, nor does what excludes it', () => {
  const judged = (text: string) => compileMasked(filterOf(text), () => undefined).matches(impression())
  expect([judged('key:ada'), judged('-key:ada'), judged('bucket:(x|y*)'), judged('flag:checkout')]).toEqual([
    ...[false, false, false, true],
  ])
})

test('MK6 the fault is the first term that asks for what is hidden; what is no filter has another', () => {
  expect(maskedFault('flag:a -key:(x|al*) ip:1')).toEqual({
    message: 'masked "-key:(x|al*)" at 7: key can be filtered by its exact value only: you see masked keys',
    token: '-key:(x|al*)',
    position: 7,
  })
  expect(maskedFault('prop.plan:x')?.message).toBe('masked "prop.plan:x" at 0: prop.plan is hidden from you')
  expect(maskedFault('key:"al*" bucket:x word machine:* lag:>1')).toBeUndefined()
  expect(maskedFault('key:al* (')).toBeUndefined()
})
