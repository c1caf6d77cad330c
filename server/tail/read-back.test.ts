import { expect, test } from 'vitest'
import { beginning } from '../../domain/chain.ts'
import { ok } from '../../domain/result.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { busDown } from '../bus/bus.ts'
import { append, environmentId, follow, offsetsOf } from './follower.fixture.ts'

test('a log is read back page by page to its beginning, once', async () => {
  const { bus, told, follower } = await follow(5)
  await Promise.all([follower.readBack(), follower.readBack()])
  expect(told.back).toEqual([[5, 4], [3, 2], [1]])
  expect(bus.calls.before).toBe(3)
  expect(offsetsOf(follower.delivered(beginning(environmentId), 10))).toEqual([1, 2, 3, 4, 5])
  await follower.readBack()
  expect(bus.calls.before).toBe(3)
})

test('a log is read back from before what was delivered, as far as there is room', async () => {
  const { bus, told, follower } = await follow(9, {}, 6500)
  const before = follower.position
  await append(bus)
  await follower.readBack()
  expect(told.back).toEqual([[9, 8], [7]])
  expect(bus.calls.before).toBe(2)
  expect(offsetsOf(follower.delivered(before, 10))).toEqual([10])
})

test('a log that could not be read back is tried again by the next who asks', async () => {
  const { bus, told, follower } = await follow(2)
  const { before } = bus
  bus.before = async () => busDown('away')
  await follower.readBack()
  expect(told.back).toEqual([])
  bus.before = before
  await follower.readBack()
  expect(told.back).toEqual([[2, 1]])
})

test('of an empty log, or one that went another way, nothing is read back', async () => {
  const empty = await follow(0)
  await empty.follower.readBack()
  expect(empty.told.back).toEqual([])
  const { bus, told, follower } = await follow(3)
  const { before } = bus
  bus.before = async (id, offset) => {
    const page = valueIn(await before(id, offset))
    const batches = page.batches.map((batch) => ({ ...batch, chain: { ...batch.chain, id: `${batch.chain.offset}` } }))
    return ok({ ...page, batches })
  }
  await follower.readBack()
  expect(told.back).toEqual([])
})

test('what a log has after it began anew is not read back before what was delivered of the old one', async () => {
  const { bus, told, follower } = await follow(3)
  bus.muted = true
  bus.restart()
  for (let batch = 0; batch < 5; batch++) await append(bus)
  await follower.readBack()
  expect(told.back).toEqual([])
})
