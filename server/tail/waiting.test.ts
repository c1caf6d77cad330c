import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import { batchesOf, chained, sharedFields } from './batches.fixture.ts'
import { HeardBatch } from './heard.ts'
import { sightOf } from './sight.fixture.ts'
import { Tail } from './tail.ts'

function tailOf(limits: Partial<Limits>): Tail {
  const filter = parseFilter('')
  if (!filter.ok) throw new Error(filter.error.message)
  const parts = {
    id: 't1',
    identity: '',
    matcher: compileFilter(filter.value),
    environments: sightOf([sharedFields.environmentId]),
    limits: { ...defaultLimits, ...limits },
    random: Math.random,
    wake: () => {},
  }
  return new Tail(parts, 0)
}

/** Brings it 2,000 rows, and lets go of their batches; what is returned tells when nobody holds them. */
function hearAll(tail: Tail): readonly WeakRef<HeardBatch>[] {
  return chained(batchesOf(groupsOf({ a: rowsNamed('x', 2000) }))).map((batch) => {
    const heard = new HeardBatch(batch)
    tail.hear(heard, heard.spans, [])
    return new WeakRef(heard)
  })
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

test('K17 rows that wait hold nothing of their batch but their text', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const tail = tailOf({ frameRows: 50 })
  const held = hearAll(tail)
  tail.takeFrame([], 0, true)
  expect(tail.totals().sent).toBeLessThan(300)
  await until(() => {
    collectGarbage()
    return held.every((one) => one.deref() === undefined)
  })
  for (let frame = 0; frame < 20; frame++) tail.takeFrame([], 0, true)
  expect(tail.totals()).toMatchObject({ matched: 2000, sent: 2000 })
})
