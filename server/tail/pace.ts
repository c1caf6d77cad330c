import type { Limits } from '../../domain/limits.ts'
import type { Clock } from '../clock.ts'
import { TokenBucket } from '../token-bucket.ts'

const minuteSeconds = 60

/** `watch` replaces all that a viewer said before it; `move` (hold, resume) and each other kind replace an earlier one of theirs. */
export type CommandKind = 'watch' | 'move' | 'load' | 'older' | 'find' | 'mistake'

type Command = { readonly kind: CommandKind; readonly act: () => void | Promise<void> }

/** Lets one viewer's commands through at a bounded rate. What is too much waits, unless a later command replaces it. */
export class Pace {
  readonly #tokens: TokenBucket
  readonly #clock: Clock
  readonly #failed: (error: unknown) => void
  #waiting: readonly Command[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(limits: Limits, clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock
    this.#failed = failed
    this.#tokens = new TokenBucket(limits.commandsPerMinute / minuteSeconds, limits.commandsBurst, clock.monotonicMs())
  }

  run(kind: CommandKind, act: Command['act']): void {
    const kept = kind === 'watch' ? [] : this.#waiting.filter((command) => command.kind !== kind)
    this.#waiting = [...kept, { kind, act }]
    this.#go()
  }

  close(): void {
    this.#waiting = []
    clearTimeout(this.#timer)
  }

  #act({ act }: Command): void {
    Promise.resolve()
      .then(act)
      .catch((error) => this.#failed(error))
  }

  #go(): void {
    clearTimeout(this.#timer)
    while (this.#waiting.length > 0 && this.#tokens.available(this.#clock.monotonicMs()) > 0) {
      this.#tokens.take(1)
      const [next, ...later] = this.#waiting
      this.#waiting = later
      if (next) this.#act(next)
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#go(), this.#tokens.waitMs())
  }
}
