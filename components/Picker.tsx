import { useId, useRef, useState } from 'react'
import { Icon } from './Icon.tsx'
import { placeBelow } from './place-below.ts'
import { Shown } from './Shown.tsx'
import { chosenButton, quietButton } from './styles.ts'
import { count } from './tail/numbers.ts'
import { visibleText } from './visible-text.ts'

export type PickerValue = { readonly value: string; readonly impressions: number | undefined }

type Props = {
  readonly name: string
  readonly plural: string
  /** On the button while nothing is chosen. */
  readonly all: string
  /** The same on a small screen. */
  readonly short?: string
  readonly values: readonly PickerValue[]
  readonly chosen: readonly string[]
  readonly other: number
  readonly choose: (values: readonly string[]) => void
}

const searchableFrom = 8

/** Chooses values of one field. The counts move while it is open, their order does not. */
export function Picker({ name, plural, all, short, values, chosen, other, choose }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [order, setOrder] = useState<readonly string[]>()
  const [search, setSearch] = useState('')
  const toggled = (open: boolean) => {
    setSearch('')
    setOrder(open ? [...new Set([...chosen, ...values.map((one) => one.value)])] : undefined)
    if (open) placeBelow(button.current, panel.current)
  }
  const counts = new Map(values.map((one) => [one.value, one.impressions]))
  const offered = (order ?? []).filter((value) => value.toLowerCase().includes(search.toLowerCase()))
  const title =
    chosen.length === 0 ? all : chosen.length === 1 ? visibleText(chosen[0] ?? '') : `${chosen.length} ${plural}`
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={order !== undefined}
        aria-label={`${name}: ${chosen.length === 0 ? 'all' : chosen.map(visibleText).join(', ')}`}
        className={`${chosen.length > 0 ? chosenButton : quietButton} min-w-0 max-w-44 shrink-0 max-sm:max-w-28`}
      >
        <span className={`truncate ${chosen.length === 0 && short !== undefined ? 'max-sm:hidden' : ''}`}>{title}</span>
        {chosen.length === 0 && short !== undefined && <span className="sm:hidden">{short}</span>}
        <Icon name="chevron" className="size-3.5" />
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={`Choose ${plural}`}
        onToggle={(event) => toggled(event.newState === 'open')}
        className="fixed m-0 w-72 max-w-[calc(100vw-16px)] rounded-lg border border-edge bg-raised p-1.5 text-text shadow-xl shadow-black/15"
      >
        {order !== undefined && order.length > searchableFrom && <Search {...{ plural, search, setSearch }} />}
        <Values {...{ offered, counts, chosen, choose, plural }} />
        <Foot chosen={chosen.length} other={other} clear={() => choose([])} />
      </div>
    </>
  )
}

type SearchProps = {
  readonly plural: string
  readonly search: string
  readonly setSearch: (text: string) => void
}

function Search({ plural, search, setSearch }: SearchProps) {
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the panel was opened to find a value
      autoFocus
      type="search"
      aria-label={`Search ${plural}`}
      placeholder={`Search ${plural}`}
      value={search}
      onChange={(event) => setSearch(event.target.value)}
      className="mb-1.5 h-7 w-full rounded-md border border-edge bg-bg px-2 max-sm:h-10"
    />
  )
}

type ValuesProps = Pick<Props, 'chosen' | 'choose' | 'plural'> & {
  readonly offered: readonly string[]
  readonly counts: ReadonlyMap<string, number | undefined>
}

function Values({ offered, counts, chosen, choose, plural }: ValuesProps) {
  const toggle = (value: string) =>
    choose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
  if (offered.length === 0) return <p className="px-2 py-3 text-muted">No {plural} in the last minute</p>
  return (
    <ul className="thin-scroll max-h-80 overflow-y-auto">
      {offered.map((value) => (
        <li key={value}>
          <label className="flex h-7 cursor-pointer items-center gap-2 rounded-md px-2 hover:bg-hover max-sm:h-11">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
              className="size-3.5 accent-accent"
            />
            <span className="min-w-0 flex-1 truncate" title={visibleText(value)}>
              <Shown text={value} />
            </span>
            <CountOf impressions={counts.get(value)} />
          </label>
        </li>
      ))}
    </ul>
  )
}

/** An environment that is not chosen is not counted either, which is no 0. */
function CountOf({ impressions }: { readonly impressions: number | undefined }) {
  if (impressions === undefined)
    return (
      <span className="text-muted" title="Counted once it is chosen">
        —
      </span>
    )
  return <span className="text-muted tabular-nums">{count(impressions)}</span>
}

function Foot({
  chosen,
  other,
  clear,
}: {
  readonly chosen: number
  readonly other: number
  readonly clear: () => void
}) {
  return (
    <div className="mt-1 flex h-8 items-center justify-between border-line border-t px-2 pt-1 text-muted text-xs">
      <span>{other > 0 ? `and ${count(other)} of other values · last minute` : 'Impressions of the last minute'}</span>
      {chosen > 0 && (
        <button type="button" className="rounded px-1.5 font-medium text-accent hover:underline" onClick={clear}>
          Clear
        </button>
      )}
    </div>
  )
}
