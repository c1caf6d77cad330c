import { expect, test } from 'vitest'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { batchesOf, chained, sharedFields } from './batches.fixture.ts'
import { HeardBatch } from './heard.ts'
import { Tail } from './tail.ts'

function tailOf(limits: Partial<Limits>): Tail {
  const filter = parseFilter('')
  if (!filter.ok) throw new Error(filter.error.message)
  const parts = {
    id: 't1',
    filter: '',
    matcher: compileFilter(filter.value),
    environments: new Set([sharedFields.environmentId]),
    limits: { ...defaultLimits, ...limits },
    random: Math.random,
    wake: () => {},
  }
  return new Tail(parts, 0)
}

test('K17 no more than `tailRowsBurst` rows wait for their frame, however late frames come', () => {
  const tail = tailOf({ frameRows: 50, tailRowsPerSecond: 200, tailRowsBurst: 300 })
  const post = groupsOf({ a: rowsNamed('x', 40) })
  const batches = chained(Array.from({ length: 300 }, () => batchesOf(post)).flat())
  let nowMs = 0
  for (const [index, batch] of batches.entries()) {
    const heard = new HeardBatch(batch)
    tail.hear(heard, heard.spans, [])
    if (index % 3 < 2) continue
    nowMs += 1000 // a frame a second: 120 rows come in and may leave, and 40 do
    tail.takeFrame([], nowMs, true)
  }
  const { sent } = tail.totals()
  for (let frame = 0; frame < 1000; frame++) tail.takeFrame([], nowMs, true)
  const { matched, sent: sentInAll } = tail.totals()
  expect(matched).toBe(12_000)
  expect(sentInAll - sent).toBeLessThanOrEqual(300)
})
