import fc from 'fast-check'
import { anyCommands } from './commands/all.fixture.ts'
import { freshPlan } from './commands/command.fixture.ts'
import type { Fired } from './faults.fixture.ts'
import { type Violation, violationsOf } from './invariants.fixture.ts'
import { settle } from './settle.fixture.ts'
import { Lane, type World } from './world.fixture.ts'

/** A run's failure; fast-check shows its message beside the shrunk commands. */
export class Broken extends Error {
  readonly violations: readonly Violation[]

  constructor(violations: readonly Violation[], journal: readonly string[]) {
    super(`${violations.map(({ promise, why }) => `${promise}: ${why}`).join('\n')}\n\n${journal.join('\n')}`)
    this.violations = violations
  }
}

export type LaneOutcome = {
  /** Which promises are broken in the smallest failing run that was found. */
  readonly broken: ReadonlySet<string>
  /** How it failed, readable; absent when every run passed. */
  readonly report?: string
}

export type LaneParts = {
  readonly name: string
  readonly seed: number
  readonly runs: number
  readonly fired: Fired
  /** For looking for a smaller run that fails, in all. */
  readonly shrinkMs: number
}

/** Runs with one Redis, one after the other. */
export async function runLane({ name, seed, runs, fired, shrinkMs }: LaneParts): Promise<LaneOutcome> {
  const lane = await Lane.open(name)
  let giveUpAt = Number.POSITIVE_INFINITY
  let first: unknown
  try {
    const property = fc.asyncProperty(anyCommands, async (commands) => {
      if (performance.now() > giveUpAt) return // shrinking has had its time
      try {
        await oneRun(lane, fired, commands)
      } catch (error) {
        first ??= error
        giveUpAt = Math.min(giveUpAt, performance.now() + shrinkMs)
        throw error
      }
    })
    const details = await fc.check(property, { seed, numRuns: runs })
    if (!details.failed) return { broken: new Set() }
    const { errorInstance } = details
    const broken = errorInstance instanceof Broken ? errorInstance.violations.map(({ promise }) => promise) : ['run']
    return {
      broken: new Set<string>(broken),
      report: `${fc.defaultReportMessage(details) ?? 'failed'}\n\n${String(errorInstance)}\n\nbefore shrinking: ${String(first)}`,
    }
  } finally {
    await lane.close()
  }
}

type Commands = typeof anyCommands extends fc.Arbitrary<infer One> ? One : never

async function oneRun(lane: Lane, fired: Fired, commands: Commands): Promise<void> {
  const world = await lane.world(fired)
  try {
    await fc.asyncModelRun(() => ({ model: freshPlan(), real: world }), commands)
    await settle(world)
    const violations = await violationsOf(world)
    if (violations.length > 0) throw new Broken(violations, world.journal)
    countFired(world)
  } catch (error) {
    if (error instanceof Broken) throw error
    throw new Error(`${String(error)}\n\n${world.journal.join('\n')}`, { cause: error })
  } finally {
    await world.close()
  }
}

/** Faults that are seen in what they brought about. */
function countFired(world: World): void {
  const { fired } = world
  for (const page of world.pages) {
    const { did, books } = page
    const { behind, connected, drained } = page.line.counts
    fired.add('viewer stalled until it left its room', behind)
    fired.add('viewer reconnected', connected - 1)
    fired.add('viewer drained', drained)
    fired.add('viewer moved to the other node', did.elsewhere)
    fired.add('viewer held', did.held)
    fired.add('viewer released', did.held > 0 ? did.resumed : 0)
    fired.add('skipped rows loaded', did.filled)
    fired.add('filter changed', page.told.length - 1)
    fired.add('rows skipped', did.filled + (books?.skipped ?? 0))
    fired.add('rows sampled out', books?.sampledOut ?? 0)
    const gaps = page.told.flatMap((told) => told.gaps)
    const counted = gaps.filter(({ impressions }) => impressions !== undefined).length
    fired.add('gap with a count told', counted)
    fired.add('gap without a count told', gaps.length - counted)
  }
  const { did, told } = world.reader
  fired.add('script came back', did.connected - told.length)
  fired.add('script moved to the other node', did.elsewhere)
  fired.add('script sent away', did.left)
  fired.add('script given a gap', told.flatMap(({ gaps }) => gaps).length)
  fired.add('messages dropped in silence', world.dropped)
}
