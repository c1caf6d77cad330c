/**
 * Lets `perSecond` things through, `burst` at once after a quiet time. Times are ms of one clock; set back, it stops the
 * refill but takes nothing away.
 */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #atMs: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** Whole tokens that can be taken now. */
  available(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.#atMs)
    this.#atMs = nowMs
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs * this.#perSecond) / 1000)
    return Math.max(0, Math.floor(this.#tokens))
  }

  /** Takes tokens, below zero if asked to: the debt is paid before the next are given. */
  take(count: number): void {
    this.#tokens -= count
  }

  /** Ms until one token is there, as of the last `available`. */
  waitMs(): number {
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond)
  }
}
