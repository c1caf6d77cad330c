import type { Limits } from '../../../domain/limits.ts'
import { ok, type Result } from '../../../domain/result.ts'
import { type BusFailure, busDown } from '../bus.ts'
import { type RedisAddress, readAddress } from './address.ts'
import { Circuit } from './circuit.ts'
import { Connection, type Redis } from './connection.ts'
import { busFailure, describe, isAnswer } from './failure.ts'
import { checkServer } from './server-check.ts'
import { slotOf } from './slot.ts'
import { findTopologyFor, masterOf, type Topology } from './topology.ts'
import { type Found, findServers, TopologyWatch } from './topology-watch.ts'

export type SlotLineParts = {
  readonly url: string
  /** All keys that are asked for have this hash tag, and so are on one server. */
  readonly hashTag: string
  readonly limits: Limits
}

/** A line to whichever server of a Redis has one hash tag: the one of the URL, Sentinel's master, or a master of a cluster. */
export async function openSlotLine(parts: SlotLineParts): Promise<Result<SlotLine, BusFailure>> {
  const read = readAddress(parts.url)
  if (!read.ok) return busDown(`the Redis URL ${read.error}`)
  const { label } = read.value
  const found = await findServers(read.value, parts.limits)
  if (!found.ok) return busDown(`cannot use Redis at ${label}: ${found.error}`)
  const line = new SlotLine(parts, read.value, found.value)
  const opened = await line.open()
  if (opened.ok) return ok(line)
  await line.close()
  return busDown(`cannot use Redis at ${label}: ${opened.error}`)
}

/** Questions to one server at a time; one that does not answer costs `busCommandMs`, and with the circuit open nothing. */
export class SlotLine {
  readonly #connection: Connection
  readonly #watch: TopologyWatch | undefined
  readonly #circuit: Circuit
  readonly #form: RedisAddress['form']
  readonly #slot: number
  #topology: Topology

  constructor({ hashTag, limits }: SlotLineParts, address: RedisAddress, { topology, finder }: Found) {
    this.#form = address.form
    this.#slot = slotOf(hashTag)
    this.#topology = topology
    this.#circuit = new Circuit({
      failuresToOpen: limits.busFailuresToOpen,
      halfOpenMs: limits.busHalfOpenMs,
      monotonicMs: () => performance.now(),
    })
    const next = (): string => this.#master() ?? this.#connection.address
    this.#connection = new Connection({ purpose: 'store', login: address.login, next, addresses: 1, limits })
    this.#connection.redis.on('ready', () => this.#circuit.succeed())
    this.#connection.onPing((answered) => this.#answered(answered))
    const find = findTopologyFor(address)
    const told = (changed: Topology): void => this.#change(changed)
    const isSettled = (): boolean => this.#connection.isReady
    this.#watch = finder && find && new TopologyWatch({ connection: finder, find, first: topology, told, isSettled })
  }

  /** Resolves within some 3 s, when it can be used or why it cannot. */
  async open(): Promise<Result<void, string>> {
    const opened = await this.#connection.open()
    if (!opened.ok) return opened
    try {
      return checkServer(await this.#connection.redis.info(), this.#form, () => {})
    } catch (error) {
      return { ok: false, error: describe(error) }
    }
  }

  /** What the server answers. A question is put once: `unanswered` = it may have done what it was asked. */
  async ask<Value>(question: (redis: Redis) => Promise<Value>): Promise<Result<Value, BusFailure>> {
    if (!this.#circuit.admits()) return busDown('Redis does not answer; trying again within a second')
    const isSent = this.#connection.isReady // without a connection nothing is sent, nor kept for later
    try {
      const value = await question(this.#connection.redis)
      this.#answered(true)
      return ok(value)
    } catch (error) {
      this.#answered(isAnswer(error))
      const failure = busFailure(error, this.#connection.lastError)
      if (failure.error.movedTo !== undefined) void this.#watch?.look()
      return isSent && !isAnswer(error) ? busDown(failure.error.message, 'unanswered') : failure
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#watch?.close(), this.#connection.close()])
  }

  #answered(answered: boolean): void {
    if (answered) this.#circuit.succeed()
    else this.#circuit.fail()
  }

  #master(): string | undefined {
    return masterOf(this.#topology, this.#slot)
  }

  #change(topology: Topology): void {
    this.#topology = topology
    const master = this.#master()
    if (master !== undefined && master !== this.#connection.address) this.#connection.move()
  }
}
