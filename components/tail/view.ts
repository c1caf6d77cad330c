import type { Environment } from '../../domain/impression.ts'
import type { Books } from '../../domain/ledger.ts'
import type { Facets, Refusal } from '../../domain/protocol.ts'
import type { RowEntry } from './entry.ts'
import type { List } from './list.ts'
import type { Began, Notice } from './notice.ts'
import type { Rate } from './rate.ts'
import type { Mode } from './reading.ts'
import type { Search } from './search.ts'
import type { Connection } from './tail-socket.ts'

/** Whether anybody has ever sent an impression to any environment. */
export type FirstRun =
  | { readonly kind: 'over' }
  | { readonly kind: 'waiting'; readonly sinceMs: number }
  | { readonly kind: 'arrived'; readonly row: RowEntry }

export type Place = { readonly id: string; readonly index: number }

/** Everything that the screen shows, at one moment; replaced as a whole, at most so often as the screen may repaint. */
export type View = {
  readonly nowMs: number
  readonly connection: Connection
  readonly search: Search
  /** The server has answered for the filter, so the counts are of it. */
  readonly settled: boolean
  readonly mode: Mode
  /** Matches that came since the list stands still. */
  readonly waiting: number
  readonly list: List
  readonly selected?: Place
  /** Id of the row that is open, or that a link asked for and that was not found yet. */
  readonly openId?: string
  readonly opened?: RowEntry
  readonly books: Books
  /** Matches known, those that wait on the server included. */
  readonly matched: number
  readonly rate: Rate
  readonly environments: readonly Pick<Environment, 'id' | 'name'>[]
  readonly facets?: Facets
  readonly began: Began
  /** The server says that it gets nothing from its log. */
  readonly busDown: boolean
  readonly firstRun: FirstRun
  readonly notice: Notice
  readonly refusal?: Refusal
  readonly capacity: number
  readonly paints: number
}
