import { onTestFinished } from 'vitest'
import { beginning, type Gap, type Position } from '../../domain/chain.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import type { Bus } from '../bus/bus.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { batchesOf } from './batches.fixture.ts'
import { type CatchUpParts, catchUp } from './catch-up.ts'
import { Logs } from './logs.ts'
import { seeAll, testMasks } from './sight.fixture.ts'

export const environmentId = 'development'
export const tenRows = () => batchesOf(groupsOf({ a: rowsNamed('x', 10) }))

/** A log that follows 30 posts of ten rows, of which it holds the newest few. */
export async function givenLogs(limits: Partial<Limits> = {}) {
  const bounds = { ...defaultLimits, logBytes: 15_000, ringBytes: 1, ...limits }
  const bus: Bus = openMemoryBus({ limits: bounds, environments: 1, now: Date.now })
  onTestFinished(() => bus.close())
  const environments = [{ id: environmentId, name: environmentId }]
  const logs = new Logs({
    bus,
    environments,
    limits: bounds,
    masks: testMasks,
    heard: () => {},
    gapTold: () => {},
    unfollowed: () => {},
    failed: () => {},
  })
  onTestFinished(() => logs.close())
  await logs.follow([environmentId])
  const positions: Position[] = [logs.position(environmentId) ?? beginning(environmentId)]
  for (let post = 0; post < 30; post++) {
    await bus.append(environmentId, tenRows())
    const head = await bus.head(environmentId)
    if (head.ok) positions.push(head.value)
  }
  await until(() => logs.position(environmentId)?.offset === 30)
  return { bus, logs, positions }
}

export type Given = Awaited<ReturnType<typeof givenLogs>>

/** Comes from a position to a point, and says what it was told and given on the way. */
export async function come(
  { bus, logs }: Given,
  from: Position | undefined,
  point: () => Position,
  stale: () => boolean = () => false,
  parts: Partial<CatchUpParts> = {},
) {
  const told = { gaps: [] as Gap[], offsets: [] as number[], joinedAt: undefined as number | undefined }
  await catchUp({
    logs: seeAll(bus, logs),
    environments: [environmentId],
    cursor: from ? [from] : [],
    point: () => [point()],
    take: ({ chain }) => void told.offsets.push(chain.offset),
    gap: (one) => told.gaps.push(one),
    stale,
    pageBatches: 7,
    joined: () => {
      told.joinedAt = point().offset
    },
    ...parts,
  })
  return told
}

export const inMemory = { logBytes: 1_000_000, ringBytes: 1_000_000 }
export const inLogOnly = { logBytes: 1_000_000, ringBytes: 1, replayPageBatches: 7 }
export const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
