import type { Books } from '../../domain/ledger.ts'
import type { Refusal, Notice as ServerNotice } from '../../domain/protocol.ts'
import { clockTime, compact, count, plural } from './numbers.ts'
import type { Rate } from './rate.ts'
import type { Connection } from './tail-socket.ts'

/** The one line above the table: what keeps the rows from being all rows, or that nothing does. */
export type Notice = { readonly tone: 'calm' | 'caution' | 'trouble'; readonly text: string }

/** How the counts of a filter began: with the newest rows of the log, of which there may be more. */
export type Began = { readonly atMs: number; readonly backfilled: number; readonly older: boolean }

export type NoticeFacts = {
  readonly connection: Connection
  readonly refusal?: Refusal
  /** Notices of the server that still hold. */
  readonly said: readonly ServerNotice[]
  readonly unknownEnvironments: readonly string[]
  readonly rate: Rate
  readonly books: Books
  readonly holding: boolean
  readonly began: Began
  readonly capacity: number
  /** When the view was last cleared, with this filter. */
  readonly clearedMs?: number
  /** A link named a row that is not held. */
  readonly rowIsGone: boolean
  readonly nowMs: number
}

/** Picks the line with the highest priority. */
export function noticeOf(facts: NoticeFacts): Notice {
  return troubleOf(facts) ?? nowOf(facts) ?? earlierOf(facts)
}

function troubleOf({ connection, refusal, said, unknownEnvironments, nowMs }: NoticeFacts): Notice | undefined {
  if (refusal) return { tone: 'trouble', text: refusalText(refusal) }
  if (connection.kind === 'offline' || connection.kind === 'reconnecting') {
    return { tone: 'caution', text: 'Not connected: these rows stay, and what is missed is caught up or told.' }
  }
  for (const notice of said) {
    if (notice.kind === 'bus-down') {
      const seconds = Math.max(0, Math.round((nowMs - notice.sinceMs) / 1000))
      return {
        tone: 'caution',
        text: `The server is cut off from its log for ${count(seconds)} s: posts are refused, so SDKs send them again. Rows are caught up later.`,
      }
    }
  }
  if (unknownEnvironments.length > 0) {
    const names = unknownEnvironments.join(', ')
    return { tone: 'caution', text: `No environment is called ${names}, so nothing can match it.` }
  }
  return undefined
}

function refusalText(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'filter':
      return `The server does not take this filter: ${refusal.error.message}`
    case 'version':
      return `This page and its server are of different versions. Reload the page. (${refusal.message})`
    default:
      return refusal.message
  }
}

function nowOf({ rate, holding, rowIsGone }: NoticeFacts): Notice | undefined {
  if (rowIsGone) return { tone: 'caution', text: 'That impression is no longer held.' }
  if (holding)
    return {
      tone: 'caution',
      text: 'Rows wait on the server; the counts go on. The newest 5,000 come when you go on, the others on Load.',
    }
  if (rate.oneIn < 1.05) return undefined
  const share = rate.oneIn < 1.95 ? `${Math.round(100 / rate.oneIn)} %` : `1 in ${count(Math.round(rate.oneIn))}`
  const text = `Showing about ${share} of ${compact(rate.perSecond)}/s. Counts are exact. Narrow the filter to see every row.`
  return { tone: 'caution', text }
}

/** Nothing keeps rows away now; what did so before is told as long as it stands in the books. */
function earlierOf({ books, began, capacity, clearedMs }: NoticeFacts): Notice {
  const { sampledOut, skipped, evicted, missed } = books
  const every = began.older
    ? `Showing every row since ${clockTime(began.atMs)}, and the newest ${count(began.backfilled)} of before`
    : 'Showing every row'
  const earlier = [
    missed.impressions > 0 && `${plural(missed.impressions, 'impression')} missed in gaps`,
    missed.unknown > 0 && `${plural(missed.unknown, 'gap')} of unknown size`,
    skipped > 0 && `${plural(skipped, 'row')} not sent`,
    sampledOut > 0 && `${plural(sampledOut, 'row')} sampled out`,
  ].filter((part) => part !== false)
  if (earlier.length > 0)
    return { tone: 'calm', text: `${every}${began.older ? '' : ' again'}. Earlier: ${earlier.join(', ')}.` }
  if (clearedMs !== undefined) return { tone: 'calm', text: `${every}. Cleared at ${clockTime(clearedMs)}.` }
  if (evicted > 0) return { tone: 'calm', text: `${every}. The newest ${count(capacity)} are kept.` }
  return { tone: 'calm', text: every }
}
