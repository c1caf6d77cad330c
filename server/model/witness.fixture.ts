import { Redis } from 'ioredis'
import type { ChainedBatch } from '../../domain/batch.ts'
import type { Chain, Position } from '../../domain/chain.ts'
import { beginning, positionOf } from '../../domain/chain.ts'
import type { Impression } from '../../domain/impression.ts'
import { decodeEnvelope } from '../bus/envelope.ts'
import { channelOf, environmentOf, keysOf } from '../bus/redis/keys.ts'
import { HeardBatch } from '../tail/heard.ts'

/** A batch that was once in a log, its rows in order; `order` is that in which batches were appended. */
export type Seen = {
  readonly environmentId: string
  readonly chain: Chain
  readonly order: number
  readonly rows: readonly Impression[]
}

/**
 * Hears every batch that is appended, straight from Redis and past every fault, and so knows what each log ever was:
 * all its lives and branches.
 */
export class Witness {
  readonly #hearing: Redis
  readonly #looking: Redis
  readonly #byId = new Map<string, Seen>()
  readonly #environments = new Set<string>()

  constructor(port: number) {
    const options = { port, host: '127.0.0.1', retryStrategy: () => null, lazyConnect: true }
    this.#hearing = new Redis(options)
    this.#looking = new Redis(options)
    for (const redis of [this.#hearing, this.#looking]) redis.on('error', () => {}) // it is killed on purpose
    this.#hearing.on('messageBuffer', (channel: Buffer, bytes: Buffer) => this.#hear(channel, bytes))
  }

  /**
   * To be called when Redis was killed: resolves when all that it had sent is read. Then it stays away until `wake`: who
   * tries to reach a port where nobody listens may come to occupy it.
   */
  async rest(): Promise<void> {
    await Promise.all([this.#hearing, this.#looking].map(ended))
  }

  /** Connected, and for the first time or again hearing everything that is appended. */
  async wake(): Promise<void> {
    await Promise.all([this.#hearing.connect(), this.#looking.connect()])
    if (this.#environments.size > 0) await this.ready()
  }

  /** Forgets what was before, and hears these from now on. */
  async attend(environmentIds: readonly string[]): Promise<void> {
    if (this.#environments.size > 0) await this.#hearing.unsubscribe(...this.#channels())
    this.#environments.clear()
    this.#byId.clear()
    for (const id of environmentIds) this.#environments.add(id)
    await this.ready()
  }

  /** Resolves when everything that is appended from now on is heard, and all before was. */
  async ready(): Promise<void> {
    await this.#hearing.subscribe(...this.#channels())
    await this.#looking.ping()
    await this.#hearing.ping()
  }

  get seen(): readonly Seen[] {
    return [...this.#byId.values()]
  }

  get count(): number {
    return this.#byId.size
  }

  batch(id: string | undefined): Seen | undefined {
    return id === undefined ? undefined : this.#byId.get(id)
  }

  /**
   * Batches behind `from` up to and with `to`; `undefined` when `to` does not continue it. From a beginning: all of its
   * life; from one that names none: all of the life of `to`.
   */
  path(from: Position, to: Position): readonly Seen[] | undefined {
    if (from.epoch !== undefined && from.epoch !== to.epoch) return undefined
    const path: Seen[] = []
    for (let id = to.id ?? ''; id !== (from.id ?? ''); ) {
      const seen = this.#byId.get(id)
      if (!seen) return undefined
      path.unshift(seen)
      id = seen.chain.previousId
    }
    return path
  }

  async head(environmentId: string): Promise<Position> {
    const [epoch, offset, id, cumulative] = await this.#looking.hmget(
      keysOf(environmentId).meta,
      'epoch',
      'offset',
      'id',
      'cumulative',
    )
    if (!epoch) return beginning(environmentId)
    if (!id) return beginning(environmentId, epoch)
    return positionOf(environmentId, {
      epoch,
      id,
      offset: Number(offset),
      cumulative: Number(cumulative),
      previousId: '',
    })
  }

  /** Offset of the first batch that the log holds. */
  async firstHeld(environmentId: string): Promise<number | undefined> {
    const [first] = await this.#looking.xrange(keysOf(environmentId).log, '-', '+', 'COUNT', 1)
    return first ? Number.parseInt(first[0], 10) : undefined
  }

  /** As if all that the log holds had become too old: only where it stands is still known. */
  async expire(environmentId: string): Promise<number> {
    const { log, marks } = keysOf(environmentId)
    return this.#looking.del(log, marks)
  }

  /** What a replica that stops following now will say when it is asked later; `undefined` while it does not even know a life. */
  async remember(environmentId: string): Promise<(() => Promise<void>) | undefined> {
    const { meta, log, marks } = keysOf(environmentId)
    const keys = [meta, log, marks]
    const dumps = await Promise.all(keys.map((key) => this.#looking.dumpBuffer(key)))
    if (!dumps[0]) return undefined
    return async () => {
      const transaction = this.#looking.multi()
      for (const [index, key] of keys.entries()) {
        const dump = dumps[index]
        if (dump) transaction.restore(key, 0, dump, 'REPLACE')
        else transaction.del(key)
      }
      await transaction.exec()
    }
  }

  close(): void {
    this.#hearing.disconnect()
    this.#looking.disconnect()
  }

  #channels(): string[] {
    return [...this.#environments].map((id) => channelOf(id, 0))
  }

  #hear(channel: Buffer, bytes: Buffer): void {
    const environmentId = environmentOf(channel.toString())
    const decoded = decodeEnvelope(bytes)
    if (!decoded.ok) throw new Error(`a batch that cannot be read: ${decoded.error}`)
    const { chain } = decoded.value
    this.#byId.set(chain.id, { environmentId, chain, order: this.#byId.size, rows: rowsOf(decoded.value) })
  }
}

function rowsOf(batch: ChainedBatch): readonly Impression[] {
  const heard = new HeardBatch(batch)
  return batch.header.spans.flatMap((span) => heard.impressions(span))
}

async function ended(redis: Redis): Promise<void> {
  if (redis.status !== 'end') await new Promise<void>((resolve) => redis.once('end', resolve))
}
