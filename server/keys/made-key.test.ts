import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMadeKey, madeKeyPattern, makeKey } from './made-key.ts'

test('KY4 a made key has a prefix, 24 random signs of 62, and a checksum', () => {
  const keys = Array.from({ length: 500 }, (_, index) => makeKey(index % 2 === 0 ? 'server' : 'client'))
  for (const [index, key] of keys.entries()) {
    expect(key).toMatch(madeKeyPattern)
    expect(key.slice(0, 6)).toBe(index % 2 === 0 ? 'ftl_s_' : 'ftl_c_')
    expect(isMadeKey(key)).toBe(true)
  }
  expect(new Set(keys).size).toBe(keys.length)
  expect(24 * Math.log2(62)).toBeGreaterThan(128)
  const signs = new Set(keys.flatMap((key) => [...key.slice(6, 30)]))
  expect(signs.size).toBe(62)
})

test('KY4 the checksum is the CRC-32 of what stands before it, in base 62', () => {
  expect(isMadeKey('ftl_s_000000000000000000000000_0VX4Zl')).toBe(true)
  expect(isMadeKey('ftl_c_000000000000000000000000_0VX4Zl')).toBe(false)
})

test('KY4 one wrong sign anywhere is noticed', () => {
  const place = fc.nat(6 + 24 + 1 + 6 - 1)
  fc.assert(
    fc.property(place, fc.constantFrom('0', 'a', 'Z', '_', 's', 'c', '-'), (at, sign) => {
      const key = makeKey('server')
      const other = key.slice(0, at) + sign + key.slice(at + 1)
      expect(isMadeKey(other)).toBe(other === key)
    }),
  )
})
