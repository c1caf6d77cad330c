import type { Result } from '../../../domain/result.ts'
import { type BusFailure, busDown } from '../bus.ts'
import type { RedisFailure } from './failure.ts'
import { Master, type MasterParts } from './master.ts'
import { slotOf } from './slot.ts'
import { masterOf, mastersOf, type Topology } from './topology.ts'

export type MastersParts = Omit<MasterParts, 'address'> & {
  /** A server has said that another has a log now, which the topology does not know yet. */
  readonly onMoved: () => void
}

/** The servers that have logs at present, each environment's on one of them. */
export class Masters {
  readonly #parts: MastersParts
  readonly #byAddress = new Map<string, Master>()
  #topology: Topology

  constructor(parts: MastersParts, topology: Topology) {
    this.#parts = parts
    this.#topology = topology
    this.#addMissing()
  }

  get isReady(): boolean {
    return [...this.#byAddress.values()].every(({ isReady }) => isReady)
  }

  get lastError(): string | undefined {
    return [...this.#byAddress.values()].find(({ lastError }) => lastError)?.lastError
  }

  /** Resolves when all can be used, or with what is wrong with one of them. */
  async open(): Promise<Result<void, string>> {
    const opened = await Promise.all([...this.#byAddress.values()].map((master) => master.open()))
    return opened.find((result) => !result.ok) ?? { ok: true, value: undefined }
  }

  /** Goes on with these; connections to others are closed. */
  change(topology: Topology): void {
    this.#topology = topology
    for (const master of this.#addMissing()) master.start()
    const present = mastersOf(topology)
    for (const [address, master] of this.#byAddress) {
      if (present.includes(address)) continue
      this.#byAddress.delete(address)
      void master.close()
    }
  }

  /** Asks the server that has an environment's log. One that says that another has it now has done nothing: that other is asked. */
  async ask<Value>(
    environmentId: string,
    question: (master: Master) => Promise<Result<Value, RedisFailure>>,
  ): Promise<Result<Value, BusFailure>> {
    const address = masterOf(this.#topology, slotOf(environmentId))
    const master = this.#byAddress.get(address ?? '')
    if (!master) return busDown('no server of the Redis cluster has this log at present')
    const answer = await question(master)
    if (answer.ok || answer.error.movedTo === undefined) return answer
    this.#parts.onMoved()
    const other = this.#byAddress.get(answer.error.movedTo)
    return other && other !== master ? question(other) : answer
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byAddress.values()].map((master) => master.close()))
  }

  #addMissing(): readonly Master[] {
    const missing = mastersOf(this.#topology).filter((address) => !this.#byAddress.has(address))
    return missing.map((address) => {
      const master = new Master({ ...this.#parts, address })
      this.#byAddress.set(address, master)
      return master
    })
  }
}
