import { type FocusEvent, memo, useRef, useState } from 'react'
import type { DisplayStore } from '../display/store.ts'
import { Icon } from '../Icon.tsx'
import { plainButton } from '../styles.ts'
import { FacetEdge } from './FacetEdge.tsx'
import { Facets, type FacetsProps } from './Facets.tsx'

type Props = Omit<FacetsProps, 'frozen'> & {
  readonly hide: () => void
  readonly px: number
  readonly displays: DisplayStore
}

/** The facets beside the rows. Nothing in them moves while the pointer or the focus is inside. */
export const FacetRail = memo(function FacetRail({ hide, px, displays, ...facets }: Props) {
  const rail = useRef<HTMLElement>(null)
  const [pointed, setPointed] = useState(false)
  const [focused, setFocused] = useState(false)
  const leave = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setFocused(false)
  }
  return (
    <aside
      ref={rail}
      aria-label="Facets"
      style={{ width: px }}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={leave}
      className="relative flex shrink-0 flex-col border-line border-r bg-surface"
    >
      <div className="flex h-8 shrink-0 items-center justify-between border-line border-b pr-1 pl-3 text-muted text-xs">
        <h2 title="Impressions of the chosen environments, before the rest of the filter">
          Last 60 s, before the filter
        </h2>
        <button
          type="button"
          className={plainButton}
          aria-label="Hide the facets"
          title="Hide the facets  ["
          onClick={hide}
        >
          <Icon name="fold" className="size-3.5" />
        </button>
      </div>
      <Facets {...facets} frozen={pointed || focused} />
      <p className="border-line border-t px-3 py-1.5 text-[11px] text-muted leading-4">
        Click only this · Ctrl adds · − excludes
      </p>
      <FacetEdge px={px} displays={displays} rail={rail} />
    </aside>
  )
})
