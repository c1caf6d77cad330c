/** Lets so many through at a time; the others wait their turn. */
export class Turnstile {
  readonly #most: number
  #inside = 0
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Runs `act` when there is room. */
  async pass<Outcome>(act: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#inside >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#inside++
    try {
      return await act()
    } finally {
      this.#inside--
      this.#waiting.shift()?.()
    }
  }
}
