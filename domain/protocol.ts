import type { Cursor, Gap } from './chain.ts'
import type { FilterError } from './filter/filter.ts'
import type { Shared } from './impression.ts'
import type { Row } from './row.ts'

/**
 * The version that both sides name at the handshake. Raise it by one when a message changes so that an older page or
 * server would misread it; fields that an older side may ignore do not count. The server speaks this and the one before.
 */
export const protocolVersion = 1

/** Exact counts per treatment: the first 50 treatments to appear in the Tail, never re-ranked, and the rest together. */
export type TreatmentTotals = {
  readonly counts: readonly (readonly [treatment: string, impressions: number])[]
  readonly other: number
}

/** Rows of one flag in a group. */
export type FlagRows = {
  readonly flag: string
  /** Index in the batch of each row; one number when they are consecutive from it. */
  readonly indexes: number | readonly number[]
  readonly rows: readonly Row[]
}

/** The rows of one batch that a message carries. */
export type RowGroup = {
  readonly epoch: string
  readonly offset: number
  readonly shared: Shared
  readonly flags: readonly FlagRows[]
  readonly retries: readonly number[]
}

/** Totals of a Tail since its creation on this node, all at one point of the logs. */
export type Totals = {
  readonly matched: number
  /** Rows sent: `matched` − `sent` were sampled out. */
  readonly sent: number
  readonly perTreatment: TreatmentTotals
}

/** Shared by everybody who watches the Tail. */
export type Frame = Totals & {
  /** Short id of the Tail. */
  readonly tail: string
  /** +1 per frame of the Tail; a missing number = skipped frames. */
  readonly sequence: number
  /** Every log that the Tail reads; empty on the rowless frames of a viewer on hold. */
  readonly cursor: Cursor
  readonly rows: readonly RowGroup[]
}

/** An environment within a viewer's sight; of one that is masked it sees neither keys nor properties nor addresses. */
export type SeenEnvironment = { readonly id: string; readonly name: string; readonly masked?: true | undefined }

/** Answers `watch` and `resume`: the baseline of the viewer's books, and the backfill. */
export type Start = Totals & {
  readonly revision: number
  readonly tail: string
  /** The Tail's last sequence number; its next frame is +1. */
  readonly sequence: number
  readonly cursor: Cursor
  /** Those that the viewer may see. */
  readonly environments: readonly SeenEnvironment[]
  /** What the filter calls an environment, and none is called. */
  readonly unknownEnvironments: readonly string[]
  readonly rows: readonly RowGroup[]
  /** Counts from the cursor that was sent to `cursor`; without one, of the backfilled rows. */
  readonly replayed: { readonly matched: number; readonly perTreatment: TreatmentTotals }
  /** Nothing older that matches is in the log (watch), or every match since the cursor is in `rows` (with a cursor). */
  readonly complete: boolean
  /** From where `older` goes on; of a watch without a cursor that is not complete. */
  readonly older?: Cursor
  readonly gaps: readonly Gap[]
}

/**
 * Answers `load`: the oldest matching rows between two cursors. `to` is how far that came: the `to` that was asked for
 * when `complete`, else where to load on from.
 */
export type Loaded = {
  readonly from: Cursor
  readonly to: Cursor
  readonly rows: readonly RowGroup[]
  readonly complete: boolean
  /** What lies between the cursors and is in no log any more. */
  readonly gaps: readonly Gap[]
}

/**
 * Answers `older`: the newest matches before a cursor, oldest first. `to` is from where to go on; rows of a batch that the
 * start brought in part come again.
 */
export type LoadedOlder = {
  readonly from: Cursor
  readonly to: Cursor
  readonly rows: readonly RowGroup[]
  /** Nothing older that matches is in the log. */
  readonly complete: boolean
}

/** Answers `find`: the row of that id, whatever the filter; no rows when no log has it any more. */
export type Found = { readonly id: string; readonly rows: readonly RowGroup[] }

/** One field's exact counts over the last minute, before any other filter. */
export type Facet = {
  readonly values: readonly (readonly [value: string, impressions: number])[]
  readonly other: number
}

/** Of impressions that have the field: one without a label is in no count of labels. */
export type Facets = {
  readonly environments: Facet
  readonly flags: Facet
  readonly treatments: Facet
  readonly labels: Facet
  /** Name and version as the SDK sends them: `nodejs-11.11.2`. */
  readonly sdks: Facet
  readonly machines: Facet
}

/** Something that a viewer should know and that is no row. */
export type Notice =
  | { readonly kind: 'bus-down'; readonly sinceMs: number }
  | { readonly kind: 'bus-up' }
  | { readonly kind: 'no-such-environment'; readonly environments: readonly string[] }

/** Why the server will not do what was asked; the connection stays unless it is closed by the server. */
export type Refusal =
  | { readonly reason: 'filter'; readonly revision: number; readonly error: FilterError }
  | { readonly reason: 'message'; readonly message: string }
  | { readonly reason: 'version'; readonly message: string }
  | { readonly reason: 'full'; readonly message: string; readonly retryInMs: number }
  | { readonly reason: 'unavailable'; readonly message: string; readonly retryInMs: number }

/** From the browser. One object each. */
export type Up = {
  /** Watch a filter from now (with a backfill), or from a cursor. Replaces the watch before. */
  watch: (message: { readonly revision: number; readonly filter: string; readonly cursor?: Cursor }) => void
  /** Stop sending me rows; one frame without rows and cursor a second. */
  hold: (message: Record<string, never>) => void
  /** Go on from here. */
  resume: (message: { readonly cursor: Cursor }) => void
  /** The matching rows between two cursors, for a place where rows are missing. */
  load: (message: { readonly from: Cursor; readonly to: Cursor }) => void
  /** The newest matching rows before a cursor: what the backfill, or the answer before, did not come to. */
  older: (message: { readonly from: Cursor }) => void
  /** One row by its id, wherever it stands in the logs. */
  find: (message: { readonly id: string }) => void
  /** Says that this viewer still reads: on receiving a frame, not sooner than 1 s after the last, never from a timer. */
  ack: (message: { readonly sequence: number }) => void
}

/** From the server. One object each. */
export type Down = {
  start: (message: Start) => void
  frame: (message: Frame) => void
  loaded: (message: Loaded) => void
  older: (message: LoadedOlder) => void
  found: (message: Found) => void
  /** You were silent for too long and are in no room: answer with `resume`. */
  behind: (message: Record<string, never>) => void
  facets: (message: Facets) => void
  gap: (message: Gap) => void
  notice: (message: Notice) => void
  refused: (message: Refusal) => void
  /** This server is leaving: connect again after this time. */
  drain: (message: { readonly reconnectInMs: number }) => void
}
