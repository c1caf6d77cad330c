import { type CellAct, canAct, cellValue } from './cell-acts.ts'
import { Icon, type IconName } from './Icon.tsx'
import { Menu, MenuRule, menuItem, type Spot } from './Menu.tsx'
import type { CellOfRow } from './row-acts.ts'
import { Shown } from './Shown.tsx'
import { visibleText } from './visible-text.ts'

type Props = {
  readonly cell: CellOfRow
  readonly at: Spot
  readonly close: () => void
  readonly choose: (act: CellAct) => void
}

const filters: readonly (readonly [CellAct, string, IconName])[] = [
  ['only', 'Only this', 'include'],
  ['exclude', 'Exclude', 'exclude'],
]
const others: readonly (readonly [CellAct, string, IconName])[] = [
  ['copy', 'Copy value', 'copy'],
  ['copy-row', 'Copy row as JSON', 'braces'],
]

/** What can be done about a cell. */
export function CellMenu({ cell, at, close, choose }: Props) {
  const { row, column } = cell
  const value = cellValue(column, row.impression)
  const item = ([act, title, icon]: (typeof filters)[number]) =>
    canAct(act, column, row.impression) && <Item key={act} title={title} icon={icon} choose={() => choose(act)} />
  return (
    <Menu label={`${column.title} ${value === undefined ? '' : visibleText(value)}`} at={at} close={close}>
      <p aria-hidden="true" className="flex max-w-full gap-2 px-2 pt-1 pb-1.5 text-muted text-xs">
        <span className="shrink-0">{column.title}</span>
        <span className="min-w-0 truncate text-text">{value === undefined ? '—' : <Shown text={value} />}</span>
      </p>
      {filters.map(item)}
      {canAct('only', column, row.impression) && <MenuRule />}
      {others.map(item)}
      <MenuRule />
      <Item title="Show only this key across all flags" icon="key" choose={() => choose('this-key')} />
    </Menu>
  )
}

type ItemProps = { readonly title: string; readonly icon: IconName; readonly choose: () => void }

function Item({ title, icon, choose }: ItemProps) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={choose} className={menuItem}>
      <Icon name={icon} className="size-3.5 text-muted" />
      {title}
    </button>
  )
}
