import { expect, test } from 'vitest'
import { defaultLimits } from '../../domain/limits.ts'
import { busContract } from './bus.contract.ts'
import { batchOf, readOn, valueIn } from './bus.fixture.ts'
import { openMemoryBus } from './memory.ts'

busContract('memory', async (overrides) => {
  return openMemoryBus({ limits: { ...defaultLimits, ...overrides }, environments: 1, now: Date.now })
})

test('B9 batches older than the log keeps are gone, on reading too, and offset and count go on', async () => {
  let nowMs = 1_000_000
  const bus = openMemoryBus({ limits: { ...defaultLimits, logMs: 1000 }, environments: 1, now: () => nowMs })
  valueIn(await bus.append('aging', [batchOf('aging', { impressions: 5 })]))
  nowMs += 600
  valueIn(await bus.append('aging', [batchOf('aging', { impressions: 2 })]))
  nowMs += 399
  expect(await readOn(bus, 'aging')).toMatchObject({ gaps: [], batches: { length: 2 } })
  nowMs += 1
  expect(await readOn(bus, 'aging')).toMatchObject({ gaps: [{ impressions: 5 }], batches: { length: 1 } })
  nowMs += 600
  const all = await readOn(bus, 'aging')
  expect(all).toMatchObject({ gaps: [{ reason: 'trimmed', impressions: 7 }], batches: [], end: { offset: 2 } })
  expect(valueIn(await bus.before('aging', undefined))).toEqual({ batches: [], more: false })
  valueIn(await bus.append('aging', [batchOf('aging')]))
  expect(await readOn(bus, 'aging', all.end)).toMatchObject({ gaps: [], end: { offset: 3, cumulative: 8 } })
})

test('B8 environments share the bytes of all logs evenly', async () => {
  const limits = { ...defaultLimits, allLogsBytesMemory: 100_000 }
  const bus = openMemoryBus({ limits, environments: 10, now: Date.now })
  for (let post = 0; post < 50; post++) valueIn(await bus.append('busy', [batchOf('busy', { padding: 1000 })]))
  const { batches } = await readOn(bus, 'busy')
  expect(batches.length).toBeGreaterThan(2)
  expect(batches.length).toBeLessThan(10)
})

test('appending and trimming copy no rows, keep headers as they are told, and give slots back', async () => {
  const bus = openMemoryBus({ limits: { ...defaultLimits, logBytes: 50_000 }, environments: 1, now: Date.now })
  const posted = Array.from({ length: 2000 }, () => batchOf('kept'))
  for (const batch of posted) valueIn(await bus.append('kept', [batch]))
  const { batches } = await readOn(bus, 'kept')
  expect(batches.length).toBeGreaterThan(10)
  const newest = posted.slice(-batches.length)
  expect(batches.map(({ header }) => header)).toEqual(newest.map(({ header }) => header))
  expect(batches.every(({ rows }, index) => rows === newest[index]?.rows)).toBe(true)
})
