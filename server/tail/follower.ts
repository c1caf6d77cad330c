import type { ChainedBatch } from '../../domain/batch.ts'
import { type Gap, type Position, positionOf, samePoint } from '../../domain/chain.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure } from '../bus/bus.ts'
import { HeardBatch } from './heard.ts'
import { BatchRing } from './ring.ts'

export type FollowerParts = {
  readonly bus: Bus
  readonly environmentId: string
  /** The newest batches that are kept for catching viewers up. */
  readonly ringBytes: number
  /** Each batch of the log once and in order, with where it leaves the log. */
  readonly deliver: (batch: HeardBatch, position: Position) => void
  /** What no log holds any more, told before the batches behind it. */
  readonly deliverGap: (gap: Gap) => void
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
  #heardWhileFilling = false
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
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = undefined
    })
    return this.#filling
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#unsubscribe()
  }

  #hear(batch: ChainedBatch): void {
    this.#heardSinceCheck = true
    if (this.#closed || this.#recentIds.has(batch.chain.id)) return
    if (this.#filling) this.#heardWhileFilling = true
    else if (this.#continues(batch)) this.#deliver(batch)
    else void this.fill()
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
      more = this.#ring.prepend(page.value.batches) && page.value.more
    }
  }

  /** Whether a batch is the one before the oldest in the ring; else the log went another way meanwhile. */
  #precedes(batch: ChainedBatch | undefined): boolean {
    if (!batch) return false
    const oldest = this.#ring.oldest
    const { epoch, id } = oldest ? { epoch: oldest.chain.epoch, id: oldest.chain.previousId } : this.#position
    return batch.chain.epoch === epoch && batch.chain.id === id
  }

  /** Reads until the log has no more and nothing was heard meanwhile: what was heard is in the log by then. */
  async #fill(): Promise<void> {
    for (let more = true; more && !this.#closed; ) {
      this.#heardWhileFilling = false
      const page = await this.#parts.bus.after(this.environmentId, this.#position)
      if (!page.ok || this.#closed) return
      if (page.value.gap) {
        this.#ring.clear()
        this.#parts.deliverGap(page.value.gap)
      }
      for (const batch of page.value.batches) this.#deliver(batch)
      if (!samePoint(page.value.end, this.#position)) {
        this.#position = page.value.end
        this.#parts.moved(this.#position)
      }
      more = page.value.more || this.#heardWhileFilling
    }
  }
}

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
