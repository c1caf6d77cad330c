/** Time as the store sees it; tests turn it by hand. Each call that waits returns how to call it off. */
export type Clock = {
  /** Epoch ms. */
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
  /** Before the browser paints next; never in a hidden tab. */
  readonly beforePaint: (run: () => void) => () => void
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  beforePaint: (run) => {
    const frame = requestAnimationFrame(run)
    return () => cancelAnimationFrame(frame)
  },
}
