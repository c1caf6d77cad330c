import { beginning, type Cursor, type Gap } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { type Impression, sdkText } from '../../domain/impression.ts'
import type { Facet, Facets, RowGroup, TreatmentTotals } from '../../domain/protocol.ts'
import { rowsOf, type TailRow } from '../../domain/rows.ts'
import { batchRows, demoBatch, demoEnvironment } from './demo-rows.ts'

const epoch = 'demo'
/** Five minutes. */
const mostBatches = 3000
const facetBatches = 600

export type Passes = (impression: Impression) => boolean

type Batch = { readonly offset: number; readonly group: RowGroup; readonly rows: readonly TailRow[] }

type Newest = { readonly batches: readonly Batch[]; readonly older: Cursor; readonly complete: boolean }

function cursorAt(offset: number): Cursor {
  const environmentId = demoEnvironment.id
  if (offset === 0) return [beginning(environmentId, epoch)]
  return [{ environmentId, epoch, offset, id: `demo${offset}`, cumulative: offset * batchRows }]
}

/** What passes a filter; one that does not parse never leaves the page. */
export function passesOf(text: string): Passes {
  const parsed = parseFilter(text)
  const matcher = compileFilter(parsed.ok ? parsed.value : { terms: [] })
  return (impression) => matcher.matches(impression)
}

/** A log of made-up impressions, as long as a person may want to look back. */
export class DemoLog {
  #batches: Batch[] = []
  #offset = 0

  get cursor(): Cursor {
    return cursorAt(this.#offset)
  }

  append(nowMs: number): Batch {
    const offset = ++this.#offset
    const group: RowGroup = { epoch, offset, ...demoBatch(offset, nowMs), retries: [] }
    const batch = { offset, group, rows: rowsOf(group) }
    this.#batches.push(batch)
    if (this.#batches.length > mostBatches) this.#batches.shift()
    return batch
  }

  /** Batches after a cursor, oldest first, and what is no longer held of them. */
  since(cursor: Cursor): { readonly batches: readonly Batch[]; readonly gaps: readonly Gap[] } {
    const from = cursor[0]?.offset ?? 0
    const lost = (this.#batches[0]?.offset ?? from + 1) - 1 - from
    const gap: Gap = { environmentId: demoEnvironment.id, reason: 'trimmed', impressions: lost * batchRows }
    return { batches: this.#batches.filter(({ offset }) => offset > from), gaps: lost > 0 ? [gap] : [] }
  }

  /** The newest batches up to a cursor that hold so many matches, oldest first, and where older ones hold more. */
  newest(passes: Passes, most: number, from: Cursor = this.cursor): Newest {
    const within = this.#batches.filter(({ offset }) => offset <= (from[0]?.offset ?? 0))
    let matches = 0
    let start = within.length
    while (start > 0 && matches < most) matches += countOf(within[--start], passes)
    const complete = !within.slice(0, start).some((batch) => countOf(batch, passes) > 0)
    return { batches: within.slice(start), older: cursorAt((within[start]?.offset ?? 1) - 1), complete }
  }

  /** Exact counts of the last minute, before any filter. */
  facets(): Facets {
    const rows = this.#batches.slice(-facetBatches).flatMap((batch) => batch.rows)
    const facet = (value: (impression: Impression) => string | undefined): Facet => {
      const having = rows.filter(({ impression }) => value(impression) !== undefined)
      const counts = countBy(having, (impression) => value(impression) ?? '')
      return { values: [...counts].sort((a, b) => b[1] - a[1]), other: 0 }
    }
    return {
      environments: facet(({ environmentId }) => environmentId),
      flags: facet(({ flag }) => flag),
      treatments: facet(({ treatment }) => treatment),
      labels: facet(({ label }) => label),
      sdks: facet(sdkText),
      machines: facet(({ machineName }) => machineName),
    }
  }
}

/** The rows of a batch that pass, as a message carries them; none when none does. */
export function groupOf({ group, rows: all }: Batch, passes: Passes): readonly RowGroup[] {
  const passing = new Set(all.flatMap(({ impression, row }) => (passes(impression) ? [row] : [])))
  const flags = group.flags.flatMap(({ flag, rows, indexes }) => {
    const places = rows.flatMap((row, position) => (passing.has(row) ? [position] : []))
    if (places.length === 0) return []
    const index = (position: number) => (typeof indexes === 'number' ? indexes + position : (indexes[position] ?? 0))
    return [{ flag, indexes: places.map(index), rows: rows.filter((row) => passing.has(row)) }]
  })
  return flags.length === 0 ? [] : [{ ...group, flags }]
}

/** How many of these pass, per treatment. */
export function totalsOf(batches: readonly Batch[], passes: Passes): Map<string, number> {
  const rows = batches.flatMap((batch) => batch.rows.filter(({ impression }) => passes(impression)))
  return countBy(rows, ({ treatment }) => treatment)
}

/** These counts as messages have them. */
export function perTreatment(counts: ReadonlyMap<string, number>): TreatmentTotals {
  return { counts: [...counts], other: 0 }
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, impressions) => sum + impressions, 0)
}

function countOf(batch: Batch | undefined, passes: Passes): number {
  return batch?.rows.filter(({ impression }) => passes(impression)).length ?? 0
}

function countBy(rows: readonly TailRow[], value: (impression: Impression) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { impression } of rows) counts.set(value(impression), (counts.get(value(impression)) ?? 0) + 1)
  return counts
}
