import { Worker } from 'node:worker_threads'
import type { Batch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { fromPortable } from '../bus/packed.ts'
import type { Asked, Job, Told } from './decode-job.ts'
import type { Decoded } from './decode-split.ts'
import { later, type Refusal } from './refusal.ts'

/** What came of a job: the impressions of a post, or the number of its entries. */
export type Done = Result<Decoded | number, Refusal>

const retryS = 5
/** A busy machine may need as long to start one; then it is given up. */
const startMs = 10_000

/** Beside this very file, in the bundle and among the sources. */
const isSource = import.meta.url.endsWith('.ts')
const program = new URL(isSource ? './decode-worker-source.js' : './decode-worker.js', import.meta.url)

/**
 * A thread that reads one body at a time. It runs while it is needed; one that dies, or takes more than `offThreadMs`, is
 * ended, its post may come again, and the next job has another.
 */
export class DecodeThread {
  readonly #limits: Limits
  readonly #failed: (error: unknown) => void
  #worker: Worker | undefined
  #heard: (told: Told | 'gone') => void = () => {}
  #ended: Promise<unknown> = Promise.resolve()

  constructor(limits: Limits, failed: (error: unknown) => void) {
    this.#limits = limits
    this.#failed = failed
  }

  /** Resolves when a thread that was ended is gone: the parser lets nobody in before it is done. */
  get ended(): Promise<unknown> {
    return this.#ended
  }

  async run(job: Job): Promise<Done> {
    if (!this.#worker && (await this.#start()) === 'gone') return failed(later(503, 'could not read it now', retryS))
    const late = setTimeout(() => this.end(), this.#limits.offThreadMs)
    try {
      return await this.#converse(job)
    } finally {
      clearTimeout(late)
    }
  }

  /** Whoever waits for its answer gets none. */
  end(): void {
    const worker = this.#worker
    this.#worker = undefined
    if (worker) this.#ended = worker.terminate()
    this.#heard('gone')
  }

  async #converse(job: Job): Promise<Done> {
    const batches: Batch[] = []
    for (
      let told = await this.#ask(
        job,
        job.body.map(({ buffer }) => buffer),
      );
      ;
      told = await this.#ask('more')
    ) {
      if (told === 'gone') return failed(later(503, 'the body could not be read in time', retryS))
      switch (told.told) {
        case 'refused':
          return failed(told.refusal)
        case 'entries':
          return ok(told.entries)
        case 'broken':
          throw new Error('a body could not be read', { cause: told.error })
        case 'batches':
          if (job.of === 'impressions') batches.push(...fromPortable(told.some, job.shared))
          if (!told.more) return ok({ batches, accepted: told.accepted, rejected: told.rejected })
          break
        case 'ready':
          throw new Error('a thread that was asked something said that it is there')
        default:
          return told satisfies never
      }
    }
  }

  async #start(): Promise<Told | 'gone'> {
    const worker = new Worker(program, { workerData: this.#limits, name: 'decode' })
    this.#worker = worker
    const endedItself = (): void => {
      if (this.#worker === worker) this.end()
    }
    worker.on('message', (told: Told) => {
      if (this.#worker === worker) this.#heard(told)
    })
    worker.on('error', (error) => {
      this.#failed(error)
      endedItself()
    })
    worker.on('exit', endedItself)
    const late = setTimeout(() => this.end(), startMs)
    return this.#answer(() => {}).finally(() => clearTimeout(late))
  }

  #ask(asked: Asked, givenAway: readonly ArrayBuffer[] = []): Promise<Told | 'gone'> {
    return this.#answer(() => this.#worker?.postMessage(asked, givenAway))
  }

  #answer(ask: () => void): Promise<Told | 'gone'> {
    return new Promise((resolve) => {
      this.#heard = resolve
      ask()
    })
  }
}
