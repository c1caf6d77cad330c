import type { RefObject } from 'react'
import { ExportButton } from './export/ExportButton.tsx'
import { FilterBox } from './filter/FilterBox.tsx'
import { Icon } from './Icon.tsx'
import { chosenButton, quietButton, strongButton } from './styles.ts'
import { count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'
import { ViewActions, type ViewActionsProps } from './ViewActions.tsx'

type Props = Omit<ViewActionsProps, 'text'> & {
  readonly view: View
  readonly store: TailStore
  readonly input: RefObject<HTMLInputElement | null>
  readonly toggleFacets: () => void
}

/** The filter, how much matches it, and what can be done with it; on a small screen the drawer has the rest. */
export function QueryBar({ store, view, input, toggleFacets, ...actions }: Props) {
  const { search, facets, environments, settled, matched, began } = view
  return (
    <search className="flex min-h-11 items-center gap-2 border-line border-b px-4 max-sm:px-3 max-sm:py-2">
      <div className="filter-bar group/bar relative flex h-8 min-w-0 flex-1 items-center rounded-md border border-edge bg-raised pr-2 focus-within:border-accent max-sm:h-12">
        <FilterBox store={store} search={search} facets={facets} environments={environments} input={input} />
        <MatchCount settled={settled} matched={matched} older={began.older} />
        <button type="button" className={`${strongButton} editing sm:hidden`} onClick={leave}>
          Done
        </button>
      </div>
      <FacetsButton terms={search.filter.terms.length} besideRows={actions.display.facets} open={toggleFacets} />
      <div className="flex items-center gap-2 max-sm:hidden">
        <ViewActions {...actions} text={search.text} />
      </div>
      <ExportButton store={store} />
    </search>
  )
}

/** On a small screen whoever edits the filter sees nothing else, until it loses the focus. */
function leave(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

type ButtonProps = { readonly terms: number; readonly besideRows: boolean; readonly open: () => void }

/** Where the facets do not stand beside the rows, this brings them. */
function FacetsButton({ terms, besideRows, open }: ButtonProps) {
  return (
    <button
      type="button"
      aria-keyshortcuts="["
      onClick={open}
      className={`${terms > 0 ? chosenButton : quietButton} shrink-0 ${besideRows ? 'wide:hidden' : ''}`}
    >
      <Icon name="funnel" className="size-3.5" />
      <span className="max-sm:sr-only">Filters</span>
      {terms > 0 && <span className="tabular-nums">({terms})</span>}
    </button>
  )
}

type CountProps = Pick<View, 'settled' | 'matched'> & { readonly older: boolean }

function MatchCount({ settled, matched, older }: CountProps) {
  const title = older
    ? 'Impressions that matched since this filter was set, and the newest of the log before. The log has older ones, which are not counted'
    : 'Impressions that matched since this filter was set, and those of the log before, all counted, whether or not their rows are shown'
  return (
    <p title={title} className={`shrink-0 border-line border-l pl-2 tabular-nums ${settled ? '' : 'text-muted'}`}>
      <b className="font-semibold" data-testid="matched">
        {settled ? count(matched) : '…'}
      </b>{' '}
      <span className="text-muted max-sm:sr-only">{settled && older ? 'matched, older not counted' : 'matched'}</span>
    </p>
  )
}
