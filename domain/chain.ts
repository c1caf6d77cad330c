/**
 * A batch's place in the log of its environment. Offsets alone are not enough: after a failover to a lagging replica they
 * repeat under the same epoch, and only the predecessor's id tells.
 */
export type Chain = {
  /** Random per life of the log. */
  readonly epoch: string
  /** 1 for the first batch of an epoch, +1 for each. */
  readonly offset: number
  /** Random 64 bits, 16 hex digits. */
  readonly id: string
  /** The id of the batch before, "" for the first of an epoch. */
  readonly previousId: string
  /** Impressions in this epoch so far, this batch included. */
  readonly cumulative: number
}

/** How far somebody has read one log. */
export type Position = ReadPosition | StartPosition

/** Read up to and including the batch with this epoch, offset and id. */
export type ReadPosition = {
  readonly environmentId: string
  readonly epoch: string
  readonly offset: number
  readonly id: string
  readonly cumulative: number
}

/**
 * Nothing read yet: from the beginning of the life with this epoch, so that its end is noticed even before its first
 * batch was read. Without an epoch, of whichever life the log is in: a cursor that knows nothing of this log.
 */
export type StartPosition = {
  readonly environmentId: string
  readonly epoch?: string
  readonly offset: 0
  readonly id?: undefined
  readonly cumulative: 0
}

/** One position per log that a Tail reads. Any node resumes any viewer from it. */
export type Cursor = readonly Position[]

export function beginning(environmentId: string, epoch?: string): StartPosition {
  return { environmentId, ...(epoch !== undefined && { epoch }), offset: 0, cumulative: 0 }
}

export function positionOf(environmentId: string, chain: Chain): ReadPosition {
  return {
    environmentId,
    epoch: chain.epoch,
    offset: chain.offset,
    id: chain.id,
    cumulative: chain.cumulative,
  }
}

/** Whether two positions name the same point of the same log. */
export function samePoint(a: Position, b: Position): boolean {
  return a.offset === b.offset && a.epoch === b.epoch && a.id === b.id
}

/**
 * Impressions that the logs of `to` took since `from`, before filtering; `undefined` where no count can tell: one of them
 * began anew, or `from` does not say where it stood.
 */
export function acceptedBetween(from: Cursor, to: Cursor): number | undefined {
  let accepted = 0
  for (const position of to) {
    const before = from.find((one) => one.environmentId === position.environmentId)
    if (!before || (before.epoch !== undefined && before.epoch !== position.epoch)) return undefined
    accepted += position.cumulative - before.cumulative
  }
  return accepted
}

/**
 * A hole in one log that cannot be filled. Its count is of impressions of that environment before filtering: it stands
 * beside `matched`, never inside it.
 */
export type Gap = {
  readonly environmentId: string
  /** `trimmed`: older than the log keeps. `restarted`: the log began anew. `forked`: the log lost its newest entries. */
  readonly reason: 'trimmed' | 'restarted' | 'forked'
  /** Exact while the chain is intact; absent = unknown. */
  readonly impressions?: number
}
