import { memo, useMemo } from 'react'
import { setField } from '../domain/filter/edit.ts'
import { Shown } from './Shown.tsx'
import { quietButton } from './styles.ts'
import { Treatment } from './Treatment.tsx'
import type { RowEntry } from './tail/entry.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import { dateTime, timeOfDay, type Zone } from './times.ts'
import { visibleText } from './visible-text.ts'

type Props = { readonly store: TailStore; readonly view: View; readonly row: RowEntry; readonly zone: Zone }

const mostRows = 50

/** What this user sees: the newest rows of the same key, among those that are held. */
export function SameKey({ store, view, row, zone }: Props) {
  const { key } = row.impression
  const second = Math.floor(view.nowMs / 1000)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked through once a second, not with each paint
  const rows = useMemo(() => store.newestOf(key, mostRows), [store, key, second])
  const { canonical } = view.search
  const onlyKey = setField('', 'key', [key])
  return (
    <div className="py-2">
      <p className="px-4 pb-2 text-muted text-xs leading-[18px]">
        {rows.length === mostRows
          ? `The newest ${mostRows} rows`
          : `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`}{' '}
        of this key, among those held here{canonical === '' ? '' : ' that the filter lets through'}
      </p>
      <Lines rows={rows} openId={row.id} store={store} zone={zone} />
      {canonical !== onlyKey && (
        <p className="px-4 pt-3">
          <button type="button" className={`${quietButton} max-w-full`} onClick={() => store.setText(onlyKey)}>
            <span className="truncate">Show only this key, of all flags</span>
          </button>
        </p>
      )}
    </div>
  )
}

type LinesProps = Pick<Props, 'store' | 'zone'> & { readonly rows: readonly RowEntry[]; readonly openId: string }

/** Not painted with every paint of the page: only when a row came or another is open. */
const Lines = memo(function Lines({ rows, openId, store, zone }: LinesProps) {
  return (
    <ul>
      {rows.map((one) => (
        <li key={one.id}>
          <Line row={one} zone={zone} open={one.id === openId} choose={() => store.reader.jump(one.id)} />
        </li>
      ))}
    </ul>
  )
})

type LineProps = {
  readonly row: RowEntry
  readonly zone: Zone
  readonly open: boolean
  readonly choose: () => void
}

function Line({ row: { impression }, zone, open, choose }: LineProps) {
  const { flag, treatment, timestamp, environmentName } = impression
  return (
    <button
      type="button"
      aria-current={open ? 'true' : undefined}
      onClick={choose}
      title={`${dateTime(timestamp, zone)} · ${visibleText(environmentName)}`}
      className={`grid h-7 w-full grid-cols-[84px_minmax(0,1.3fr)_minmax(0,1fr)] items-center gap-3 px-4 text-left -outline-offset-2 max-sm:h-11 ${open ? 'bg-chosen' : 'hover:bg-hover'}`}
    >
      <span className="text-muted text-xs tabular-nums">{timeOfDay(timestamp, zone)}</span>
      <span className="truncate">
        <Shown text={flag} />
      </span>
      <Treatment treatment={treatment} />
    </button>
  )
}
