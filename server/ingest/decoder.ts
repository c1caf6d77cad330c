import type { Shared } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import type { Job, Pieces } from './decode-job.ts'
import { countEntries, decodeParsed, decodeUsual } from './decode-post.ts'
import type { Decoded } from './decode-split.ts'
import { DecodeThread, type Done } from './decode-thread.ts'
import { type Body, wholeOf } from './gathered.ts'
import type { OtherKind } from './paths.ts'
import { later, type Refusal } from './refusal.ts'

const busyS = 1

/** Reads bodies: what is quick here, the rest on threads, so that nobody else waits for it. Same outcome. */
export class Decoder {
  readonly #limits: Limits
  readonly #free: DecodeThread[]
  readonly #threads: readonly DecodeThread[]
  readonly #waiting = new Set<(thread: DecodeThread | undefined) => void>()
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor(limits: Limits, failed: (error: unknown) => void) {
    this.#limits = limits
    this.#threads = Array.from({ length: limits.offThreadThreads }, () => new DecodeThread(limits, failed))
    this.#free = [...this.#threads]
  }

  /** A post of impressions that shows its key in a header. Its memory may be given away. */
  async impressions(body: Body, shared: Shared): Promise<Result<Decoded, Refusal>> {
    const { offThreadBytes, parsedHereBytes } = this.#limits
    if (body.length <= offThreadBytes) {
      const whole = wholeOf(body)
      const usual = decodeUsual(whole, shared, this.#limits)
      if (usual) return ok(usual)
      if (body.length <= parsedHereBytes) return decodeParsed(whole, shared, this.#limits)
    }
    const done = await this.#onThread({ of: 'impressions', body: given(body), shared })
    if (!done.ok) return done
    if (typeof done.value === 'number') throw new Error('entries were counted where impressions were')
    return ok(done.value)
  }

  /** How many entries a post of another kind has. Its memory may be given away. */
  async entries(body: Body, kind: OtherKind): Promise<Result<number, Refusal>> {
    if (body.length <= this.#limits.parsedHereBytes) return countEntries(wholeOf(body), kind, this.#limits)
    const done = await this.#onThread({ of: kind, body: given(body) })
    if (!done.ok) return done
    if (typeof done.value !== 'number') throw new Error('impressions were decoded where entries are')
    return ok(done.value)
  }

  /** Ends the threads; who waits for one is told to come again. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    for (const give of this.#waiting) give(undefined)
    for (const thread of this.#threads) thread.end()
    await Promise.all(this.#threads.map((thread) => thread.ended))
  }

  async #onThread(job: Job): Promise<Done> {
    const thread = await this.#take()
    if (!thread || this.#closed) return failed(later(503, 'too many large posts at once', busyS))
    try {
      return await thread.run(job)
    } finally {
      void thread.ended.then(() => this.#giveBack(thread))
    }
  }

  /** A thread that is free within `offThreadMs`. */
  #take(): Promise<DecodeThread | undefined> {
    clearTimeout(this.#idle)
    const free = this.#closed ? undefined : this.#free.pop()
    if (free || this.#closed) return Promise.resolve(free)
    return new Promise((resolve) => {
      const give = (thread: DecodeThread | undefined): void => {
        clearTimeout(late)
        this.#waiting.delete(give)
        resolve(thread)
      }
      const late = setTimeout(give, this.#limits.offThreadMs, undefined)
      this.#waiting.add(give)
    })
  }

  #giveBack(thread: DecodeThread): void {
    const [next] = this.#waiting
    if (next) next(thread)
    else this.#free.push(thread)
    if (this.#free.length < this.#threads.length || this.#closed) return
    this.#idle = setTimeout(() => this.#rest(), this.#limits.offThreadIdleMs).unref()
  }

  #rest(): void {
    for (const thread of this.#free) thread.end()
  }
}

/** The body in memory of its own. */
function given({ pieces, isOwn }: Body): Pieces {
  return pieces.map((piece) => {
    const { buffer, byteOffset, length } = piece
    const mayGo = isOwn && buffer instanceof ArrayBuffer
    return mayGo ? new Uint8Array(buffer, byteOffset, length) : Uint8Array.from(piece)
  })
}
