import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Cursor } from '../../domain/chain.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { openBus } from '../bus/open.ts'
import { askRedis } from '../bus/redis/redis-server.fixture.ts'
import { HeardBatch } from '../tail/heard.ts'

const environmentId = 'development'

type RowsOfFlag = { readonly offset: number; readonly flag: string; readonly names: readonly string[] }

/** Everything that the log of open mode holds, read straight from Redis. */
export class WholeLog {
  readonly #rows: readonly RowsOfFlag[]
  readonly #names = new Map<string, readonly string[]>()
  readonly batches: number
  readonly impressions: number

  private constructor(batches: readonly ChainedBatch[]) {
    this.batches = batches.length
    this.impressions = batches.at(-1)?.chain.cumulative ?? 0
    this.#rows = batches.flatMap((batch) => {
      const heard = new HeardBatch(batch)
      return batch.header.spans.map((span) => ({
        offset: batch.chain.offset,
        flag: span.flag,
        names: heard.impressions(span).map(({ key }) => key),
      }))
    })
  }

  static async read(redisUrl: string): Promise<WholeLog> {
    const opened = await openBus({ redisUrl, limits: defaultLimits, environments: 1, now: Date.now, warn: () => {} })
    if (!opened.ok) throw new Error(opened.error.message)
    const bus = opened.value
    try {
      const batches: ChainedBatch[] = []
      for (let [at, more] = [beginning(environmentId) as Cursor[number], true]; more; ) {
        const page = await bus.after(environmentId, at)
        if (!page.ok || page.value.gap) throw new Error(`the log cannot be read whole: ${JSON.stringify(page)}`)
        batches.push(...page.value.batches)
        at = page.value.end
        more = page.value.more
      }
      return new WholeLog(batches)
    } finally {
      await bus.close()
    }
  }

  /** Rows of a flag (of all for '') behind a cursor up to another. */
  count(from: Cursor, to: Cursor, flag: string): number {
    return this.#between(from, to, flag).reduce((sum, { names }) => sum + names.length, 0)
  }

  /** Names of the rows of a flag (of all for '') up to a cursor, in order. */
  namesUpTo(to: Cursor, flag: string): readonly string[] {
    const key = `${flag}@${to[0]?.offset}`
    const names = this.#names.get(key) ?? this.#between([], to, flag).flatMap((row) => row.names)
    this.#names.set(key, names)
    return names
  }

  get names(): readonly string[] {
    return this.#rows.flatMap(({ names }) => names)
  }

  #between(from: Cursor, to: Cursor, flag: string): readonly RowsOfFlag[] {
    const [first, last] = [from[0]?.offset ?? 0, to[0]?.offset ?? 0]
    return this.#rows.filter((row) => row.offset > first && row.offset <= last && (flag === '' || row.flag === flag))
  }
}

/** Impressions that the log has taken so far. */
export async function acceptedSoFar(redisPort: number): Promise<number> {
  const reply = await askRedis(redisPort, `HGET flagtail:{${environmentId}}:meta cumulative`)
  return Number(reply.split('\r\n')[1] ?? 0)
}

/** How often Redis was asked for entries of a log so far. */
export async function logReads(redisPort: number): Promise<number> {
  const reply = await askRedis(redisPort, 'INFO commandstats')
  const calls = reply.matchAll(/cmdstat_x(?:rev)?range:calls=(\d+)/g)
  return [...calls].reduce((sum, [, count]) => sum + Number(count), 0)
}
