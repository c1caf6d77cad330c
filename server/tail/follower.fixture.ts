import { expect, onTestFinished } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import type { Gap, Position } from '../../domain/chain.ts'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import type { Bus } from '../bus/bus.ts'
import { batchesOf } from './batches.fixture.ts'
import { Follower } from './follower.ts'
import { PlayBus } from './harness.fixture.ts'

export const environmentId = 'development'
/** A post of five rows, which is one batch. */
export const append = (bus: Bus) => bus.append(environmentId, batchesOf(groupsOf({ a: rowsNamed('x', 5) })))

/** What a follower told, in the order in which it did. */
export type Told = {
  readonly offsets: number[]
  readonly gaps: Gap[]
  readonly back: number[][]
  readonly moved: Position[]
}

export async function openFollower(bus: Bus, ringBytes: number = defaultLimits.ringBytes) {
  const told: Told = { offsets: [], gaps: [], back: [], moved: [] }
  const opened = await Follower.open({
    bus,
    environmentId,
    ringBytes,
    deliver: (batch, position) => {
      expect(position.offset).toBe(batch.chain.offset)
      told.offsets.push(batch.chain.offset)
    },
    deliverGap: (gap) => told.gaps.push(gap),
    moved: (position) => told.moved.push(position),
    readBack: (batches) => told.back.push(batches.map(({ chain }) => chain.offset)),
    filling: () => {},
  })
  if (opened.ok) onTestFinished(() => opened.value.close())
  return { opened, told }
}

/** A follower of a log that had so many batches when it came. */
export async function follow(batches: number, limits: Partial<Limits> = {}, ringBytes?: number) {
  const bus = new PlayBus({ replayPageBatches: 2, ...limits })
  for (let batch = 0; batch < batches; batch++) await append(bus)
  const { opened, told } = await openFollower(bus, ringBytes)
  return { bus, told, follower: valueIn(opened) }
}

export const offsetsOf = (batches: readonly { readonly chain: ChainedBatch['chain'] }[] | undefined) =>
  batches?.map(({ chain }) => chain.offset)
