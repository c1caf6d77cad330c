import { expect, test } from 'vitest'
import { acceptedBetween, beginning, type Position, samePoint } from './chain.ts'

/** The point of a log in which each batch has ten impressions. */
function at(environmentId: string, offset: number, epoch = 'e1', id = `b${offset}`): Position {
  return { environmentId, epoch, offset, id, cumulative: offset * 10 }
}

test('a point is the same only in the same life and branch of its log', () => {
  expect(samePoint(at('x', 3), at('x', 3))).toBe(true)
  expect(samePoint(at('x', 3), at('x', 4))).toBe(false)
  expect(samePoint(at('x', 3), at('x', 4, 'e1', 'b3'))).toBe(false)
  expect(samePoint(at('x', 3), at('x', 3, 'e2'))).toBe(false)
  expect(samePoint(at('x', 3), at('x', 3, 'e1', 'other'))).toBe(false)
  expect(samePoint(beginning('x'), beginning('x'))).toBe(true)
})

test('what logs took between two cursors is counted over all of them, whatever their order', () => {
  const from = [at('x', 3), at('y', 5)]
  expect(acceptedBetween(from, [at('y', 9), at('x', 4)])).toBe(50)
  expect(acceptedBetween(from, from)).toBe(0)
  expect(acceptedBetween([beginning('x')], [at('x', 4)])).toBe(40)
})

test('nobody can count what a log took that began anew, or of which it is not known where it stood', () => {
  expect(acceptedBetween([at('x', 3)], [at('x', 4, 'e2')])).toBe(undefined)
  expect(acceptedBetween([at('x', 3)], [beginning('x')])).toBe(undefined)
  expect(acceptedBetween([at('x', 3)], [at('x', 4), at('y', 4)])).toBe(undefined)
  expect(acceptedBetween([], [beginning('x')])).toBe(undefined)
})
