import type { Cursor, Gap } from '../../domain/chain.ts'
import type { Missed } from '../../domain/ledger.ts'
import { readCursor } from '../tail/cursor-text.ts'
import type { IdentifiedImpression } from '../tail/ndjson.ts'
import type { ToldRow } from './told.fixture.ts'

type Ledger = {
  readonly matched: number
  readonly held: number
  readonly skipped: number
  readonly missed: number | null
  readonly cursor: string
}
type Line =
  | IdentifiedImpression
  | { readonly gap: Gap | { readonly reason: 'slow' } }
  | { readonly notice: object }
  | { readonly ledger: Ledger }

/** What stands in `/api/tail` between two ledgers, and the later one's cursor. */
export type Section = {
  readonly rows: readonly ToldRow[]
  readonly gaps: readonly Gap[]
  readonly cursor: Cursor
  readonly cursorText: string
  /** What is wrong with its ledger, if anything. */
  readonly problem: string | undefined
}

/** Reads the lines of one connection. */
export class Sections {
  #rows: ToldRow[] = []
  #gaps: Gap[] = []
  #held = 0
  #missed: Missed = { impressions: 0, unknown: 0 }

  /** A section when this line ends one. */
  take(text: string): Section | undefined {
    const line: Line = JSON.parse(text)
    if ('ledger' in line) return this.#end(line.ledger)
    if ('gap' in line) {
      if (line.gap.reason === 'slow') throw new Error('the model reads too little to be slow')
      this.#gaps.push(line.gap)
    } else if (!('notice' in line)) {
      const { id, ...impression } = line
      this.#rows.push({ id, impression })
    }
    return undefined
  }

  #end(ledger: Ledger): Section {
    const [rows, gaps] = [this.#rows, this.#gaps]
    this.#rows = []
    this.#gaps = []
    this.#held += rows.length
    this.#missed = addMissed(this.#missed, gaps)
    const cursor = readCursor(ledger.cursor)
    if (!cursor.ok) throw new Error(`a ledger's cursor cannot be read: ${ledger.cursor}`)
    const { impressions, unknown } = this.#missed
    const should = { matched: this.#held, held: this.#held, skipped: 0, missed: unknown > 0 ? null : impressions }
    const wrong = Object.entries(should).some(([name, value]) => ledger[name as keyof typeof should] !== value)
    const problem = wrong ? `a ledger says ${JSON.stringify(ledger)}, not ${JSON.stringify(should)}` : undefined
    return { rows, gaps, cursor: cursor.value, cursorText: ledger.cursor, problem }
  }
}

export function addMissed(missed: Missed, gaps: readonly Gap[]): Missed {
  let { impressions, unknown } = missed
  for (const gap of gaps) {
    if (gap.impressions === undefined) unknown++
    else impressions += gap.impressions
  }
  return { impressions, unknown }
}
