import { onTestFinished } from 'vitest'
import type { Batch, ChainedBatch } from '../../domain/batch.ts'
import type { Chain } from '../../domain/chain.ts'
import type { Shared } from '../../domain/impression.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { decodeSplit } from '../ingest/decode-split.ts'
import { parseJson } from '../ingest/json-body.ts'

export const sharedFields: Shared = {
  environmentId: 'development',
  environmentName: 'development',
  sdk: 'nodejs',
  sdkVersion: '11.11.2',
  source: 'sdk',
  verified: false,
  receptionTimestamp: 1_795_514_524_000,
}

/** The batches that the real decoder makes of a post. */
export function batchesOf(groups: unknown, fields: Partial<Shared> = {}): readonly Batch[] {
  const body = parseJson(Buffer.from(JSON.stringify(groups)), defaultLimits)
  if (!body.ok) throw new Error(body.error.message)
  const decoded = decodeSplit(body.value, 'array', { ...sharedFields, ...fields }, defaultLimits)
  if (!decoded.ok) throw new Error(decoded.error.message)
  return decoded.value.batches
}

/** The batches as a log holds them, one after the other; ids are their offsets in hex. */
export function chained(batches: readonly Batch[], epoch = 'epoch', from = 0): readonly ChainedBatch[] {
  let cumulative = 0
  return batches.map((batch, index) => {
    cumulative += batch.header.impressions
    const offset = from + index + 1
    const chain: Chain = {
      epoch,
      offset,
      id: idOf(offset),
      previousId: offset === 1 ? '' : idOf(offset - 1),
      cumulative,
    }
    return { ...batch, chain }
  })
}

function idOf(offset: number): string {
  return offset.toString(16).padStart(16, '0')
}

/** Tells how many turns of the event loop have gone by since. */
export function countTurns(): () => number {
  let turns = 0
  const turn = (): void => {
    turns++
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  onTestFinished(() => clearImmediate(next))
  return () => turns
}
