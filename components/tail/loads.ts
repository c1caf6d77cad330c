import { type Cursor, samePoint } from '../../domain/chain.ts'
import type { Loaded, LoadedOlder } from '../../domain/protocol.ts'
import type { Entry, Load, Marker } from './entry.ts'
import type { Intake } from './intake.ts'
import type { TailSocket } from './tail-socket.ts'

/** Loads the rows that markers stand for, one marker at a time. */
export class Loads {
  readonly #intake: Intake
  readonly #say: TailSocket['say']
  #asked: { readonly id: string; readonly kind: 'skipped' | 'older' } | undefined

  constructor(intake: Intake, say: TailSocket['say']) {
    this.#intake = intake
    this.#say = say
  }

  /** How it stands with markers right now. */
  now(): (marker: Marker) => Load {
    const asked = this.#asked
    const { older, isFull } = this.#intake.held
    return (marker) => {
      if (marker.id === asked?.id) return 'under way'
      if (marker.kind === 'skipped') return marker.loadable ? 'offered' : 'no'
      if (marker.kind !== 'older') return 'no'
      return isFull ? 'full' : older?.id === marker.id && older.loadable ? 'offered' : 'no'
    }
  }

  /** Asks for the rows of a marker, unless others are under way. */
  ask(markerId: string): void {
    const marker = this.#intake.held.markerOf(markerId)
    if (this.#asked || !marker || this.now()(marker) !== 'offered') return
    if (marker.kind !== 'skipped' && marker.kind !== 'older') return
    this.#asked = { id: markerId, kind: marker.kind } // before it is said: demo data answer at once
    if (marker.kind === 'skipped') this.#say('load', { from: marker.from, to: marker.to })
    else this.#say('older', { from: marker.from })
  }

  /** What was asked for will not come. */
  forget(): void {
    this.#asked = undefined
  }

  hear(loaded: Loaded): { readonly markerId: string; readonly entries: readonly Entry[] } | undefined {
    if (this.#asked?.kind !== 'skipped') return undefined
    const { id: markerId } = this.#asked
    this.#asked = undefined
    const entries = this.#intake.load(markerId, loaded)
    return entries && { markerId, entries }
  }

  /** An answer that brings no row and came on is followed by the next question: somebody waits for rows. */
  hearOlder(loaded: LoadedOlder): ReturnType<Intake['loadOlder']> {
    const { older } = this.#intake.held
    if (this.#asked?.kind !== 'older') return undefined
    if (older && !sameCursor(older.from, loaded.from)) return undefined // to a question of before
    this.#asked = undefined
    if (!older) return undefined
    const taken = this.#intake.loadOlder(loaded)
    const next = this.#intake.held.older
    if (taken?.counted === 0 && next && !sameCursor(older.from, next.from)) this.ask(next.id)
    return taken
  }
}

function sameCursor(one: Cursor, other: Cursor): boolean {
  return (
    one.length === other.length &&
    one.every((position, index) => {
      const beside = other[index]
      return beside?.environmentId === position.environmentId && samePoint(position, beside)
    })
  )
}
