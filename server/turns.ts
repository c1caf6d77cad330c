/** Long work in small pieces: asked between two of them, it lets other work have its turn once they took too long. */
export class Turns {
  readonly #mostMs: number
  #sinceMs = performance.now()

  constructor(mostMs: number) {
    this.#mostMs = mostMs
  }

  get isOver(): boolean {
    return performance.now() - this.#sinceMs >= this.#mostMs
  }

  /** Resolves at once while the turn lasts, else when the next one begins. */
  async next(): Promise<void> {
    if (!this.isOver) return
    await new Promise(setImmediate)
    this.#sinceMs = performance.now()
  }
}
