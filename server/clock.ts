/** The two times of this house: what the calendar says, and what timers and rates go by. */
export type Clock = {
  /** Epoch ms; may jump. */
  readonly now: () => number
  /** Ms since some start; never goes back. */
  readonly monotonicMs: () => number
}

export const systemClock: Clock = { now: Date.now, monotonicMs: () => performance.now() }
