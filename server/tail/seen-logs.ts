import type { Clarity, Sight } from '../../domain/access.ts'
import type { ChainedBatch } from '../../domain/batch.ts'
import type { Gap, Position } from '../../domain/chain.ts'
import { compileFilter, type Matcher } from '../../domain/filter/compile.ts'
import { compileMasked, compileMixed } from '../../domain/filter/compile-masked.ts'
import type { Filter, FilterError } from '../../domain/filter/filter.ts'
import { maskedFault } from '../../domain/filter/masked-fault.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Environment } from '../../domain/impression.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import type { Bus, BusFailure } from '../bus/bus.ts'
import { HeardBatch } from './heard.ts'
import type { Logs } from './logs.ts'
import { MaskedBatch } from './masked-batch.ts'
import type { Masks } from './masks.ts'
import type { Positions } from './positions.ts'

export type SeenLogsParts = {
  readonly bus: Pick<Bus, 'after' | 'before' | 'head'>
  readonly logs: Logs
  readonly masks: Masks
}

/** As `LogPage`, of batches as they are seen. */
export type SeenPage = {
  readonly batches: readonly HeardBatch[]
  readonly gap?: Gap
  readonly end: Position
  readonly more: boolean
}

/** As `OlderPage`, of batches as they are seen. */
export type SeenOlderPage = { readonly batches: readonly HeardBatch[]; readonly more: boolean }

/** What a filter finds within a sight: where, and how that is seen. */
export type SeenFilter = { readonly matcher: Matcher; readonly environments: Sight }

/**
 * The logs as one sight shows them. Whoever reads for somebody reads through this, so that there is no way past it: what is
 * not within the sight is not there, and what is masked is so before any filter looks at it.
 */
export class SeenLogs {
  readonly sight: Sight
  /** Those within the sight. */
  readonly environments: readonly Environment[]
  /** Equal for sights that show the same. */
  readonly identity: string
  readonly #parts: SeenLogsParts

  constructor(parts: SeenLogsParts, sight: Sight) {
    this.#parts = parts
    this.sight = sight
    this.environments = parts.logs.environments.filter(({ id }) => sight.has(id))
    this.identity = this.environments.map(({ id }) => `${id}:${sight.get(id)}`).join(' ')
  }

  /** Whether keys are masked wherever there is anything to be seen. */
  get isMasked(): boolean {
    return this.environments.length > 0 && this.environments.every(({ id }) => this.sight.get(id) === 'masked')
  }

  isMaskedIn(environmentId: string): boolean {
    return this.#clarityOf(environmentId) === 'masked'
  }

  /** Reads a filter as `parseFilter` does; one that could only ask for what is hidden is a mistake too. */
  read(text: string): Result<Filter, FilterError> {
    const fault = this.isMasked ? maskedFault(text) : undefined
    return fault ? failed(fault) : parseFilter(text)
  }

  compile(filter: Filter): SeenFilter {
    const plain = compileFilter(filter)
    const left = this.environments.filter(plain.environment)
    const environments: Sight = new Map(left.map(({ id }) => [id, this.#clarityOf(id)]))
    const masked = left.filter(({ id }) => environments.get(id) === 'masked')
    if (masked.length === 0) return { matcher: plain, environments }
    const { masks } = this.#parts
    const compiled = masked.map(({ id }) => [id, compileMasked(filter, (text) => masks.spelled(id, text))] as const)
    return { matcher: compileMixed(masked.length < left.length ? plain : undefined, new Map(compiled)), environments }
  }

  /** Where the followed logs stand, those of others too. */
  get positions(): Positions {
    return this.#parts.logs.positions
  }

  /** As `Logs.delivered`. */
  delivered(position: Position, most: number): readonly HeardBatch[] | undefined {
    const clear = this.#clarityOf(position.environmentId) === 'full'
    const delivered = this.#parts.logs.delivered(position, most)
    return clear ? delivered : delivered?.map((batch) => this.#masked(position.environmentId, batch))
  }

  /** As `Bus.head`. */
  head(environmentId: string): Promise<Result<Position, BusFailure>> {
    this.#clarityOf(environmentId)
    return this.#parts.bus.head(environmentId)
  }

  /** As `Bus.after`. */
  async after(environmentId: string, position: Position): Promise<Result<SeenPage, BusFailure>> {
    const see = this.#eye(environmentId)
    const page = await this.#parts.bus.after(environmentId, position)
    return page.ok ? ok({ ...page.value, batches: page.value.batches.map(see) }) : page
  }

  /** As `Bus.before`. */
  async before(environmentId: string, offset: number | undefined): Promise<Result<SeenOlderPage, BusFailure>> {
    const see = this.#eye(environmentId)
    const page = await this.#parts.bus.before(environmentId, offset)
    return page.ok ? ok({ ...page.value, batches: page.value.batches.map(see) }) : page
  }

  /** As `Logs.before`. */
  async beforeNear(environmentId: string, offset: number | undefined): Promise<Result<SeenOlderPage, BusFailure>> {
    const see = this.#eye(environmentId)
    const page = await this.#parts.logs.before(environmentId, offset)
    return page.ok ? ok({ ...page.value, batches: page.value.batches.map(see) }) : page
  }

  async readBack(environmentId: string): Promise<void> {
    await this.#parts.logs.readBack(environmentId)
  }

  async fill(environmentId: string): Promise<void> {
    await this.#parts.logs.fill(environmentId)
  }

  /** Nobody asks for what is not there: who does has not looked at the sight. */
  #clarityOf(environmentId: string): Clarity {
    const clarity = this.sight.get(environmentId)
    if (!clarity) throw new Error(`environment ${environmentId} was read out of sight`)
    return clarity
  }

  #eye(environmentId: string): (batch: ChainedBatch) => HeardBatch {
    if (this.#clarityOf(environmentId) === 'full') return (batch) => new HeardBatch(batch)
    return (batch) => this.#masked(environmentId, new HeardBatch(batch))
  }

  #masked(environmentId: string, batch: HeardBatch): HeardBatch {
    return new MaskedBatch(batch, this.#parts.masks.of(environmentId))
  }
}
