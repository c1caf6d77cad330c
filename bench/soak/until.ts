import { setTimeout } from 'node:timers/promises'

const pollMs = 50

/** Resolves with how long that took when the condition holds; throws with `what` was waited for when it does not in time. */
export async function until(what: () => string, withinMs: number, holds: () => boolean): Promise<number> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > withinMs) throw new Error(`not within ${withinMs / 1000} s: ${what()}`)
    await setTimeout(pollMs)
  }
  return performance.now() - began
}
