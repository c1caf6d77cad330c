const firstMs = 500
/** Half of it is waited on average once the server is back, which is to be less than 2 s. */
const longestMs = 3000

/** How long to wait after a number of failed tries: doubling from 0.5 s to 3 s, spread so that viewers do not return as one. */
export function retryDelayMs(tries: number, random: () => number): number {
  const delayMs = Math.min(longestMs, firstMs * 2 ** Math.min(tries, 10))
  return Math.max(firstMs, Math.round(delayMs * (0.5 + random() / 2)))
}
