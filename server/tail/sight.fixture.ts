import { onTestFinished } from 'vitest'
import type { Clarity, Sight } from '../../domain/access.ts'
import { defaultLimits } from '../../domain/limits.ts'
import type { Bus, OlderPage } from '../bus/bus.ts'
import { HeardBatch } from './heard.ts'
import { Logs } from './logs.ts'
import { Masks } from './masks.ts'
import { SeenLogs, type SeenOlderPage } from './seen-logs.ts'

/** The masks of the tests' environments, each under a secret of its own. */
export const testMasks = new Masks((environmentId) => `secret of ${environmentId}`, defaultLimits)

/** A sight of these environments, all of them seen in one way. */
export function sightOf(ids: readonly string[], clarity: Clarity = 'full'): Sight {
  return new Map(ids.map((id) => [id, clarity]))
}

/** The logs as one sees them who may see everything. */
export function seeAll(bus: Bus, logs: Logs): SeenLogs {
  return new SeenLogs({ bus, logs, masks: testMasks }, sightOf(logs.environments.map(({ id }) => id)))
}

/** The same of logs that nobody follows. */
export function seeUnfollowed(bus: Bus, ids: readonly string[]): SeenLogs {
  const environments = ids.map((id) => ({ id, name: id }))
  const quiet = { heard: () => {}, gapTold: () => {}, unfollowed: () => {}, failed: () => {} }
  const logs = new Logs({ bus, environments, limits: defaultLimits, masks: testMasks, ...quiet })
  onTestFinished(() => logs.close())
  return seeAll(bus, logs)
}

/** A page as it is seen where everything may be. */
export function seenPage({ batches, more }: OlderPage): SeenOlderPage {
  return { batches: batches.map((batch) => new HeardBatch(batch)), more }
}
