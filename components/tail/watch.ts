import type { Cursor } from '../../domain/chain.ts'
import type { Frame, Start } from '../../domain/protocol.ts'
import type { TailSocket } from './tail-socket.ts'

const leastAckMs = 1000

type Phase =
  | { readonly kind: 'away' }
  /** A `watch` or `resume` was sent: frames are dropped until the `start` that answers it. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'watching'; readonly tail: string }
  | { readonly kind: 'holding'; readonly tail: string }

/**
 * The viewer's side of the conversation: which filter under which revision, how far it was heard, and whether rows are
 * wanted at all. Asks one thing at a time, so that each `start` has one question.
 */
export class Watch {
  readonly #say: TailSocket['say']
  #phase: Phase = { kind: 'away' }
  #filter: string
  #revision = 1
  #startedRevision = 0
  #cursor: Cursor = []
  #wantsHold = false
  #ackedMs = Number.NEGATIVE_INFINITY

  constructor(say: TailSocket['say'], filter: string) {
    this.#say = say
    this.#filter = filter
  }

  get revision(): number {
    return this.#revision
  }

  get filter(): string {
    return this.#filter
  }

  /** Whether the books speak of the filter that is wanted. */
  get settled(): boolean {
    return this.#startedRevision === this.#revision
  }

  get holding(): boolean {
    return this.#phase.kind === 'holding'
  }

  /** Connected, for the first time or again. */
  connected(): void {
    this.ask()
  }

  lost(): void {
    this.#phase = { kind: 'away' }
  }

  /** Watches another filter under a new revision; at once when connected, else as soon as that is. */
  want(filter: string): void {
    if (filter === this.#filter) return
    this.#filter = filter
    this.#revision++
    if (this.#phase.kind !== 'away') this.ask()
  }

  /** Whether rows should wait on the server. */
  hold(wanted: boolean): void {
    this.#wantsHold = wanted
    if (wanted && this.#phase.kind === 'watching') this.#hold(this.#phase.tail)
    if (!wanted && this.#phase.kind === 'holding') {
      this.#phase = { kind: 'asked' }
      this.#say('resume', { cursor: this.#cursor })
    }
  }

  /** Sends the watch; with a cursor once this revision has started. */
  ask(): void {
    const cursor = this.settled ? { cursor: this.#cursor } : {}
    this.#phase = { kind: 'asked' }
    this.#say('watch', { revision: this.#revision, filter: this.#filter, ...cursor })
  }

  /** What a `start` answers, or nothing when it belongs to a question that is no longer of interest. */
  hearStart(start: Start): 'new' | 'resumed' | undefined {
    if (this.#phase.kind !== 'asked' || start.revision !== this.#revision) return undefined
    const answer = this.settled ? 'resumed' : 'new'
    this.#startedRevision = start.revision
    this.#cursor = start.cursor
    this.#phase = { kind: 'watching', tail: start.tail }
    if (this.#wantsHold) this.#hold(start.tail)
    return answer
  }

  /** Whether a frame is of the Tail that is watched; notes how far it has come. */
  hearFrame(frame: Frame): boolean {
    const phase = this.#phase
    if ((phase.kind !== 'watching' && phase.kind !== 'holding') || frame.tail !== phase.tail) return false
    const moved = new Set(frame.cursor.map((position) => position.environmentId))
    this.#cursor = [...this.#cursor.filter((position) => !moved.has(position.environmentId)), ...frame.cursor]
    return true
  }

  /** A frame was heard: says so, at most once a second, and never from a timer, which hidden tabs throttle. */
  acknowledge(sequence: number, nowMs: number): void {
    if (nowMs - this.#ackedMs < leastAckMs) return
    this.#ackedMs = nowMs
    this.#say('ack', { sequence })
  }

  /** The server gave up on this viewer's silence: by now all older frames were heard, so it goes on from there. */
  hearBehind(): void {
    if (this.#phase.kind !== 'watching' && this.#phase.kind !== 'holding') return
    this.#phase = { kind: 'asked' }
    this.#say('resume', { cursor: this.#cursor })
  }

  #hold(tail: string): void {
    this.#phase = { kind: 'holding', tail }
    this.#say('hold', {})
  }
}
