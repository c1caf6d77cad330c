import type { ChainedBatch } from '../../domain/batch.ts'
import { type Chain, type Gap, type Position, positionOf } from '../../domain/chain.ts'
import type { LogPage } from './bus.ts'

/** What one look at a log shows to a reader who stands at a position. */
export type LogView = {
  /** The log's newest position, held or not. */
  readonly head: Position
  /** The entry at the reader's own offset, where it is held. */
  readonly at?: Chain
  /** Entries that are held behind the reader's offset, oldest first; there may be more behind them. */
  readonly behind: readonly ChainedBatch[]
}

/** Where the held part of a log begins to continue: just before its first entry behind the reader, or its head. */
type Point = { readonly offset: number; readonly id: string; readonly cumulative: number }

/** Whether the log began anew since the position was read: its reader goes on from the new log's beginning. */
export function hasRestarted(position: Position, head: Position): boolean {
  return position.epoch !== undefined && position.epoch !== head.epoch
}

/** The page from a new log's beginning, as it is told to somebody who read the old one: nobody can count what was lost. */
export function afterRestart(page: LogPage): LogPage {
  return { ...page, gap: { environmentId: page.end.environmentId, reason: 'restarted' } }
}

/**
 * What a reader at this position of this log gets next. A position that the chain does not lead away from is in another
 * branch of the log (after a failover to a lagging replica): its reader is told so and starts at the head. A page ends
 * where the chain is broken, so that a hole always stands between two pages, where it is counted.
 */
export function pageBehind(position: Position, view: LogView): LogPage {
  const { environmentId } = view.head
  const gap = gapBefore(position, view)
  if (gap?.reason === 'forked') return { batches: [], gap, end: view.head, more: false }
  const batches = unbroken(view.behind)
  const last = batches.at(-1)
  const end = last ? positionOf(environmentId, last.chain) : view.head
  return { batches, end, more: end.offset < view.head.offset, ...(gap && { gap }) }
}

function gapBefore(position: Position, view: LogView): Gap | undefined {
  const { environmentId } = view.head
  const forked: Gap = { environmentId, reason: 'forked' }
  if (view.at && !(view.at.epoch === position.epoch && view.at.id === position.id)) return forked
  const point = continuation(view)
  const batches = point.offset - position.offset
  if (batches === 0) return point.id === (position.id ?? '') ? undefined : forked
  const impressions = point.cumulative - position.cumulative
  // A batch has at least one impression: less than that cannot be the same branch. Beyond the head, both are negative.
  if (batches < 0 || impressions < batches) return forked
  return { environmentId, reason: 'trimmed', impressions }
}

function continuation({ head, behind }: LogView): Point {
  const next = behind[0]
  if (!next) return { offset: head.offset, id: head.id ?? '', cumulative: head.cumulative }
  const { chain, header } = next
  return { offset: chain.offset - 1, id: chain.previousId, cumulative: chain.cumulative - header.impressions }
}

function unbroken(batches: readonly ChainedBatch[]): readonly ChainedBatch[] {
  const end = batches.findIndex(({ chain }, index) => {
    const before = batches[index - 1]
    return before !== undefined && chain.previousId !== before.chain.id
  })
  return end === -1 ? batches : batches.slice(0, end)
}
