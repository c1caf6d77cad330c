import type { Clock } from './tail/clock.ts'
import { Patience } from './tail/patience.ts'

/** A word about what was just done, for a moment, and perhaps the way to undo it. */
export type Toast = { readonly id: number; readonly text: string; readonly act?: ToastAct }

export type ToastAct = {
  readonly title: string
  readonly run: () => void
  /** Its time is over, and it was not run. */
  readonly lapsed: () => void
}

/** Does what the newest toast offers. */
export const undoKey = 'u'

const most = 3
const shownMs = 2500
const actShownMs = 10_000

/** The words that are shown right now, the newest last. */
export class Toasts {
  readonly #waits: Patience<string>
  readonly #listeners = new Set<() => void>()
  #toasts: readonly Toast[] = []
  #count = 0

  constructor(clock: Clock) {
    this.#waits = new Patience(clock)
  }

  /** The same list until something is different. */
  readonly view = (): readonly Toast[] => this.#toasts

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Shows a text, in place of the same one where that is shown already; long enough to act where there is something to do. */
  say(text: string, act?: ToastAct): void {
    const same = this.#toasts.filter((toast) => toast.text === text)
    const over = this.#toasts.filter((toast) => toast.text !== text).slice(0, 1 - most)
    for (const toast of [...same, ...over]) this.#end(toast)
    const toast = { id: ++this.#count, text, act }
    this.#set([...this.#toasts, toast])
    this.release(toast)
  }

  /** Does what a toast offers. */
  act(toast: Toast): void {
    if (!this.#toasts.includes(toast)) return
    this.#remove(toast)
    toast.act?.run()
  }

  /** Somebody is at it: its time stands still. */
  hold({ id }: Toast): void {
    this.#waits.cancel(String(id))
  }

  /** Its time begins anew. */
  release(toast: Toast): void {
    this.#waits.wait(String(toast.id), toast.act ? actShownMs : shownMs, () => this.#end(toast))
  }

  #end(toast: Toast): void {
    this.#remove(toast)
    toast.act?.lapsed()
  }

  #remove(toast: Toast): void {
    this.#waits.cancel(String(toast.id))
    this.#set(this.#toasts.filter((one) => one !== toast))
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts
    for (const listener of this.#listeners) listener()
  }
}
