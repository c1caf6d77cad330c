import type { RefObject } from 'react'
import { CopyButton } from './CopyButton.tsx'
import { FilterBox } from './filter/FilterBox.tsx'
import { Icon } from './Icon.tsx'
import { linkOf } from './link.ts'
import { chosenButton, quietButton } from './styles.ts'
import { count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

type Props = {
  readonly store: TailStore
  readonly view: View
  readonly input: RefObject<HTMLInputElement | null>
  readonly toggleFacets: () => void
  /** The facets stand beside the rows where there is room for them. */
  readonly besideRows: boolean
}

/** The filter, how much matches it, and what can be done with it. */
export function QueryBar({ store, view, input, toggleFacets, besideRows }: Props) {
  const { search, facets, environments, settled, matched, began } = view
  return (
    <search className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 max-sm:px-3 max-sm:py-2">
      <div className="relative flex h-8 min-w-0 flex-1 basis-64 items-center rounded-md border border-edge bg-raised pr-2 focus-within:border-accent max-sm:h-11 max-sm:basis-full">
        <FilterBox store={store} search={search} facets={facets} environments={environments} input={input} />
        <MatchCount settled={settled} matched={matched} older={began.older} />
      </div>
      <div className="flex items-center gap-2">
        <FacetsButton terms={search.filter.terms.length} besideRows={besideRows} open={toggleFacets} />
        <CopyButton
          label="Copy link to this view"
          text="Copy link"
          className={quietButton}
          value={() => linkOf(view)}
        />
      </div>
    </search>
  )
}

type ButtonProps = { readonly terms: number; readonly besideRows: boolean; readonly open: () => void }

/** Where the facets do not stand beside the rows, this brings them. */
function FacetsButton({ terms, besideRows, open }: ButtonProps) {
  return (
    <button
      type="button"
      aria-keyshortcuts="["
      onClick={open}
      className={`${terms > 0 ? chosenButton : quietButton} max-sm:h-11 ${besideRows ? 'wide:hidden' : ''}`}
    >
      <Icon name="funnel" className="size-3.5" />
      Filters{terms > 0 && ` (${terms})`}
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
      <span className="text-muted">{settled && older ? 'matched, older not counted' : 'matched'}</span>
    </p>
  )
}
