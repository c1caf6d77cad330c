import { setTimeout } from 'node:timers/promises'
import type { Account } from './book-keeper.ts'
import { crowd, crowdSize } from './crowd.ts'
import type { Sampler } from './sampler.ts'
import { until } from './until.ts'
import type { ViewerProcess } from './viewers.ts'

const awakeMs = 15_000
const frozenMs = 45_000
/** Patience, not promises: the machine may be busy with something else. */
const goneMs = 300_000
const backMs = 600_000

/** How often all of them were frozen, hung up on by the server, thawed and back with their books. */
export type Freezes = {
  readonly count: number
  /** Of these, how often they were seen silent: some seconds before they are hung up on, which a busy machine may miss. */
  readonly seenSilent: number
  readonly slowestReturnMs: number
}

/** Freezes viewers again and again, as somebody who closes and opens a laptop, until it is told to end. */
export async function freezeOften(viewers: ViewerProcess, sampler: Sampler, end: AbortSignal): Promise<Freezes> {
  let [count, seenSilent, slowestReturnMs] = [0, 0, 0]
  for (;;) {
    if (!(await pause(awakeMs, end))) return { count, seenSilent, slowestReturnMs }
    viewers.freeze()
    const frozen = performance.now()
    let silent = false
    await until(
      () => 'frozen viewers are hung up on',
      goneMs,
      () => {
        silent ||= sampler.latest?.silentViewers === crowd.freezing
        return sampler.latest?.viewers === crowd.reading
      },
    )
    if (silent) seenSilent++
    const on = await pause(frozenMs - (performance.now() - frozen), end)
    viewers.thaw()
    const isBack = ({ cuts, watching }: Account): boolean => cuts === count + 1 && watching
    const returnMs = await until(
      () => `thawed viewers are back, not ${JSON.stringify(viewers.accounts.filter((one) => !isBack(one)))}`,
      backMs,
      () => viewers.accounts.every(isBack) && sampler.latest?.viewers === crowdSize,
    )
    count++
    slowestReturnMs = Math.max(slowestReturnMs, returnMs)
    if (!on) return { count, seenSilent, slowestReturnMs }
  }
}

/** `false` when it was ended meanwhile. */
async function pause(ms: number, end: AbortSignal): Promise<boolean> {
  if (end.aborted) return false
  return setTimeout(ms, true, { signal: end }).catch(() => false)
}
