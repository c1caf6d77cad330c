import type { Limits } from '../../domain/limits.ts'

/** `away`: in no room, so nobody expects to hear of it. `silent`: was taken out of its room and has not said anything. */
export type Presence = 'away' | 'listening' | 'silent' | 'behind' | 'gone'

/**
 * Whether a viewer still reads what it is sent. Only its acks tell in time: kernel buffers take megabytes before the
 * socket notices that a tab is frozen (measured: 5 to 30 s late).
 */
export class PresenceClock {
  readonly #limits: Limits
  #presence: Presence = 'away'
  #heardMs = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get presence(): Presence {
    return this.#presence
  }

  /** It joined a room: acks are due from now on. */
  join(nowMs: number): void {
    this.#presence = 'listening'
    this.#heardMs = nowMs
  }

  leave(): void {
    this.#presence = 'away'
  }

  /** An ack came. Says whether the viewer is to be told that it is behind. */
  hear(nowMs: number): boolean {
    this.#heardMs = nowMs
    if (this.#presence !== 'silent') return false
    this.#presence = 'behind'
    return true
  }

  /** What the time that has passed makes of it, if that is news. */
  check(nowMs: number): 'silent' | 'gone' | undefined {
    const silentMs = nowMs - this.#heardMs
    const expected = this.#presence !== 'away' && this.#presence !== 'gone'
    if (expected && silentMs > this.#limits.viewerGoneMs) {
      this.#presence = 'gone'
      return 'gone'
    }
    if (this.#presence === 'listening' && silentMs > this.#limits.viewerSilentMs) {
      this.#presence = 'silent'
      return 'silent'
    }
    return undefined
  }
}
