import type { Books } from '../../domain/ledger.ts'
import type { Facets, Refusal, SeenEnvironment } from '../../domain/protocol.ts'
import type { Load, Marker, RowEntry } from './entry.ts'
import type { List } from './list.ts'
import type { Began, Notice } from './notice.ts'
import type { Rate } from './rate.ts'
import type { RateChart } from './rate-chart.ts'
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
  /** How it stands with loading the rows of a marker. */
  readonly load: (marker: Marker) => Load
  readonly selected?: Place
  /** The column of the focused cell in the selected line. */
  readonly cell?: string
  /** Id of the row that is open, or that a link asked for and that was not found yet. */
  readonly openId?: string
  readonly opened?: RowEntry
  /** When the view was cleared, while nothing has come since. */
  readonly clearedAtMs?: number
  /** Lines that came a moment ago, while few come. */
  readonly fresh: readonly Place[]
  /** Some rows are verified, so that it tells something when another is not. */
  readonly verifies: boolean
  readonly books: Books
  /** Matches known, those that wait on the server included. */
  readonly matched: number
  readonly rate: Rate
  /** The same object for a second at a time. */
  readonly chart: RateChart
  readonly environments: readonly SeenEnvironment[]
  readonly facets?: Facets
  readonly began: Began
  /** The server says that it gets nothing from its log. */
  readonly busDown: boolean
  readonly firstRun: FirstRun
  readonly notice: Notice
  readonly refusal?: Refusal
  /** Lines that the browser holds, and how many it can. */
  readonly buffered: number
  readonly capacity: number
  /** When the oldest row that is held was received. */
  readonly oldestMs?: number
  readonly paints: number
}
