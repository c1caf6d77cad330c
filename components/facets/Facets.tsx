import { type KeyboardEvent, memo, useState } from 'react'
import { keep, readKept } from '../display/kept.ts'
import type { Search } from '../tail/search.ts'
import type { TailStore } from '../tail/store.ts'
import { FacetGroup } from './FacetGroup.tsx'
import { actOn, type FacetFacts, facetFields } from './facet-fields.ts'

export type FacetsProps = Omit<FacetFacts, 'filter'> & {
  readonly store: TailStore
  readonly search: Search
  /** Somebody is in here. */
  readonly frozen: boolean
}

const foldedName = 'folded-facets'

/** What came in the last minute, by field, before the filter; a click narrows to it. */
export const Facets = memo(function Facets({ store, search, facets, environments, frozen }: FacetsProps) {
  const [folded, setFolded] = useState(readFolded)
  const [more, setMore] = useState<string>()
  const facts = { facets, environments, filter: search.filter }
  const fold = (field: string, isFolded: boolean): void => {
    const next = isFolded ? [...folded, field] : folded.filter((one) => one !== field)
    keep(foldedName, next)
    setFolded(next)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside, which have their roles
    <div onKeyDown={moveFocus} className="thin-scroll min-h-0 flex-1 overflow-y-auto">
      {facetFields.map((field) => (
        <FacetGroup
          key={field.field}
          field={field}
          facts={facts}
          frozen={frozen}
          folded={folded.includes(field.field)}
          fold={(isFolded) => fold(field.field, isFolded)}
          more={more === field.field}
          showMore={(isMore) => setMore(isMore ? field.field : undefined)}
          act={(of, act, value, chosen) => store.setText(actOn(search.text, of, act, value, chosen))}
        />
      ))}
    </div>
  )
})

function readFolded(): readonly string[] {
  const kept = readKept(foldedName)
  return Array.isArray(kept) ? kept.filter((field) => typeof field === 'string') : []
}

/** ↑ ↓ through headings and values, → to what excludes the value and ← back; − excludes, with Ctrl or ⌘ Enter adds. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const { key, currentTarget, target } = event
  if (!(target instanceof HTMLButtonElement)) return
  const line = target.closest('li')
  const value = line?.querySelector<HTMLElement>('[data-stop]')
  const exclude = line?.querySelector<HTMLElement>('[data-exclude]')
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const stops = [...currentTarget.querySelectorAll<HTMLElement>('[data-stop]')]
    stops[stops.indexOf(value ?? target) + (key === 'ArrowDown' ? 1 : -1)]?.focus()
  } else if (key === 'ArrowRight') exclude?.focus()
  else if (key === 'ArrowLeft') value?.focus()
  else if (key === '-') exclude?.click()
  else if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    value?.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }))
  } else return
  event.preventDefault()
}
