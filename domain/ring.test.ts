import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ring } from './ring.ts'

test('U1 a ring keeps the newest rows up to its size and counts each one that it evicts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer(), { maxLength: 100 }), (capacity, pushed) => {
      const ring = new Ring<number>(capacity)
      const gone = pushed.flatMap((item) => {
        const full = ring.size === capacity
        const one = ring.push(item)
        return full ? [one] : []
      })
      const kept = pushed.slice(Math.max(0, pushed.length - capacity))
      expect(ring.snapshot()).toEqual(kept)
      expect(gone).toEqual(pushed.slice(0, pushed.length - kept.length))
      expect(ring.evicted).toBe(gone.length)
      expect(ring.newest(capacity)).toEqual(kept.toReversed())
      for (let index = 0; index < kept.length; index++) expect(ring.at(index)).toBe(kept[kept.length - 1 - index])
    }),
  )
})

test('a ring has nothing beyond its ends', () => {
  const ring = new Ring<string>(2)
  expect(ring.at(0)).toBeUndefined()
  for (const item of ['a', 'b', 'c']) ring.push(item)
  expect([ring.at(-1), ring.at(0), ring.at(1), ring.at(2)]).toEqual([undefined, 'c', 'b', undefined])
})

test('a snapshot is not touched by what comes later', () => {
  const ring = new Ring<string>(2)
  for (const item of ['a', 'b']) ring.push(item)
  const before = ring.snapshot()
  ring.push('c')
  expect(before).toEqual(['a', 'b'])
})

test('a refilled ring returns what did not fit and goes on in order', () => {
  const ring = new Ring<number>(3)
  for (const item of [1, 2, 3, 4]) ring.push(item)
  expect(ring.refill([5, 6, 7, 8])).toEqual([5])
  expect([ring.evicted, ring.push(9), ring.evicted]).toEqual([0, 6, 1])
  expect(ring.snapshot()).toEqual([7, 8, 9])
})

test('a ring of nothing is refused', () => {
  expect(() => new Ring(0)).toThrow('cannot hold anything')
})
