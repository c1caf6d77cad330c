import type { Chain } from '../../domain/chain.ts'
import type { Impression } from '../../domain/impression.ts'
import { type Match, matchedImpressions } from './match.ts'

/** A canonical record with its identity: `environmentId:epoch:offset:index`. */
export type IdentifiedImpression = Impression & { readonly id: string }

/** A row's identity is its place. */
export function rowId(environmentId: string, { epoch, offset }: Chain, index: number): string {
  return `${environmentId}:${epoch}:${offset}:${index}`
}

/** The records that a match names, in order. */
export function* identified(match: Match): Generator<IdentifiedImpression> {
  for (const { index, impression } of matchedImpressions(match)) {
    yield { ...impression, id: rowId(impression.environmentId, match.batch.chain, index) }
  }
}
