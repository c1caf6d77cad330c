import { expect, test } from 'vitest'
import { beginning } from '../../domain/chain.ts'
import { countTurns } from './batches.fixture.ts'
import { come, givenLogs, inLogOnly, inMemory } from './catch-up.fixture.ts'

test('the last batches are taken in the very turn in which it joins', async () => {
  const given = await givenLogs(inMemory)
  let between = 0
  const offsets: number[] = []
  await come(given, given.positions[0], () => given.positions[30] ?? beginning('x'), undefined, {
    take: ({ chain }) => {
      offsets.push(chain.offset)
      if (chain.offset === 30) queueMicrotask(() => between++)
    },
    joined: () => offsets.push(between),
  })
  expect(offsets.at(-1)).toBe(0)
  expect(offsets).toHaveLength(31)
})

test('a reader who takes his time is waited for while there is far to go', async () => {
  const given = await givenLogs(inLogOnly)
  let busy = false
  const overlaps: number[] = []
  await come(given, given.positions[0], () => given.positions[30] ?? beginning('x'), undefined, {
    take: async ({ chain }) => {
      if (busy && chain.offset < 24) overlaps.push(chain.offset)
      busy = true
      await new Promise(setImmediate)
      busy = false
    },
  })
  expect(overlaps).toEqual([])
})

test('other work has its turn after sixteen batches of a page', async () => {
  const given = await givenLogs(inMemory)
  const turns = countTurns()
  const at: number[] = []
  const take = () => void at.push(turns())
  await come(given, given.positions[0], () => given.positions[30] ?? beginning('x'), undefined, {
    take,
    pageBatches: 26,
  })
  expect(at[15]).toBe(at[0])
  expect(at[16]).toBeGreaterThan(at[15] ?? 0)
})
