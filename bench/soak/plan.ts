/** When what happens, in seconds of load. */
export type Plan = {
  readonly seconds: number
  /** Until the log, its ring and the minute of counts are long full, and V8 has found the size of its heap. */
  readonly warmUpS: number
  /** What survives a collection is weighed twice: before the trend of resident memory begins, and after it has ended. */
  readonly firstWeighingS: number
  readonly lastWeighingS: number
  /** Between the weighings of one time, of which the least counts. */
  readonly weighEveryS: number
}

/** How often it is weighed at one time: posts that are decoded and viewers that are catching up come and go. */
export const weighings = 5

export function planOf(minutes: number): Plan {
  const seconds = minutes * 60
  const warmUpS = Math.min(300, 0.4 * seconds)
  const weighEveryS = Math.min(5, seconds / 90)
  const weighingS = (weighings + 1) * weighEveryS
  return {
    seconds,
    warmUpS,
    firstWeighingS: warmUpS - 2 * weighingS,
    lastWeighingS: seconds - weighingS,
    weighEveryS,
  }
}
