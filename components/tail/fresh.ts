import type { HeldRows } from './held-rows.ts'
import type { List } from './list.ts'
import type { Place } from './view.ts'

const fadeMs = 600
const mostPerSecond = 5
const mostLines = 6

/** Which lines came a moment ago. While more come than the eye can follow, none is told: they would only flicker. */
export class Fresh {
  #newest: string | undefined
  #seen: readonly { readonly id: string; readonly atMs: number }[] = []

  /** Looks at what came since the last look; after a backfill or a burst that is nothing in particular. */
  look(held: HeldRows, nowMs: number): void {
    const newest = held.newest(mostLines)
    const known = newest.findIndex(({ id }) => id === this.#newest)
    const came = newest.slice(0, Math.max(0, known)).filter(({ kind }) => kind === 'impression')
    this.#newest = newest[0]?.id
    this.#seen = [...came.map(({ id }) => ({ id, atMs: nowMs })), ...this.#still(nowMs)]
  }

  /** Where they stand in the list. */
  in(list: List, perSecond: number, nowMs: number): readonly Place[] {
    const seen = perSecond > mostPerSecond ? [] : this.#still(nowMs)
    const places: Place[] = []
    for (let index = 0; index < mostLines && places.length < seen.length; index++) {
      const id = list.at(index)?.id
      if (id !== undefined && seen.some((one) => one.id === id)) places.push({ id, index })
    }
    return places
  }

  #still(nowMs: number) {
    return this.#seen.filter(({ atMs }) => nowMs - atMs < fadeMs)
  }
}
