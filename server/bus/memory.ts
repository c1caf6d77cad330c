import type { Batch, ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Position } from '../../domain/chain.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { type Bus, type BusFailure, type BusState, busDown, type LogPage, type OlderPage } from './bus.ts'
import { newChainId } from './chain-id.ts'
import { Hearers } from './hearers.ts'
import { MemoryLog } from './memory-log.ts'
import { afterRestart, hasRestarted, pageBehind } from './resume.ts'
import { Telling } from './telling.ts'

export type MemoryBusParts = {
  readonly limits: Limits
  /** How many there are: each has an even share of `allLogsBytesMemory`. */
  readonly environments: number
  readonly now: () => number
}

/** The bus within one process. Its logs live as long as it does, all with the one epoch of that life. */
export function openMemoryBus(parts: MemoryBusParts): Bus {
  return new MemoryBus(parts)
}

class MemoryBus implements Bus {
  readonly #limits: Limits
  readonly #logBytes: number
  readonly #now: () => number
  readonly #epoch = newChainId()
  readonly #logs = new Map<string, MemoryLog>()
  readonly #hearers = new Hearers()
  readonly #telling: Telling
  #closed = false

  constructor({ limits, environments, now }: MemoryBusParts) {
    this.#limits = limits
    this.#logBytes = Math.min(limits.logBytes, Math.floor(limits.allLogsBytesMemory / Math.max(1, environments)))
    this.#now = now
    this.#telling = new Telling(limits)
  }

  async append(environmentId: string, batches: readonly Batch[]): Promise<Result<void, BusFailure>> {
    if (this.#closed) return closed()
    const chained = this.#log(environmentId).append(batches, this.#now())
    await this.#telling.tell(this.#hearers.of(environmentId), chained)
    return ok(undefined)
  }

  async subscribe(
    environmentId: string,
    hear: (batch: ChainedBatch) => void,
  ): Promise<Result<() => Promise<void>, BusFailure>> {
    if (this.#closed) return closed()
    const remove = this.#hearers.add(environmentId, hear)
    return ok(async () => remove())
  }

  async head(environmentId: string): Promise<Result<Position, BusFailure>> {
    if (this.#closed) return closed()
    return ok(this.#logs.get(environmentId)?.head ?? beginning(environmentId, this.#epoch))
  }

  async after(environmentId: string, position: Position): Promise<Result<LogPage, BusFailure>> {
    if (this.#closed) return closed()
    const log = this.#trimmed(environmentId)
    const view = log.view(position.offset, this.#limits.replayPageBatches)
    if (!hasRestarted(position, view.head)) return ok(pageBehind(position, view))
    const page = pageBehind(beginning(environmentId, this.#epoch), log.view(0, this.#limits.replayPageBatches))
    return ok(afterRestart(page))
  }

  async before(environmentId: string, offset: number | undefined): Promise<Result<OlderPage, BusFailure>> {
    if (this.#closed) return closed()
    return ok(this.#trimmed(environmentId).before(offset ?? Number.MAX_SAFE_INTEGER, this.#limits.replayPageBatches))
  }

  watchState(told: (state: BusState) => void): () => void {
    told({ up: true })
    return () => {}
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#hearers.clear()
    this.#telling.close()
    this.#logs.clear()
  }

  #trimmed(environmentId: string): MemoryLog {
    const log = this.#logs.get(environmentId) ?? this.#empty(environmentId)
    log.trim(this.#now())
    return log
  }

  #log(environmentId: string): MemoryLog {
    const log = this.#logs.get(environmentId) ?? this.#empty(environmentId)
    this.#logs.set(environmentId, log)
    return log
  }

  /** A log that was only read is not kept: only what is posted takes memory. */
  #empty(environmentId: string): MemoryLog {
    return new MemoryLog(environmentId, this.#epoch, { bytes: this.#logBytes, ms: this.#limits.logMs })
  }
}

function closed() {
  return busDown('the bus is closed')
}
