import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Position, positionOf } from '../../domain/chain.ts'
import { batchOf, impressionsOf } from './bus.fixture.ts'
import { hasRestarted, pageBehind } from './resume.ts'

const environmentId = 'prod'

/**
 * A log as naively as it can be written: every batch of the present branch, also those that are held no more. The right
 * answer is looked up in it, never computed from offsets and sums.
 */
class NaiveLog {
  #branch: ChainedBatch[] = []
  #trimmed = 0
  #lives = 0
  #ids = 0

  append(impressions: number): void {
    const before = this.#branch.at(-1)?.chain
    const chain = {
      epoch: this.#epoch,
      offset: this.#branch.length + 1,
      id: `id-${this.#ids++}`,
      previousId: before?.id ?? '',
      cumulative: (before?.cumulative ?? 0) + impressions,
    }
    this.#branch.push({ ...batchOf(environmentId, { impressions }), chain })
  }

  trim(batches: number): void {
    this.#trimmed = Math.min(this.#branch.length, this.#trimmed + batches)
  }

  /** A lagging replica takes over, which may know the epoch and nothing else. */
  forgetNewest(batches: number): void {
    this.#branch = this.#branch.slice(0, Math.max(0, this.#branch.length - batches))
    this.#trimmed = Math.min(this.#trimmed, this.#branch.length)
  }

  restart(): void {
    this.#branch = []
    this.#trimmed = 0
    this.#lives++
  }

  get #epoch(): string {
    return `life-${this.#lives}`
  }

  get head(): Position {
    const last = this.#branch.at(-1)
    return last ? positionOf(environmentId, last.chain) : beginning(environmentId, this.#epoch)
  }

  view(offset: number, count: number) {
    const held = this.#branch.slice(this.#trimmed)
    const here = held.find(({ chain }) => chain.offset === offset)?.chain
    const behind = held.filter(({ chain }) => chain.offset > offset).slice(0, count)
    return { head: this.head, behind, ...(here && { at: here }) }
  }

  /** What a reader is owed who has read up to this batch; `undefined` when it is not in this branch. */
  owedTo(position: Position): { readonly lost: number; readonly batches: readonly ChainedBatch[] } | undefined {
    const index = this.#branch.findIndex(({ chain }) => chain.id === position.id)
    const isAnywhere = position.epoch === undefined
    const isBegun = position.offset === 0 && position.epoch === this.#epoch
    if (index === -1 && !isAnywhere && !isBegun) return undefined
    const lost = this.#branch.slice(index + 1, Math.max(index + 1, this.#trimmed))
    return { lost: impressionsOf(lost), batches: this.#branch.slice(Math.max(index + 1, this.#trimmed)) }
  }
}

type Step = (log: NaiveLog) => void
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 9 }).map(
      (impressions): Step =>
        (log) =>
          log.append(impressions),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(
      (batches): Step =>
        (log) =>
          log.trim(batches),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(
      (batches): Step =>
        (log) =>
          log.forgetNewest(batches),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((log) => log.restart()) },
)
const scripts = fc.record({
  steps: fc.array(steps, { maxLength: 30 }),
  /** When the reader reads what the head is; it resumes from there at the end. `null`: its cursor knows nothing of the log. */
  readsAt: fc.option(fc.nat({ max: 30 })),
  count: fc.integer({ min: 1, max: 5 }),
})

test('B27 a resumed reader, also one who stands before the first batch, gets what the naive log owes it, or is told that nobody can know', () => {
  fc.assert(
    fc.property(scripts, ({ steps, readsAt, count }) => {
      const { log, position } = play(steps, readsAt)
      const owed = log.owedTo(position)
      if (hasRestarted(position, log.head)) {
        expect(owed).toBeUndefined()
        return
      }
      const page = pageBehind(position, log.view(position.offset, count))
      if (owed) {
        expect(page.gap?.impressions ?? 0).toBe(owed.lost)
        expect(page.gap?.reason).toBe(owed.lost > 0 ? 'trimmed' : undefined)
        expect(page.batches).toEqual(owed.batches.slice(0, count))
        expect(page.more).toBe(owed.batches.length > count)
      } else {
        expect(page.gap).toBeDefined() // another branch is never resumed in silence
      }
    }),
    { numRuns: 2000 },
  )
})

test('page after page, a reader of this branch gets every held batch once and ends at the head', () => {
  fc.assert(
    fc.property(scripts, ({ steps, readsAt, count }) => {
      const { log, position } = play(steps, readsAt)
      const owed = log.owedTo(position)
      if (!owed) return
      const batches: ChainedBatch[] = []
      let end = position
      for (let more = true; more; ) {
        const page = pageBehind(end, log.view(end.offset, count))
        batches.push(...page.batches)
        if (page.gap) expect([page.gap.impressions, batches.length]).toEqual([owed.lost, page.batches.length])
        end = page.end
        more = page.more
      }
      expect(batches).toEqual(owed.batches)
      expect(end).toEqual(log.head)
    }),
    { numRuns: 1000 },
  )
})

function play(steps: readonly Step[], readsAt: number | null): { readonly log: NaiveLog; readonly position: Position } {
  const log = new NaiveLog()
  let position = readsAt === null ? beginning(environmentId) : log.head
  for (const [index, step] of steps.entries()) {
    step(log)
    if (readsAt !== null && index <= readsAt) position = log.head
  }
  return { log, position }
}
