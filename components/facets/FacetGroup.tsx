import { type CSSProperties, type MouseEvent, memo, useRef, useState } from 'react'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { TreatmentGlyph } from '../Treatment.tsx'
import { count } from '../tail/numbers.ts'
import { visibleText } from '../visible-text.ts'
import {
  type FacetAct,
  type FacetFacts,
  type FacetField,
  type FacetValue,
  facetValues,
  inOrder,
} from './facet-fields.ts'

type Props = {
  readonly field: FacetField
  readonly facts: FacetFacts
  /** Somebody is in the rail: numbers change, places do not. */
  readonly frozen: boolean
  readonly folded: boolean
  readonly fold: (folded: boolean) => void
  readonly more: boolean
  readonly showMore: (more: boolean) => void
  readonly act: (field: FacetField, act: FacetAct, value: FacetValue, chosen: readonly string[]) => void
}

const few = 8
const many = 50

/** The values of one field with their impressions of the last minute. */
export function FacetGroup({ field, facts, frozen, folded, fold, more, showMore, act }: Props) {
  const values = useOrdered(field, facts, frozen)
  const [search, setSearch] = useState('')
  const chosen = values.filter(({ mark }) => mark === 'only').map(({ value }) => value)
  const named = values.filter(({ mark }) => mark !== 'none').length
  const found = search === '' ? values : values.filter(({ value }) => has(value, search))
  const most = more || search !== '' ? many : few
  const shown = found.filter(({ mark }, index) => index < most || mark !== 'none')
  const largest = Math.max(1, ...values.map(({ impressions }) => impressions ?? 0))
  return (
    <section aria-label={field.title} className="border-line border-b py-1">
      <h3>
        <button
          type="button"
          data-stop=""
          aria-expanded={!folded}
          onClick={() => fold(!folded)}
          className="flex h-7 w-full items-center gap-1.5 px-3 font-medium -outline-offset-2 hover:bg-hover max-wide:h-11"
        >
          <Icon name="chevron" className={`size-3 text-muted ${folded ? '-rotate-90' : ''}`} />
          {field.title}
          <span className="font-normal text-muted tabular-nums">{count(values.length)}</span>
          {named > 0 && (
            <span className="ml-auto rounded bg-chosen px-1.5 text-[11px] text-accent leading-4">{named} set</span>
          )}
        </button>
      </h3>
      {!folded && values.length > few && <Search plural={field.plural} text={search} search={setSearch} />}
      {!folded && (
        <ul>
          {shown.map((value) => (
            <Value
              key={value.value}
              field={field}
              value={value}
              share={(value.impressions ?? 0) / largest}
              chosen={chosen}
              act={act}
            />
          ))}
        </ul>
      )}
      {!folded && (
        <Foot
          {...{ field, facts, found: found.length, shown: shown.length, more, searching: search !== '', showMore }}
        />
      )}
    </section>
  )
}

/** Largest first, but for a rail that somebody is in. */
function useOrdered(field: FacetField, facts: FacetFacts, frozen: boolean): readonly FacetValue[] {
  const order = useRef<readonly string[]>([])
  const values = facetValues(field, facts)
  const ordered = frozen ? inOrder(values, order.current) : values
  order.current = ordered.map(({ value }) => value)
  return ordered
}

type SearchProps = { readonly plural: string; readonly text: string; readonly search: (text: string) => void }

function Search({ plural, text, search }: SearchProps) {
  return (
    <div className="px-3 pb-1">
      <input
        type="search"
        aria-label={`Search ${plural}`}
        placeholder={`Search ${plural}`}
        value={text}
        onChange={(event) => search(event.target.value)}
        className="h-6 w-full rounded border border-line bg-bg px-2 text-xs focus:border-accent max-wide:h-11 max-wide:text-base"
      />
    </div>
  )
}

type ValueProps = Pick<Props, 'field' | 'act'> & {
  readonly value: FacetValue
  /** Of the largest. */
  readonly share: number
  readonly chosen: readonly string[]
}

const grounds = { none: '', only: 'bg-chosen', without: 'text-muted line-through' } as const

function Value({ field, value, share, chosen, act }: ValueProps) {
  const name = visibleText(value.value)
  const { mark, impressions } = value
  const click = (event: MouseEvent) => act(field, event.metaKey || event.ctrlKey ? 'add' : 'only', value, chosen)
  return (
    <li
      className={`group flex h-6 items-center pr-1.5 hover:bg-hover max-wide:h-11 ${mark === 'only' ? 'bg-chosen' : ''}`}
    >
      <button
        type="button"
        data-stop="value"
        tabIndex={-1}
        aria-pressed={mark === 'only'}
        aria-label={`${name}, ${impressions === undefined ? 'not counted' : count(impressions)}${mark === 'without' ? ', excluded' : ''}`}
        aria-keyshortcuts="Enter Control+Enter -"
        title={name}
        onClick={click}
        className="flex h-full min-w-0 flex-1 items-center gap-1.5 pl-3 text-left text-[12.5px] -outline-offset-2"
      >
        <Mark field={field} value={value} />
        <span
          className={`min-w-0 flex-1 truncate ${grounds[mark === 'only' ? 'none' : mark]} ${mark === 'only' ? 'font-medium' : ''}`}
        >
          <Shown text={value.value} />
        </span>
        <span
          className="facet-bar shrink-0 pr-1 text-right text-muted text-xs tabular-nums leading-5"
          style={shareOf(share)}
        >
          {impressions === undefined ? '—' : count(impressions)}
        </span>
      </button>
      <button
        type="button"
        data-exclude=""
        tabIndex={-1}
        aria-label={mark === 'without' ? `No longer without ${name}` : `Without ${field.title} ${name}`}
        title={mark === 'without' ? 'No longer exclude it' : 'Exclude it'}
        onClick={() => act(field, 'exclude', value, chosen)}
        className="facet-exclude grid size-6 shrink-0 place-content-center rounded text-muted opacity-0 hover:text-accent focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 max-wide:size-11 max-wide:opacity-100"
      />
    </li>
  )
}

/** What is chosen has a sign as well as a colour. */
function Mark({ field, value: { value, mark } }: Pick<ValueProps, 'field' | 'value'>) {
  return (
    <>
      {mark === 'only' && <Icon name="check" className="size-3 text-accent" />}
      {mark === 'without' && <Icon name="exclude" className="size-3 text-caution" />}
      {field.field === 'treatment' && <TreatmentGlyph treatment={value} />}
    </>
  )
}

type FootProps = Pick<Props, 'field' | 'facts' | 'more' | 'showMore'> & {
  readonly found: number
  readonly shown: number
  readonly searching: boolean
}

/** What of the field is not in sight. */
const Foot = memo(function Foot({ field, facts, found, shown, more, searching, showMore }: FootProps) {
  const other = facts.facets?.[field.facet].other ?? 0
  const hidden = found - shown
  const line = 'flex h-6 items-center px-3 text-xs max-wide:h-11'
  return (
    <>
      {found === 0 && (
        <p className={`${line} text-muted`}>{searching ? 'None is called that' : 'None in the last minute'}</p>
      )}
      {!searching && (hidden > 0 || more) && (
        <button
          type="button"
          data-stop=""
          tabIndex={-1}
          onClick={() => showMore(!more)}
          className={`${line} w-full font-medium text-accent -outline-offset-2 hover:underline`}
        >
          {more ? 'Show fewer' : `Show ${count(Math.min(hidden, many - few))} more`}
        </button>
      )}
      {(more || searching) && hidden > 0 && (
        <p className={`${line} text-muted`}>{count(hidden)} more: search for them</p>
      )}
      {other > 0 && <p className={`${line} text-muted`}>and {count(other)} of other values</p>}
    </>
  )
})

function shareOf(share: number): CSSProperties {
  return Object.fromEntries([['--share', `${Math.round(share * 100)}%`]])
}

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}
