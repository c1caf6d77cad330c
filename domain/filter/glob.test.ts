import fc from 'fast-check'
import { expect, test } from 'vitest'
import { filterLimits } from '../limits.ts'
import { texts } from './arbitraries.fixture.ts'
import { compileGlob } from './glob.ts'
import { naiveGlob } from './naive.fixture.ts'

const matches = (glob: string, value: string) => compileGlob(glob)(value)

test('L6 * is any run of characters, ? one code point, and a glob matches the whole value with its case', () => {
  expect(matches('check*', 'checkout')).toBe(true)
  expect(matches('check*', 'check')).toBe(true)
  expect(matches('check*', 'Checkout')).toBe(false)
  expect(matches('check*', 'a check')).toBe(false)
  expect(matches('*out', 'checkout')).toBe(true)
  expect(matches('*eck*', 'checkout')).toBe(true)
  expect(matches('c*t', 'checkout flow')).toBe(false)
  expect(matches('*', '')).toBe(true)
  expect(matches('a?c', 'a😀c')).toBe(true)
  expect(matches('a??c', 'a😀c')).toBe(false)
  expect(matches('?', '')).toBe(false)
  expect(matches('a\\*\\?\\\\*', 'a*?\\z')).toBe(true)
  expect(matches('a\\**', 'ab')).toBe(false)
})

test('what stands between two stars may not overlap', () => {
  expect(matches('ab*ba', 'aba')).toBe(false)
  expect(matches('*ab*ab*', 'xabx')).toBe(false)
  expect(matches('a*a*a', 'aa')).toBe(false)
  expect(matches('*ab?*cd', 'xabyabzcd')).toBe(true)
  expect(matches('*?', '😀')).toBe(true)
  expect(matches('*??', '😀')).toBe(false)
  for (const half of ['\ude00', '*\ude00', '*\ude00*', '\ud83d*', '*\ud83d*']) expect(matches(half, '😀')).toBe(false)
  expect(matches('**?**', 'a')).toBe(true)
})

test('a glob matches what plain recursion finds', () => {
  const small = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\ud83d', '\ude00'), maxLength: 10 })
  const piece = fc.constantFrom('*', '*', '?', 'a', 'b', 'ab', '😀', '\ud83d', '\ude00', '\\*', '\\?', '\\\\')
  const globs = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(globs, fc.oneof(small, texts), (glob, value) => {
      expect(matches(glob, value)).toBe(naiveGlob(glob, value))
    }),
    { numRuns: 5000 },
  )
})

test('so it is for runs longer than a machine word', () => {
  const units = fc.array(fc.constantFrom('a', 'b', '?'), { minLength: 25, maxLength: 70 })
  const around = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 })
  fc.assert(
    fc.property(units, around, around, fc.nat(70), fc.boolean(), (run, before, after, at, spoilt) => {
      const found = run.map((unit, index) => (unit === '?' || (spoilt && index === at) ? 'c' : unit)).join('')
      const [glob, value] = [`*${run.join('')}*`, `${before}${found}${after}`]
      expect(matches(glob, value)).toBe(naiveGlob(glob, value))
    }),
    { numRuns: 300 },
  )
})

test('L15 the worst glob on the longest value is answered at once', () => {
  const length = 48 * 1024
  const chars = filterLimits.textChars
  const run = Math.floor(chars / filterLimits.stars) - 1
  const values = ['a'.repeat(length), `${'a'.repeat(length - 1)}b`, 'ab'.repeat(length / 2), '😀'.repeat(length / 2)]
  const worst = [
    `${`*${'a'.repeat(run - 1)}c`.repeat(8)}b`,
    `${`*${'a'.repeat(run - 2)}?b`.repeat(8)}c`,
    `*${'a'.repeat(chars - 3)}c*`,
    `*${'a?'.repeat((chars - 3) / 2)}c*`,
    `*${'?'.repeat(chars - 3)}c*`,
    `*b${'a'.repeat(chars - 4)}c*`,
    `*${'😀'.repeat(chars / 2 - 2)}?c*`,
  ]
  for (const glob of worst) {
    const compiled = compileGlob(glob)
    for (const value of values) {
      const start = performance.now()
      expect(compiled(value)).toBe(false)
      expect(performance.now() - start).toBeLessThan(500)
    }
  }
})
