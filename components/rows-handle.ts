import type { ColumnName } from './columns.ts'

/** What the rest of the page may ask of the table. */
export type RowsHandle = {
  readonly focus: () => void
  /** Lines that fit on the screen. */
  readonly pageLines: () => number
  /** The columns on the screen, in their order: fewer than are chosen where there is little room. */
  readonly columns: () => readonly ColumnName[]
  /** Opens the menu of the focused cell, or of the row; says whether there is one. */
  readonly openMenu: () => boolean
  readonly openColumns: () => void
}
