import type { Batch } from '../../../domain/batch.ts'
import type { Limits } from '../../../domain/limits.ts'
import { ok, type Result } from '../../../domain/result.ts'
import { busDown } from '../bus.ts'
import { newChainId } from '../chain-id.ts'
import { encodeBatch } from '../envelope.ts'
import { appendScript, appendScriptSha } from './append-script.ts'
import { Circuit } from './circuit.ts'
import type { Connection } from './connection.ts'
import { busFailure, isAnswer, isUnknownScript, type RedisFailure } from './failure.ts'
import { channelOf, keysOf } from './keys.ts'

export type PublisherParts = {
  readonly connection: Connection
  readonly database: number
  readonly limits: Limits
  readonly logBytes: number
  /** Told after each append, ping and change of the connection. */
  readonly onHealth: (up: boolean) => void
}

/** Appends to logs. While Redis does not answer, a caller waits `busCommandMs`, and no longer at all once the circuit is open. */
export class Publisher {
  readonly #parts: PublisherParts
  readonly #circuit: Circuit

  constructor(parts: PublisherParts) {
    const { limits, connection } = parts
    this.#parts = parts
    this.#circuit = new Circuit({
      failuresToOpen: limits.busFailuresToOpen,
      halfOpenMs: limits.busHalfOpenMs,
      monotonicMs: () => performance.now(),
    })
    connection.onPing((answered) => this.#answered(answered))
    connection.redis.on('ready', () => this.#answered(true))
    connection.redis.on('close', () => this.#tellHealth())
    this.#tellHealth()
  }

  async append(environmentId: string, batches: readonly Batch[]): Promise<Result<void, RedisFailure>> {
    if (batches.length === 0) return ok(undefined)
    if (!this.#circuit.admits()) return busDown('Redis does not answer; trying again within a second')
    const values = this.#arguments(environmentId, batches)
    const { connection } = this.#parts
    const isSent = connection.isReady // without a connection nothing is sent, nor kept for later
    try {
      await this.#run(values)
      this.#answered(true)
      return ok(undefined)
    } catch (error) {
      this.#answered(isAnswer(error))
      const failure = busFailure(error, connection.lastError)
      return isSent && !isAnswer(error) ? busDown(failure.error.message, 'unanswered') : failure
    }
  }

  /** Redis forgets scripts when it starts or is told to; then nothing has been run, and sending the text is no repetition. */
  async #run(values: (string | number | Buffer)[]): Promise<void> {
    const { redis } = this.#parts.connection
    try {
      await redis.evalsha(appendScriptSha, 3, ...values)
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      await redis.eval(appendScript, 3, ...values)
    }
  }

  #arguments(environmentId: string, batches: readonly Batch[]): (string | number | Buffer)[] {
    const { database, limits, logBytes } = this.#parts
    const { log, meta, marks } = keysOf(environmentId)
    const values: (string | number | Buffer)[] = [log, meta, marks]
    values.push(channelOf(environmentId, database), newChainId(), logBytes, limits.logMs)
    for (const batch of batches) values.push(newChainId(), batch.header.impressions, encodeBatch(batch))
    return values
  }

  #answered(answered: boolean): void {
    if (answered) this.#circuit.succeed()
    else this.#circuit.fail()
    this.#tellHealth()
  }

  #tellHealth(): void {
    this.#parts.onHealth(this.#parts.connection.isReady && !this.#circuit.isOpen)
  }
}
