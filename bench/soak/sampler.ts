import { setTimeout } from 'node:timers/promises'
import { cpuSecondsOf, residentMbOf } from '../processes.ts'

/** What the server is like at one moment. */
export type Sample = {
  /** Since the first sample. */
  readonly atS: number
  readonly residentMb: number
  readonly redisMb: number | undefined
  /** What V8 has reserved for objects, and the buffers that they hold. */
  readonly heapMb: number
  readonly buffersMb: number
  /** CPU time used so far. */
  readonly cpuS: number
  /** Impressions taken so far, by its own count. */
  readonly accepted: number
  readonly viewers: number
  readonly silentViewers: number
}

export type Watched = {
  readonly url: string
  readonly pid: number
  readonly redisPid: number | undefined
  readonly told: (sample: Sample) => void
}

const everyMs = 1000
const mib = 1024 ** 2

/** Looks at the server once a second: at its process from outside, at its numbers by `/metrics`. */
export class Sampler {
  readonly #watched: Watched
  readonly #samples: Sample[] = []
  readonly #began = performance.now()
  #stopped = false
  readonly #running: Promise<void>

  constructor(watched: Watched) {
    this.#watched = watched
    this.#running = this.#run()
    this.#running.catch(() => {}) // told by `stop`
  }

  get samples(): readonly Sample[] {
    return this.#samples
  }

  get latest(): Sample | undefined {
    return this.#samples.at(-1)
  }

  /** Fails when a sample could not be taken. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    for (let due = 1; !this.#stopped; due++) {
      const sample = await this.#sample()
      this.#samples.push(sample)
      this.#watched.told(sample)
      await setTimeout(Math.max(0, this.#began + due * everyMs - performance.now()))
    }
  }

  async #sample(): Promise<Sample> {
    const { url, pid, redisPid } = this.#watched
    const text = await (await fetch(`${url}/metrics`)).text()
    return {
      atS: (performance.now() - this.#began) / 1000,
      residentMb: residentMbOf([pid]),
      redisMb: redisPid && residentMbOf([redisPid]),
      heapMb: numberIn(text, 'nodejs_heap_size_total_bytes') / mib,
      buffersMb: numberIn(text, 'nodejs_external_memory_bytes') / mib,
      cpuS: cpuSecondsOf([pid]),
      accepted: numberIn(text, 'flagtail_impressions_accepted_total'),
      viewers: numberIn(text, 'flagtail_viewers'),
      silentViewers: numberIn(text, 'flagtail_viewers_silent'),
    }
  }
}

/** The sum over a metric's labels. */
function numberIn(text: string, name: string): number {
  const lines = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0)
}
