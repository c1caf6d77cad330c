export type CircuitParts = {
  readonly failuresToOpen: number
  readonly halfOpenMs: number
  readonly monotonicMs: () => number
}

/** Spares callers the wait for somebody who does not answer: opened by failures in a row, it lets one try through per `halfOpenMs`. */
export class Circuit {
  readonly #parts: CircuitParts
  #failures = 0
  #tryAt = 0

  constructor(parts: CircuitParts) {
    this.#parts = parts
  }

  get isOpen(): boolean {
    return this.#failures >= this.#parts.failuresToOpen
  }

  /** Whether to try now; who is told so while it is open is the only one until the next. */
  admits(): boolean {
    if (!this.isOpen) return true
    const nowMs = this.#parts.monotonicMs()
    if (nowMs < this.#tryAt) return false
    this.#tryAt = nowMs + this.#parts.halfOpenMs
    return true
  }

  succeed(): void {
    this.#failures = 0
  }

  fail(): void {
    this.#failures++
    if (this.isOpen) this.#tryAt = this.#parts.monotonicMs() + this.#parts.halfOpenMs
  }
}
