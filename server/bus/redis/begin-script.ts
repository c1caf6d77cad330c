import type { Position } from '../../../domain/chain.ts'
import { newChainId } from '../chain-id.ts'
import type { Redis } from './connection.ts'
import { keysOf } from './keys.ts'
import { metaFields, positionFrom } from './replies.ts'

/**
 * Gives a log that has none an epoch, which the append script goes on with, and returns where it stands. A log that has
 * one is not written to.
 *
 * KEYS log, meta, marks; ARGV the epoch if there is none yet. The DEL stands in front of the HSET: Redis refuses for
 * want of memory before the first write only, and a log should be readable all the same; what this takes is a name.
 */
const beginScript = `
if redis.call('HEXISTS', KEYS[2], 'epoch') == 0 then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[2], 'epoch', ARGV[1])
end
return redis.call('HMGET', KEYS[2], ${metaFields.map((field) => `'${field}'`).join(', ')})
`

/** Where a log stands that seemed to have no meta: it has an epoch from now on, this one or that of somebody quicker. */
export async function beginLog(redis: Redis, environmentId: string): Promise<Position> {
  const { log, meta, marks } = keysOf(environmentId)
  const reply = await redis.eval(beginScript, 3, log, meta, marks, newChainId())
  const position = positionFrom(environmentId, reply)
  if (!position) throw new Error(`where the log of ${environmentId} stands cannot be read from ${meta}`)
  return position
}
