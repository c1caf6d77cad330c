import type { Clock } from './clock.ts'

/** Turns any number of wishes to paint into at most one paint per `leastMs`, right before the browser paints. */
export class Painter {
  readonly #clock: Clock
  #leastMs: number
  readonly #paint: () => void
  #lastMs = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(clock: Clock, leastMs: number, paint: () => void) {
    this.#clock = clock
    this.#leastMs = leastMs
    this.#paint = paint
  }

  want(): void {
    if (this.#cancel) return
    const waitMs = this.#lastMs + this.#leastMs - this.#clock.now()
    if (waitMs <= 0) this.#schedule()
    else this.#cancel = this.#clock.after(waitMs, () => this.#schedule())
  }

  /** Takes another interval, from the next paint on. */
  pace(leastMs: number): void {
    this.#leastMs = leastMs
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(): void {
    this.#cancel = this.#clock.beforePaint(() => {
      this.#cancel = undefined
      this.#lastMs = this.#clock.now()
      this.#paint()
    })
  }
}
