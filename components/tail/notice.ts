import type { Books } from '../../domain/ledger.ts'
import type { Refusal, Notice as ServerNotice } from '../../domain/protocol.ts'
import type { HintFacts } from './hints.ts'
import { clockTime, compact, count, plural } from './numbers.ts'
import type { Rate } from './rate.ts'
import type { Suggestion } from './suggestions.ts'
import type { Connection } from './tail-socket.ts'

/** Something that can be done about a notice. */
export type Offer =
  | { readonly kind: 'narrow'; readonly to: Suggestion }
  | { readonly kind: 'dismiss'; readonly sdks: readonly string[] }
  | { readonly kind: 'retry' }
  | { readonly kind: 'reload' }
  | { readonly kind: 'copy'; readonly details: string }

/** The one line above the table: what keeps the rows from being all rows, or that nothing does. */
export type Notice = {
  readonly tone: 'calm' | 'caution' | 'trouble'
  readonly text: string
  readonly offers: readonly Offer[]
}

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
  readonly suggestions: readonly Suggestion[]
  readonly hints: HintFacts
  /** A link named a row that is not held. */
  readonly rowIsGone: boolean
  readonly nowMs: number
}

/** Picks the line with the highest priority. */
export function noticeOf(facts: NoticeFacts): Notice {
  return troubleOf(facts) ?? nowOf(facts) ?? earlierOf(facts)
}

function troubleOf(facts: NoticeFacts): Notice | undefined {
  const { connection, refusal, said, unknownEnvironments, nowMs } = facts
  if (refusal) return refusalNotice(refusal, nowMs)
  if (connection.kind === 'offline' || connection.kind === 'reconnecting')
    return caution('Not connected: these rows stay, and what is missed is caught up or told.')
  for (const notice of said) {
    if (notice.kind !== 'bus-down') continue
    const seconds = Math.max(0, Math.round((nowMs - notice.sinceMs) / 1000))
    return caution(
      `The server is cut off from its log for ${count(seconds)} s: posts are refused, so SDKs send them again. Rows are caught up later.`,
    )
  }
  if (unknownEnvironments.length === 0) return undefined
  return caution(`No environment is called ${unknownEnvironments.join(', ')}, so nothing can match it.`)
}

/** What went wrong, with what can be done about it. A server that is full named a time, and is not asked before it. */
function refusalNotice(refusal: Refusal, nowMs: number): Notice {
  const details = `${new Date(nowMs).toISOString()} ${JSON.stringify(refusal)}`
  const copy: Offer = { kind: 'copy', details }
  switch (refusal.reason) {
    case 'filter':
      return trouble(`The server does not take this filter: ${refusal.error.message}`, [copy])
    case 'version':
      return trouble(`This page and its server are of different versions. Reload the page. (${refusal.message})`, [
        { kind: 'reload' },
        copy,
      ])
    case 'full':
      return trouble(refusal.message, [copy])
    case 'message':
    case 'unavailable':
      return trouble(refusal.message, [{ kind: 'retry' }, copy])
    default:
      return refusal satisfies never
  }
}

function nowOf({ rate, holding, rowIsGone, suggestions, hints }: NoticeFacts): Notice | undefined {
  if (rowIsGone) return caution('That impression is no longer held.')
  if (rate.oneIn >= 1.05) {
    const share = rate.oneIn < 1.95 ? `${Math.round(100 / rate.oneIn)} %` : `1 in ${count(Math.round(rate.oneIn))}`
    return caution(
      `Showing about ${share} of ${compact(rate.perSecond)}/s. Counts and chart are exact. Narrow the filter to see every row.${hints.tooFast ? ` ${tooFastText}` : ''}`,
      suggestions.map((to) => ({ kind: 'narrow', to })),
    )
  }
  if (!holding) return undefined
  return caution('Rows wait on the server; the counts go on. The newest 5,000 come when you go on, the others on Load.')
}

const tooFastText = 'Too fast to read: point to hold, Space to pause.'

/** Nothing keeps rows away now; what did so before is told as long as it stands in the books. */
function earlierOf(facts: NoticeFacts): Notice {
  const { optimized, everyRowAgain, tooFast } = facts.hints
  const every = everyText(facts)
  if (everyRowAgain) return { tone: 'calm', text: every, offers: [] }
  if (optimized.length > 0)
    return {
      tone: 'calm',
      text: `${optimizedText(optimized)} ${every}`,
      offers: [{ kind: 'dismiss', sdks: optimized }],
    }
  return { tone: 'calm', text: tooFast ? `${sentence(every)} ${tooFastText}` : every, offers: [] }
}

function everyText({ books, began, capacity, clearedMs }: NoticeFacts): string {
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
  if (earlier.length > 0) return `${every}${began.older ? '' : ' again'}. Earlier: ${earlier.join(', ')}.`
  if (clearedMs !== undefined) return `${every}. Cleared at ${clockTime(clearedMs)}.`
  return evicted > 0 ? `${every}. The newest ${count(capacity)} are kept.` : every
}

function optimizedText(sdks: readonly string[]): string {
  const [first, ...others] = sdks
  if (others.length === 0) return `${first} runs in OPTIMIZED mode: repeats within an hour are not sent.`
  return `${first} and ${plural(others.length, 'other SDK')} run in OPTIMIZED mode: repeats within an hour are not sent.`
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

function caution(text: string, offers: readonly Offer[] = []): Notice {
  return { tone: 'caution', text, offers }
}

function trouble(text: string, offers: readonly Offer[]): Notice {
  return { tone: 'trouble', text, offers }
}
