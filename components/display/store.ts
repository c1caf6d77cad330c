import { type Display, type DisplayParams, displayFrom, withParams } from './display.ts'
import { keep, readKept } from './kept.ts'

const name = 'display'

/** How this person wants the page: what a link says first, then what this browser kept. */
export class DisplayStore {
  readonly #listeners = new Set<() => void>()
  #display: Display

  constructor(params: DisplayParams) {
    this.#display = withParams(displayFrom(readKept(name)), params)
  }

  /** The same object until something is different. */
  readonly view = (): Display => this.#display

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes effect at once, and for the next visit. */
  set(change: Partial<Display>): void {
    this.#display = { ...this.#display, ...change }
    keep(name, this.#display)
    for (const listener of this.#listeners) listener()
  }
}
