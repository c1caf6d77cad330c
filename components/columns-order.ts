import { type ColumnName, columns } from './columns.ts'

/** All columns in the order in which a menu offers them: those that are shown as they stand, then the others. */
export function offeredOrder(shown: readonly ColumnName[]): readonly ColumnName[] {
  return [...shown, ...columns.map(({ name }) => name).filter((name) => !shown.includes(name))]
}

/** The shown columns after one was shown or hidden: it comes to stand where the order has it. One always stays. */
export function withToggled(
  order: readonly ColumnName[],
  shown: readonly ColumnName[],
  name: ColumnName,
): readonly ColumnName[] {
  const next = order.filter((one) => (one === name ? !shown.includes(name) : shown.includes(one)))
  return next.length === 0 ? shown : next
}

/** The order with one column moved to another place, or as far as there is one. */
export function withMoved(order: readonly ColumnName[], name: ColumnName, to: number): readonly ColumnName[] {
  const others = order.filter((one) => one !== name)
  const index = Math.min(others.length, Math.max(0, to))
  return [...others.slice(0, index), name, ...others.slice(index)]
}
