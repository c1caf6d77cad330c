import type { Batch, ChainedBatch } from '../../domain/batch.ts'
import type { Gap, Position } from '../../domain/chain.ts'
import type { Result } from '../../domain/result.ts'

/**
 * Why the bus could not take or give something. `down`: it has not done it. `unanswered`: it was asked, and may have done
 * it or do it yet.
 */
export type BusFailure = { readonly reason: 'down' | 'unanswered'; readonly message: string }

/** Batches of one log in order, and where reading them leaves the reader. */
export type LogPage = {
  /** Each continues the chain of the one before it. */
  readonly batches: readonly ChainedBatch[]
  /** What lies between the cursor and the first batch (or `end`, where there is none) and is in no log any more. */
  readonly gap?: Gap
  /** The reader's position after this page. */
  readonly end: Position
  /** More is in the log behind `end`. */
  readonly more: boolean
}

/** A page of older batches, newest first. */
export type OlderPage = { readonly batches: readonly ChainedBatch[]; readonly more: boolean }

/** Whether the bus can take and give at present; `sinceMs` is the time (epoch ms, our clock) at which it went down. */
export type BusState = { readonly up: true } | { readonly up: false; readonly sinceMs: number }

/**
 * Carries batches from ingest to every server process: first into the bounded log of their environment, then to whoever
 * hears it. Hearing is only the fast path: who must miss nothing compares chains and reads the log.
 */
export interface Bus {
  /** Resolves ok when all of the batches of one post are in the log of the environment: all or none. */
  append(environmentId: string, batches: readonly Batch[]): Promise<Result<void, BusFailure>>
  /**
   * Resolves when later appends are certain to be heard (once each, in log order, on a healthy bus; holes are
   * possible: the chain tells). The returned function ends it and never rejects.
   */
  subscribe(
    environmentId: string,
    hear: (batch: ChainedBatch) => void,
  ): Promise<Result<() => Promise<void>, BusFailure>>
  /** The log's newest position; while nothing was appended, the beginning of its life, with the epoch that it will have. */
  head(environmentId: string): Promise<Result<Position, BusFailure>>
  /** The next page behind a position, or an exact gap. */
  after(environmentId: string, position: Position): Promise<Result<LogPage, BusFailure>>
  /** The page before an offset (exclusive), newest first; `undefined` = from the head. */
  before(environmentId: string, offset: number | undefined): Promise<Result<OlderPage, BusFailure>>
  /** Calls back at once with the present state and on each change; the returned function ends it. The embedded bus is always up. */
  watchState(told: (state: BusState) => void): () => void
  close(): Promise<void>
}

export function busDown(
  message: string,
  reason: BusFailure['reason'] = 'down',
): { readonly ok: false; readonly error: BusFailure } {
  return { ok: false, error: { reason, message } }
}
