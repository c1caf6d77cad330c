import type { BusState } from '../bus.ts'

/** The bus is up while all of its parts are. */
export class Health<Part extends string> {
  readonly #now: () => number
  readonly #down = new Set<Part>()
  readonly #watchers = new Set<{ readonly told: (state: BusState) => void }>()
  #state: BusState = { up: true }

  constructor(now: () => number) {
    this.#now = now
  }

  set(part: Part, up: boolean): void {
    if (up) this.#down.delete(part)
    else this.#down.add(part)
    const isUp = this.#down.size === 0
    if (isUp === this.#state.up) return
    this.#state = isUp ? { up: true } : { up: false, sinceMs: this.#now() }
    for (const { told } of [...this.#watchers]) told(this.#state)
  }

  /** Nobody is told any more. */
  close(): void {
    this.#watchers.clear()
  }

  watch(told: (state: BusState) => void): () => void {
    const watcher = { told }
    this.#watchers.add(watcher)
    told(this.#state)
    return () => void this.#watchers.delete(watcher)
  }
}
