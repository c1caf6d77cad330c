import { expect } from 'vitest'
import type { Batch, ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Gap, type Position } from '../../domain/chain.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Result } from '../../domain/result.ts'
import type { Bus } from './bus.ts'

/** A bus for one test, and an environment that nobody else uses. */
export type GivenBus = (overrides?: Partial<Limits>) => Promise<{ readonly bus: Bus; readonly environmentId: string }>

/** Resolves with the first value that is neither `undefined` nor `false`; asked again and again, in this order. */
export async function until<Value>(
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
  withinMs = 10_000,
): Promise<Value> {
  const endMs = performance.now() + withinMs
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${ask}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** The value of a result that a test expects to be ok. */
export function valueIn<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(`expected ok, got ${JSON.stringify(result.error)}`)
  return result.value
}

export type BatchWords = { readonly impressions?: number; readonly key?: string; readonly padding?: number }

/** A batch of one flag. `padding` = further bytes per row. */
export function batchOf(environmentId: string, { impressions = 1, key = 'ada', padding = 0 }: BatchWords = {}): Batch {
  const row = JSON.stringify({ k: key, t: 'on', m: 1, x: 'x'.repeat(padding) })
  const rows = Buffer.from(Array.from({ length: impressions }, () => row).join(',\n'))
  const counts = [{ treatment: 'on', impressions, label: 'default rule' }]
  return {
    header: {
      shared: {
        environmentId,
        environmentName: 'Production',
        sdk: 'nodejs',
        source: 'sdk',
        verified: true,
        receptionTimestamp: 1_700_000_000_000,
      },
      impressions,
      spans: [{ flag: 'checkout', firstRow: 0, impressions, from: 0, to: rows.length, counts }],
      retries: [],
    },
    rows,
  }
}

/** All that a bus has behind a position, page by page. */
export async function readOn(bus: Bus, environmentId: string, from: Position = beginning(environmentId)) {
  const batches: ChainedBatch[] = []
  const gaps: Gap[] = []
  let end = from
  for (let more = true; more; ) {
    const page = valueIn(await bus.after(environmentId, end))
    batches.push(...page.batches)
    if (page.gap) gaps.push(page.gap)
    end = page.end
    more = page.more
  }
  return { batches, gaps, end }
}

export function impressionsOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { header }) => sum + header.impressions, 0)
}

/** Expects a log from its first batch on, without a hole. */
export function expectChained(batches: readonly ChainedBatch[]): void {
  let before = { offset: 0, id: '', cumulative: 0 }
  for (const { chain, header } of batches) {
    expect(chain.offset).toBe(before.offset + 1)
    expect(chain.previousId).toBe(before.id)
    expect(chain.cumulative).toBe(before.cumulative + header.impressions)
    expect(chain.epoch).toBe(batches[0]?.chain.epoch)
    expect(chain.id).toMatch(/^[0-9a-f]{16}$/)
    before = chain
  }
}
