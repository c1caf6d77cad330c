import type { Clock } from './clock.ts'

/** Things to do after a while, by name: waiting for one again begins its time anew. */
export class Patience<Name extends string> {
  readonly #clock: Clock
  readonly #cancels = new Map<Name, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  wait(name: Name, ms: number, run: () => void): void {
    this.cancel(name)
    const cancel = this.#clock.after(ms, () => {
      this.#cancels.delete(name)
      run()
    })
    this.#cancels.set(name, cancel)
  }

  waits(name: Name): boolean {
    return this.#cancels.has(name)
  }

  cancel(name: Name): void {
    this.#cancels.get(name)?.()
    this.#cancels.delete(name)
  }

  close(): void {
    for (const name of [...this.#cancels.keys()]) this.cancel(name)
  }
}
