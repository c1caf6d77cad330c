import type { Cursor } from '../../domain/chain.ts'
import type { TailRow } from '../../domain/rows.ts'
import { clockTime } from './numbers.ts'

/** What stands between rows where rows are absent, or may be. It tells, and is no impression. */
export type Marker = { readonly id: string } & (
  | { readonly kind: 'gap'; readonly environment: string; readonly impressions: number }
  | { readonly kind: 'unknown-gap'; readonly environment: string; readonly reason: 'trimmed' | 'restarted' | 'forked' }
  | Skipped
  | { readonly kind: 'unaccounted'; readonly impressions: number }
  | { readonly kind: 'restart'; readonly environment: string }
  | { readonly kind: 'resumed'; readonly awayMs: number }
  | Cleared
  | { readonly kind: 'kept' }
  | Older
)

/** Rows between two cursors that were not sent, and how many more were sampled out there. */
export type Skipped = {
  readonly kind: 'skipped'
  readonly rows: number
  readonly sampledOut: number
  readonly from: Cursor
  readonly to: Cursor
  /** Whether the log may still have them. */
  readonly loadable: boolean
}

/** Matches older than where the counts began, before a cursor. */
export type Older = {
  readonly kind: 'older'
  readonly from: Cursor
  /** Whether the log may still have them. */
  readonly loadable: boolean
}

/** The view was emptied here. */
export type Cleared = { readonly kind: 'cleared'; readonly atMs: number }

export type RowEntry = TailRow & { readonly kind: 'impression' }

/** One line of the list. */
export type Entry = RowEntry | Marker

const count = new Intl.NumberFormat('en-US')
const reasons = {
  trimmed: 'the log no longer has them',
  restarted: 'the log restarted',
  forked: 'the log lost its newest entries',
} as const

const olderTexts: Record<Load, string> = {
  offered: 'Older matches are in the log; they are not in the counts',
  'under way': 'Older matches are in the log; they are not in the counts',
  full: 'The list is full: older matches stay in the log and are not in the counts',
  no: 'Older matches cannot be loaded any more; they are not in the counts',
}

/** Whether a marker tells of rows that are missing or may be, or only of something that one should know. */
export function markerTone({ kind }: Marker): 'caution' | 'calm' {
  return kind === 'resumed' || kind === 'cleared' || kind === 'kept' || kind === 'older' ? 'calm' : 'caution'
}

/** How it stands with loading the rows of a marker: `full` = the list has no room for them. */
export type Load = 'offered' | 'under way' | 'full' | 'no'

/** What a marker says on the screen. */
export function markerText(marker: Marker, load: Load): string {
  switch (marker.kind) {
    case 'gap':
      return `${count.format(marker.impressions)} impressions of ${marker.environment} missed (before filtering)`
    case 'unknown-gap':
      return `Impressions of ${marker.environment} may be missed, count unknown: ${reasons[marker.reason]}`
    case 'skipped':
      return `${count.format(marker.rows)} matching ${marker.rows === 1 ? 'row' : 'rows'} ${marker.loadable ? 'not sent' : 'not sent, and can no longer be loaded'}`
    case 'unaccounted':
      return `${count.format(marker.impressions)} impressions are in the log and were not told by the server`
    case 'restart':
      return `The log of ${marker.environment} restarted; earlier rows are from before`
    case 'resumed':
      return `Reconnected after ${(marker.awayMs / 1000).toFixed(1)} s`
    case 'cleared':
      return `Cleared at ${clockTime(marker.atMs)}`
    case 'kept':
      return 'Rows below are kept from the filter before and are not in the counts'
    case 'older':
      return olderTexts[load]
    default:
      return marker satisfies never
  }
}
