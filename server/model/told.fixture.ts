import type { Cursor, Gap } from '../../domain/chain.ts'
import type { TailRow } from '../../domain/rows.ts'

/** A row as far as pages and scripts have it alike. */
export type ToldRow = Pick<TailRow, 'id' | 'impression'>

/** Rows that one message brought, and the cursor that came with it. */
export type Step = { readonly rows: readonly ToldRow[]; readonly cursor: Cursor }

/** What a viewer (or script) was told under one filter, message by message, as far as its page took it. */
export class Told {
  readonly filter: string
  /** How many batches the witness had seen when it began. */
  readonly sinceBatches: number
  readonly backfill: Step
  /** Later `start`s and frames. */
  readonly steps: Step[] = []
  readonly gaps: Gap[] = []
  readonly loaded: ToldRow[] = []
  #cursor: Cursor

  constructor(filter: string, sinceBatches: number, backfill: Step) {
    this.filter = filter
    this.sinceBatches = sinceBatches
    this.backfill = backfill
    this.#cursor = backfill.cursor
  }

  /** Where it stands. */
  get cursor(): Cursor {
    return this.#cursor
  }

  take(step: Step): void {
    this.steps.push(step)
    const moved = new Set(step.cursor.map(({ environmentId }) => environmentId))
    this.#cursor = [...this.#cursor.filter(({ environmentId }) => !moved.has(environmentId)), ...step.cursor]
  }

  /** Every row that came, in the order of coming; what was loaded came last. */
  get rows(): readonly ToldRow[] {
    return [...this.backfill.rows, ...this.steps.flatMap(({ rows }) => rows), ...this.loaded]
  }
}
