import { type ChainedBatch, positionBefore } from '../../domain/batch.ts'
import { type Gap, type Position, positionOf, samePoint } from '../../domain/chain.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure, LogPage } from '../bus/bus.ts'
import { HeardBatch } from './heard.ts'
import { BatchRing } from './ring.ts'

export type FollowerParts = {
  readonly bus: Bus
  readonly environmentId: string
  /** The newest batches that are kept for catching viewers up. */
  readonly ringBytes: number
  /** Each batch of the log once and in order, with where it leaves the log. */
  readonly deliver: (batch: HeardBatch, position: Position) => void
  /** Older batches that the ring had room for, newest first. */
  readonly readBack: (batches: readonly ChainedBatch[]) => void
  /** What no log holds any more, told before the batches behind it. */
  readonly deliverGap: (gap: Gap) => void
  /** Takes care of a filling that nobody awaits. */
  readonly filling: (filled: Promise<void>) => void
  /** The log stands elsewhere without a batch: behind a gap. */
  readonly moved: (position: Position) => void
}

/**
 * Follows one log: hears its batches, checks that each continues the chain, and reads what was not heard from the log.
 * Pub/sub is only the fast path; whether it lost something is told by the next batch, or by the idle check.
 */
export class Follower {
  readonly environmentId: string
  readonly #parts: FollowerParts
  readonly #ring: BatchRing
  readonly #recentIds = new RecentIds(4096)
  #position: Position
  #filling: Promise<void> | undefined
  #readingBack: Promise<void> | undefined
  #heardSinceCheck = false
  /** What was heard while the log was read: what continues the pages is delivered without being read again. */
  #early: ChainedBatch[] = []
  #closed = false
  #unsubscribe: () => Promise<void> = async () => {}

  private constructor(parts: FollowerParts, position: Position) {
    this.environmentId = parts.environmentId
    this.#parts = parts
    this.#ring = new BatchRing(parts.ringBytes)
    this.#position = position
  }

  /** Resolves when every later batch is certain to be delivered. */
  static async open(parts: FollowerParts): Promise<Result<Follower, BusFailure>> {
    let early: ChainedBatch[] | undefined = []
    let follower: Follower | undefined
    const hear = (batch: ChainedBatch): void => {
      if (follower) follower.#hear(batch)
      else early?.push(batch)
    }
    const subscribed = await parts.bus.subscribe(parts.environmentId, hear)
    if (!subscribed.ok) return subscribed
    const head = await parts.bus.head(parts.environmentId)
    if (!head.ok) {
      await subscribed.value()
      return head
    }
    follower = new Follower(parts, head.value)
    follower.#unsubscribe = subscribed.value
    for (const batch of early) {
      const included = batch.chain.epoch === head.value.epoch && batch.chain.offset <= head.value.offset
      if (!included) follower.#hear(batch)
    }
    early = undefined
    return ok(follower)
  }

  /** The last batch delivered. */
  get position(): Position {
    return this.#position
  }

  /** Delivered batches behind a position, oldest first; `undefined` when only the log can tell. */
  delivered(position: Position, most: number): readonly HeardBatch[] | undefined {
    if (samePoint(position, this.#position)) return []
    return this.#ring.after(position, most)?.map((batch) => new HeardBatch(batch))
  }

  /** Delivered batches before an offset, newest first; none when only the log can tell. */
  deliveredBefore(offset: number, most: number): readonly ChainedBatch[] {
    return this.#ring.before(offset, most)
  }

  /** Reads back from the log what the ring has room for: once, however many viewers come back at the same time. */
  readBack(): Promise<void> {
    this.#readingBack ??= this.#readBack()
    return this.#readingBack
  }

  /** Compares with the log's head when nothing was heard for a while: a lost last message has no successor to tell. */
  async check(): Promise<void> {
    if (this.#heardSinceCheck) {
      this.#heardSinceCheck = false
      return
    }
    const head = await this.#parts.bus.head(this.environmentId)
    if (head.ok && !samePoint(head.value, this.#position)) await this.fill()
  }

  /** Reads from the log what was not heard. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill()
    return this.#filling
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#unsubscribe()
  }

  #hear(batch: ChainedBatch): void {
    this.#heardSinceCheck = true
    if (this.#closed || this.#recentIds.has(batch.chain.id)) return
    if (this.#filling) this.#keepEarly(batch)
    else if (this.#continues(batch)) this.#deliver(batch)
    else this.#parts.filling(this.fill())
  }

  #continues({ chain }: ChainedBatch): boolean {
    const { epoch, offset, id } = this.#position
    return (
      chain.offset === offset + 1 && chain.previousId === (id ?? '') && (epoch === undefined || epoch === chain.epoch)
    )
  }

  #deliver(batch: ChainedBatch): void {
    this.#recentIds.add(batch.chain.id)
    this.#ring.push(batch)
    this.#position = positionOf(this.environmentId, batch.chain)
    this.#parts.deliver(new HeardBatch(batch), this.#position)
  }

  async #readBack(): Promise<void> {
    for (let more = true; more && !this.#closed; ) {
      const offset = this.#ring.oldest?.chain.offset ?? this.#position.offset + 1
      const page = await this.#parts.bus.before(this.environmentId, offset)
      if (!page.ok) {
        this.#readingBack = undefined // the next who asks tries again
        return
      }
      if (!this.#precedes(page.value.batches[0])) return
      const kept = this.#ring.prepend(page.value.batches)
      this.#parts.readBack(page.value.batches.slice(0, kept))
      more = kept === page.value.batches.length && page.value.more
    }
  }

  /** Whether a batch is the one before the oldest in the ring; else the log went another way meanwhile. */
  #precedes(batch: ChainedBatch | undefined): boolean {
    if (!batch) return false
    const oldest = this.#ring.oldest
    const { epoch, id } = oldest ? { epoch: oldest.chain.epoch, id: oldest.chain.previousId } : this.#position
    return batch.chain.epoch === epoch && batch.chain.id === id
  }

  /** Reads until the log has no more, then delivers what was heard meanwhile; what does not continue is read again. */
  async #fill(): Promise<void> {
    try {
      for (let more = true; more && !this.#closed; ) {
        const page = await this.#parts.bus.after(this.environmentId, this.#position)
        if (!page.ok || this.#closed) return
        this.#takePage(page.value)
        more = page.value.more || !this.#deliverEarly()
      }
    } finally {
      this.#early = []
      this.#filling = undefined
    }
  }

  #takePage({ gap, batches, end }: LogPage): void {
    const first = batches[0]
    if (gap) {
      this.#ring.clear()
      this.#parts.deliverGap(gap)
      this.#moveTo(first ? positionBefore(this.environmentId, first) : end) // what is behind the gap is heard from there
    }
    for (const batch of batches) this.#deliver(batch)
    this.#moveTo(end)
  }

  #moveTo(position: Position): void {
    if (samePoint(position, this.#position)) return
    this.#position = position
    this.#parts.moved(position)
  }

  #keepEarly(batch: ChainedBatch): void {
    this.#early.push(batch)
    if (this.#early.length > mostEarly) this.#early.shift()
  }

  /** `false` when one does not continue the chain: the log has what is missing. */
  #deliverEarly(): boolean {
    const early = this.#early.filter(({ chain }) => !this.#recentIds.has(chain.id))
    this.#early = []
    for (const batch of early) {
      if (!this.#continues(batch)) return false
      this.#deliver(batch)
    }
    return true
  }
}

/** So many batches are kept while the log is read. */
const mostEarly = 256

/** The last ids delivered, so that a batch which pub/sub brings late is known to be old. */
class RecentIds {
  readonly #most: number
  readonly #ids = new Set<string>()

  constructor(most: number) {
    this.#most = most
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  add(id: string): void {
    this.#ids.add(id)
    if (this.#ids.size > this.#most) for (const oldest of this.#ids) return void this.#ids.delete(oldest)
  }
}
