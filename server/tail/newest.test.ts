import { expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { positionOf } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { ok } from '../../domain/result.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { newestMatches } from './newest.ts'

/** Two batches per page, so that reading back takes several. */
const pageBatches = 2

function log(keys: readonly string[], epoch: string): readonly ChainedBatch[] {
  const posts = keys.map((k) => batchesOf([{ f: 'checkout', i: [{ k, t: 'on', m: 1_795_514_523_000 }] }]))
  return chained(posts.flat(), epoch)
}

/** Keys read back from the last batch of `start`; each page is of the log that `logAt` names for its offset. */
async function readBack(start: readonly ChainedBatch[], logAt: (offset: number) => readonly ChainedBatch[]) {
  const filter = parseFilter('')
  const newest = start.at(-1)
  if (!filter.ok || !newest) throw new Error('no filter or no log')
  const read = await newestMatches({
    before: async (_, offset = Number.POSITIVE_INFINITY) => {
      const older = logAt(offset).filter(({ chain }) => chain.offset < offset)
      return ok({ batches: older.slice(-pageBatches).reverse(), more: older.length > pageBatches })
    },
    matcher: compileFilter(filter.value),
    from: new Map([['development', positionOf('development', newest.chain)]]),
    rows: 100,
    bytes: 1_000_000,
    stale: () => false,
  })
  if (!read.ok) throw new Error('not read')
  return read.value.matches.flatMap(({ batch, picks }) => picks.map(({ span }) => batch.impression(span, 0).key))
}

test('F26 a log that begins anew while its past is read brings none of its new rows among the old', async () => {
  const old = log(['a', 'b', 'c', 'd', 'e', 'f'], 'old')
  const anew = log(['x', 'y', 'z'], 'new')
  expect(await readBack(old, () => old)).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
  expect(await readBack(old, (offset) => (offset > 5 ? old : anew))).toEqual(['f', 'e'])
  expect(await readBack(old, () => anew)).toEqual([])
})

test('F26 and a batch that could not be read and was left out does not end the reading', async () => {
  const whole = log(['a', 'b', 'c', 'd', 'e', 'f'], 'old')
  const left = whole.filter(({ chain }) => chain.offset !== 4)
  expect(await readBack(whole, () => left)).toEqual(['f', 'e', 'c', 'b', 'a'])
})
