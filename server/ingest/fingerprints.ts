/** 64 bits that stand for one row of one flag and environment. */
export type Fingerprint = { readonly high: number; readonly low: number }

/**
 * Fingerprints, each kept until its time; when there are too many the oldest go first. They stand in a ring in order of
 * their time, and those that share a slot are chained from the newest to the oldest: a chain ends at whatever has left
 * the ring, so nothing has to be taken out of it, and forgetting costs a step each.
 */
export class Fingerprints {
  readonly #most: number
  #ring: Ring | undefined
  /** Numbers of the oldest kept and of the next to come; they only go up, and 0 is nobody's. */
  #oldest = 1
  #next = 1
  #crowdedOut = 0

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#next - this.#oldest
  }

  /** How many had to go before their time. */
  get crowdedOut(): number {
    return this.#crowdedOut
  }

  /** Keeps one until a time that is not before that of any other. */
  add({ high, low }: Fingerprint, untilMs: number): void {
    if (this.size === this.#most) {
      this.#oldest++
      this.#crowdedOut++
    }
    this.#ring ??= ringOf(this.#most)
    const ring = this.#ring
    const at = this.#next % this.#most
    const slot = slotOf(ring, low)
    ring.high[at] = high
    ring.low[at] = low
    ring.untilMs[at] = untilMs
    ring.before[at] = ring.newest[slot] ?? 0
    ring.newest[slot] = this.#next++
  }

  has({ high, low }: Fingerprint): boolean {
    const ring = this.#ring
    if (!ring) return false
    for (let number = ring.newest[slotOf(ring, low)] ?? 0; number >= this.#oldest; ) {
      const at = number % this.#most
      if (ring.low[at] === low && ring.high[at] === high) return true
      number = ring.before[at] ?? 0
    }
    return false
  }

  /** Forgets those whose time is over; without any left, their memory is given back. */
  forget(nowMs: number): void {
    const ring = this.#ring
    if (!ring) return
    while (this.size > 0 && (ring.untilMs[this.#oldest % this.#most] ?? 0) <= nowMs) this.#oldest++
    if (this.size === 0) this.#ring = undefined
  }
}

type Ring = {
  readonly high: Int32Array
  readonly low: Int32Array
  readonly untilMs: Float64Array
  /** The number before in the chain. */
  readonly before: Float64Array
  /** By slot, the number at the head of its chain. */
  readonly newest: Float64Array
}

function ringOf(most: number): Ring {
  return {
    high: new Int32Array(most),
    low: new Int32Array(most),
    untilMs: new Float64Array(most),
    before: new Float64Array(most),
    newest: new Float64Array(2 ** Math.ceil(Math.log2(most))),
  }
}

function slotOf({ newest }: Ring, low: number): number {
  return low & (newest.length - 1)
}
