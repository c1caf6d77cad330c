import type { Limits } from '../../domain/limits.ts'

/** One post's part of what is in flight. */
export interface PostShare {
  /** Reserves memory for the post's body; `false` when the process has no more to give. */
  take(bytes: number): boolean
  /** Gives all of it back; to be called once the post is answered or its sender is gone. */
  release(): void
}

/** Bounds the bodies that the process holds at once, by number and by bytes. */
export class InFlight {
  readonly #limits: Limits
  #posts = 0
  #beacons = 0
  #bytes = 0
  #waiting: (() => void)[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /**
   * A share for one more post, or `undefined` when there are too many. Of beacons fewer may be there: whose key they have is
   * known once they are read, and strangers must not take the places of all.
   */
  admit(kind: 'post' | 'beacon'): PostShare | undefined {
    const isBeacon = kind === 'beacon'
    if (this.#posts >= this.#limits.inFlightPosts) return undefined
    if (isBeacon && this.#beacons >= this.#limits.inFlightBeacons) return undefined
    this.#posts++
    if (isBeacon) this.#beacons++
    let taken = 0
    return {
      take: (bytes) => {
        if (this.#bytes + bytes > this.#limits.inFlightBytes) return false
        this.#bytes += bytes
        taken += bytes
        return true
      },
      release: () => {
        this.#bytes -= taken
        if (isBeacon) this.#beacons--
        this.#leave()
      },
    }
  }

  /** Resolves when no post is in flight. */
  idle(): Promise<void> {
    return this.#posts === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }

  #leave(): void {
    this.#posts--
    if (this.#posts > 0) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting = []
  }
}
