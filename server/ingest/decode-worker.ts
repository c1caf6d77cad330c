import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Batch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'
import { toPortable } from '../bus/packed.ts'
import type { Asked, Job, Pieces, Told } from './decode-job.ts'
import { countEntries, decodePost } from './decode-post.ts'
import type { Decoded } from './decode-split.ts'

/** The thread that reads large bodies: the program of a `Worker`, which `decode-thread.ts` starts. */

/** At once, so that whoever takes them has its turns. */
const batchesAtOnce = 32

const nothing: Decoded = { batches: [], accepted: 0, rejected: new Map() }

class Desk {
  readonly #port: MessagePort
  readonly #limits: Limits
  #body = Buffer.alloc(0)
  #decoded = nothing
  #from = 0

  constructor(port: MessagePort, limits: Limits) {
    this.#port = port
    this.#limits = limits
  }

  answer(asked: Asked): void {
    try {
      const told = asked === 'more' ? this.#batches() : this.#read(asked)
      this.#port.postMessage(told, told.told === 'batches' ? told.some.batches.flatMap(memoryOf) : [])
    } catch (error) {
      this.#port.postMessage({ told: 'broken', error } satisfies Told)
    }
  }

  #read(job: Job): Told {
    const body = this.#joined(job.body)
    if (job.of !== 'impressions') {
      const entries = countEntries(body, job.of, this.#limits)
      return entries.ok ? { told: 'entries', entries: entries.value } : { told: 'refused', refusal: entries.error }
    }
    const decoded = decodePost(body, job.shared, this.#limits)
    if (!decoded.ok) return { told: 'refused', refusal: decoded.error }
    this.#decoded = decoded.value
    this.#from = 0
    return this.#batches()
  }

  /** Rows and strings are copied out of a body, so its memory serves the next one too. */
  #joined(pieces: Pieces): Buffer {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (this.#body.length < length) this.#body = Buffer.allocUnsafeSlow(length)
    let at = 0
    for (const piece of pieces) {
      this.#body.set(piece, at)
      at += piece.length
    }
    return this.#body.subarray(0, length)
  }

  #batches(): Told {
    const { batches, accepted, rejected } = this.#decoded
    const some = toPortable(batches.slice(this.#from, this.#from + batchesAtOnce))
    this.#from += batchesAtOnce
    const more = this.#from < batches.length
    if (!more) this.#decoded = nothing
    return { told: 'batches', accepted, rejected, some, more }
  }
}

/** Whose rows these are does not keep them: they go with the message. */
function memoryOf({ rows }: Pick<Batch, 'rows'>): readonly ArrayBuffer[] {
  return rows.buffer instanceof ArrayBuffer ? [rows.buffer] : []
}

if (!parentPort) throw new Error('this is the program of a thread')
const desk = new Desk(parentPort, workerData)
parentPort.on('message', (asked: Asked) => desk.answer(asked))
parentPort.postMessage({ told: 'ready' } satisfies Told)
