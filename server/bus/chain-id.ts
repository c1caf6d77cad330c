import { randomBytes } from 'node:crypto'

/** Random 64 bits as 16 hex digits: the id of a batch, or the epoch of a log. */
export function newChainId(): string {
  return randomBytes(8).toString('hex')
}
