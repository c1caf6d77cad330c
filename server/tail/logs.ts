import type { Clarity } from '../../domain/access.ts'
import type { BatchHeader } from '../../domain/batch.ts'
import type { Gap, Position } from '../../domain/chain.ts'
import type { Environment } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure, OlderPage } from '../bus/bus.ts'
import { Follower } from './follower.ts'
import type { HeardBatch } from './heard.ts'
import { type Hearer, Interest } from './interest.ts'
import { MaskedBatch } from './masked-batch.ts'
import type { Masks } from './masks.ts'
import type { Positions } from './positions.ts'

export type LogsParts = {
  readonly bus: Bus
  readonly environments: readonly Environment[]
  readonly limits: Limits
  readonly masks: Masks
  /** Each batch of a followed log, before anybody's filter. */
  readonly heard: (header: BatchHeader) => void
  /** A gap was told to all who read that log. */
  readonly gapTold: () => void
  /** Nobody follows this environment any more. */
  readonly unfollowed: (environmentId: string) => void
  readonly failed: (error: unknown) => void
}

type Followed = {
  users: number
  readonly interest: Readonly<Record<Clarity, Interest>>
  readonly opened: Promise<Result<Follower, BusFailure>>
  follower?: Follower
}

/**
 * The logs that somebody on this node reads: followed while they have users, and not otherwise. Brings each batch to
 * those whom its environment and flags concern, and knows where every log stands.
 */
export class Logs {
  readonly environments: readonly Environment[]
  readonly #parts: LogsParts
  readonly #followed = new Map<string, Followed>()
  #positions: Positions = []

  constructor(parts: LogsParts) {
    this.#parts = parts
    this.environments = parts.environments
  }

  /** Where the followed logs stand: replaced at each batch, never changed. */
  get positions(): Positions {
    return this.#positions
  }

  /** Resolves when every later batch of these environments will be brought to hearers. Each call wants one `unfollow`. */
  async follow(environmentIds: Iterable<string>): Promise<Result<void, BusFailure>> {
    const ids = [...environmentIds]
    const opened = await Promise.all(ids.map((id) => this.#use(id)))
    const failure = opened.find((one) => !one.ok)
    if (!failure || failure.ok) return ok(undefined)
    this.unfollow(ids)
    return failure
  }

  unfollow(environmentIds: Iterable<string>): void {
    for (const id of environmentIds) {
      const followed = this.#followed.get(id)
      if (!followed || --followed.users > 0) continue
      this.#followed.delete(id)
      this.#parts.unfollowed(id)
      this.#positions = this.#positions.filter((position) => position.environmentId !== id)
      void followed.opened.then((opened) => (opened.ok ? opened.value.close() : undefined))
    }
  }

  /** Brings later batches to a hearer; its environments are followed already. */
  add(hearer: Hearer): void {
    for (const [id, clarity] of hearer.environments) this.#followed.get(id)?.interest[clarity].add(hearer)
  }

  delete(hearer: Hearer): void {
    for (const [id, clarity] of hearer.environments) this.#followed.get(id)?.interest[clarity].delete(hearer)
  }

  position(environmentId: string): Position | undefined {
    return this.#followed.get(environmentId)?.follower?.position
  }

  /** Batches already brought that lie behind a position; `undefined` when only the log can tell. */
  delivered(position: Position, most: number): readonly HeardBatch[] | undefined {
    return this.#followed.get(position.environmentId)?.follower?.delivered(position, most)
  }

  /** As `Bus.before`, from what this node holds where it holds it. */
  async before(environmentId: string, offset: number | undefined): Promise<Result<OlderPage, BusFailure>> {
    const { bus, limits } = this.#parts
    const follower = this.#followed.get(environmentId)?.follower
    if (!follower || offset === undefined) return bus.before(environmentId, offset)
    await follower.readBack()
    const batches = follower.deliveredBefore(offset, limits.replayPageBatches)
    return batches.length > 0
      ? ok({ batches, more: (batches.at(-1)?.chain.offset ?? 1) > 1 })
      : bus.before(environmentId, offset)
  }

  /** Reads back from the log, once, what can be held for viewers who come back. */
  async readBack(environmentId: string): Promise<void> {
    await this.#followed.get(environmentId)?.follower?.readBack()
  }

  /** Reads from the log what a follower has not heard yet. */
  async fill(environmentId: string): Promise<void> {
    await this.#followed.get(environmentId)?.follower?.fill()
  }

  /** Compares quiet logs with their heads. */
  async check(): Promise<void> {
    await Promise.all([...this.#followed.values()].map((followed) => followed.follower?.check()))
  }

  async close(): Promise<void> {
    const all = [...this.#followed.values()]
    this.#followed.clear()
    await Promise.all(all.map((followed) => followed.follower?.close()))
  }

  #use(environmentId: string): Promise<Result<Follower, BusFailure>> {
    const known = this.#followed.get(environmentId)
    if (known) {
      known.users++
      return known.opened
    }
    const interest = { full: new Interest(), masked: new Interest() }
    const followed: Followed = { users: 1, interest, opened: this.#open(environmentId, () => followed) }
    this.#followed.set(environmentId, followed)
    return followed.opened
  }

  async #open(environmentId: string, followed: () => Followed): Promise<Result<Follower, BusFailure>> {
    const { bus, limits, environments } = this.#parts
    const opened = await Follower.open({
      bus,
      environmentId,
      ringBytes: Math.min(limits.ringBytes, Math.floor(limits.allRingsBytes / environments.length)),
      deliver: (batch, position) => this.#deliver(followed().interest, batch, position),
      readBack: (batches) => {
        for (const { header } of batches) this.#parts.heard(header)
      },
      deliverGap: (gap) => this.#deliverGap(followed().interest, gap),
      moved: (position) => this.#move(position),
      filling: (filled) => void filled.catch(this.#parts.failed),
    })
    if (!opened.ok) return opened
    followed().follower = opened.value
    opened.value.readBack().catch(this.#parts.failed) // for whoever comes back, and for the counts of the last minute
    if (followed().users > 0) this.#move(opened.value.position)
    return opened
  }

  /** Masked once for all who see it so, and not at all where nobody does. */
  #deliver({ full, masked }: Followed['interest'], batch: HeardBatch, position: Position): void {
    const before = this.#positions
    this.#move(position)
    this.#parts.heard(batch.header)
    full.route(batch, before)
    if (!masked.isEmpty) this.#routeMasked(masked, batch, before)
    batch.forget() // rows of it may wait for their frame, as bytes; parsed, they took three times the memory of the rest
  }

  #routeMasked(interest: Interest, batch: HeardBatch, before: Positions): void {
    const masked = new MaskedBatch(batch, this.#parts.masks.of(batch.header.shared.environmentId))
    interest.route(masked, before)
    masked.forget()
  }

  #deliverGap({ full, masked }: Followed['interest'], gap: Gap): void {
    full.tellGap(gap, this.#positions)
    masked.tellGap(gap, this.#positions)
    this.#parts.gapTold()
  }

  #move(position: Position): void {
    const others = this.#positions.filter((one) => one.environmentId !== position.environmentId)
    this.#positions = [...others, position]
  }
}
