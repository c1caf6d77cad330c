import { expect, test } from 'vitest'
import type { Batch } from '../../domain/batch.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { decoded, weightOf } from './decode.fixture.ts'
import { post, row } from './ingest.fixture.ts'
import { Repeats } from './repeats.ts'

function given(limits: Partial<Limits> = {}) {
  const clock = { ms: 0 }
  const forgotten: number[] = []
  const repeats = new Repeats({
    limits: { ...defaultLimits, ...limits },
    monotonicMs: () => clock.ms,
    forgotten: (rows) => forgotten.push(rows),
  })
  return { repeats, clock, forgotten }
}

function batchesOf(...keys: readonly string[]): readonly Batch[] {
  return decoded(post('a', ...keys.map((k) => row({ k })))).batches
}

/** The indexes of what is labelled, batch by batch. */
async function retries(repeats: Repeats, batches: readonly Batch[]): Promise<readonly (readonly number[])[]> {
  return (await repeats.label(batches)).map(({ header }) => header.retries)
}

test('while nothing is remembered the batches are not looked at', async () => {
  const { repeats } = given()
  const batches = batchesOf('ann', 'ann')
  expect(await repeats.label(batches)).toBe(batches)
})

test('R2 rows that are remembered are known again in any place of any post, each time, and no others', async () => {
  const { repeats } = given()
  const before = [
    { f: 'a', i: [row({ k: 'ann' }), row({ k: 'bob', r: 'x' })] },
    { f: 'b', i: [row({ k: 'cyd' }), row({ k: 'cyd' })] },
  ]
  repeats.remember(decoded(JSON.stringify(before)).batches)
  const merged = [
    { f: 'new', i: [row({ k: 'ann' })] },
    { f: 'b', i: [row({ k: 'dan' }), row({ k: 'cyd' }), row({ k: 'ann' })] },
    { f: 'a', i: [row({ k: 'bob', r: 'x' }), row({ k: 'bob', r: 'y' }), row({ k: 'ann', m: 7 }), row({ k: 'ann' })] },
  ]
  const { batches } = decoded(JSON.stringify(merged))
  expect([await retries(repeats, batches), await retries(repeats, batches)]).toEqual([[[2, 4, 7]], [[2, 4, 7]]])
})

test('a row is known again however its post was indented', async () => {
  const { repeats } = given()
  const pretty = decoded(JSON.stringify([{ f: 'a', i: [row(), row({ k: 'line\nbreak' })] }], null, 2)).batches
  repeats.remember(pretty)
  expect(await retries(repeats, pretty)).toEqual([[0, 1]])
})

test('rows of other environments are others', async () => {
  const { repeats } = given()
  const [batch] = batchesOf('ann')
  if (!batch) throw new Error('no batch')
  repeats.remember([batch])
  const { shared } = batch.header
  const elsewhere = { ...batch, header: { ...batch.header, shared: { ...shared, environmentId: 'stage' } } }
  expect(await retries(repeats, [elsewhere, batch])).toEqual([[], [0]])
})

test('a batch that is full stays within its bounds with every row labelled', async () => {
  const { repeats } = given()
  const { batches } = decoded(
    post('a', ...Array.from({ length: 2000 }, (_, index) => row({ k: 'k'.repeat(220), index }))),
  )
  repeats.remember(batches)
  const labelled = await repeats.label(batches)
  expect(labelled.flatMap(({ header }) => header.retries)).toHaveLength(2000)
  for (const batch of labelled) expect(weightOf(batch)).toBeLessThanOrEqual(64 * 1024)
  expect(Math.max(...labelled.map(weightOf))).toBeGreaterThan(63 * 1024)
})

test('a large post is remembered and labelled in turns with whatever else there is to do', async () => {
  const { repeats } = given({ turnMs: 1 })
  const { batches } = decoded(post('a', ...Array.from({ length: 20_000 }, (_, index) => row({ k: `k${index}` }))))
  let turns = 0
  let next = setImmediate(function turn() {
    turns++
    next = setImmediate(turn)
  })
  repeats.remember(batches)
  const labelled = await repeats.label(batches)
  clearImmediate(next)
  expect(labelled.flatMap(({ header }) => header.retries)).toHaveLength(20_000)
  expect(turns).toBeGreaterThan(5)
})

test('R5 fingerprints are kept 15 minutes', async () => {
  const { repeats, clock } = given()
  repeats.remember(batchesOf('ann'))
  clock.ms += 60_000
  repeats.remember(batchesOf('bob'))
  const both = batchesOf('ann', 'bob')
  clock.ms = 15 * 60_000 - 1
  expect(await retries(repeats, both)).toEqual([[0, 1]])
  clock.ms++
  expect(await retries(repeats, both)).toEqual([[1]])
  clock.ms += 60_000
  expect(await repeats.label(both)).toBe(both)
  repeats.remember(batchesOf('ann'))
  expect(await retries(repeats, both)).toEqual([[0]])
})

test('R5 beyond a number the oldest fingerprints are forgotten first, and that is counted', async () => {
  expect(defaultLimits.retryFingerprints).toBe(200_000)
  const { repeats, forgotten } = given({ retryFingerprints: 5 })
  repeats.remember(batchesOf('1', '2', '3'))
  repeats.remember(batchesOf('4', '5'))
  expect(forgotten).toEqual([])
  repeats.remember(batchesOf('6', '7'))
  expect(await retries(repeats, batchesOf('1', '2', '3', '4', '5', '6', '7'))).toEqual([[2, 3, 4, 5, 6]])
  expect(forgotten).toEqual([2])
  repeats.remember(batchesOf('a', 'b', 'c', 'd', 'e', 'f', 'g'))
  expect(await retries(repeats, batchesOf('6', '7', 'a', 'b', 'c', 'd', 'e', 'f', 'g'))).toEqual([[4, 5, 6, 7, 8]])
  expect(forgotten).toEqual([2, 7])
})

test('a row that is remembered again is kept for another 15 minutes', async () => {
  const { repeats, clock } = given()
  repeats.remember(batchesOf('ann'))
  clock.ms = 10 * 60_000
  repeats.remember(batchesOf('ann'))
  clock.ms = 20 * 60_000
  expect(await retries(repeats, batchesOf('ann'))).toEqual([[0]])
})
