import { memo, type RefObject, useId, useMemo, useRef } from 'react'
import type { FilterError } from '../../domain/filter/filter.ts'
import type { FacetFacts } from '../facets/facet-fields.ts'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { onlyMasked } from '../tail/masked.ts'
import type { Search } from '../tail/search.ts'
import type { TailStore } from '../tail/store.ts'
import { type Chip, chipsOf, completeWith, draftAtEnd, rawOf, typeInto } from './draft.ts'
import { type ChipActs, FilterChip } from './FilterChip.tsx'
import { FilterText } from './FilterText.tsx'
import { rememberQuery } from './recent-queries.ts'
import { Suggestions } from './Suggestions.tsx'
import type { Suggestion } from './suggestions.ts'
import { useCaret } from './use-caret.ts'
import { useChipActs } from './use-chip-acts.ts'
import { useDraft } from './use-draft.ts'
import { useSuggestions } from './use-suggestions.ts'

type Props = Omit<FacetFacts, 'filter'> & {
  readonly store: TailStore
  readonly search: Search
  readonly input: RefObject<HTMLInputElement | null>
}

/** The filter: every term a chip, but for the one that the caret is in, which is text. */
export const FilterBox = memo(function FilterBox({ store, search, facets, environments, input }: Props) {
  const id = useId()
  const line = useRef<HTMLDivElement>(null)
  const [draft, acts] = useDraft(store, search.text)
  const masked = onlyMasked(environments)
  const { before, after } = useMemo(() => chipsOf(draft, masked), [draft, masked])
  const offer = useSuggestions(rawOf(draft), { facets, environments, filter: search.filter })
  const put = useCaret(input)
  const chipActs = useChipActs({ draft, acts, put, line })
  const { text, error } = search
  const pick = (suggestion: Suggestion): void => {
    if (suggestion.kind === 'field') acts.change(put(typeInto(draft, suggestion.raw, suggestion.raw.length)))
    else {
      const next = suggestion.kind === 'query' ? draftAtEnd(suggestion.text) : completeWith(draft, suggestion.raw)
      acts.change(next)
      rememberQuery(next.text)
      offer.close()
    }
  }
  const elsewhere = [...before, ...after].some(({ read }) => 'error' in read)
  return (
    <div className="filter-box flex h-full min-w-0 flex-1 items-center pl-2">
      <Icon name="search" className="mr-1.5 size-3.5 text-muted" />
      <div
        ref={line}
        data-testid="filter"
        data-text={text}
        className="filter-terms flex h-full min-w-0 flex-1 items-center gap-1 overflow-x-auto [scrollbar-width:none]"
      >
        <Chips chips={before} acts={chipActs} />
        <FilterText
          id={id}
          input={input}
          keys={{ draft, acts, offer, put, pick, line }}
          placeholder={text === '' ? 'Filter: flag:checkout treatment:on key:user-42 or any word' : ''}
          mistake={error === undefined ? 'none' : elsewhere ? 'elsewhere' : 'here'}
        />
        <Chips chips={after} acts={chipActs} />
      </div>
      <span id={`${id}-help`} className="sr-only">
        {before.length + after.length > 0 && 'Left arrow reaches the terms, Backspace removes the last one.'}
      </span>
      {text !== '' && <ClearButton clear={() => acts.change(put({ draft: draftAtEnd(''), caret: 0 }))} />}
      <div className="filter-offers absolute top-full left-0 z-40 mt-1 flex max-w-full flex-col items-start gap-1">
        {error && <ErrorText id={`${id}-error`} error={error} />}
        {offer.shown && <Suggestions id={id} groups={offer.groups} active={offer.active} pick={pick} />}
      </div>
    </div>
  )
})

function Chips({ chips, acts }: { readonly chips: readonly Chip[]; readonly acts: ChipActs }) {
  return chips.map((chip, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a chip is the term at its place; turned round it keeps the focus
    <FilterChip key={index} chip={chip} acts={acts} />
  ))
}

function ClearButton({ clear }: { readonly clear: () => void }) {
  return (
    <button
      type="button"
      aria-label="Clear the filter"
      title="Clear the filter"
      onClick={clear}
      className="grid h-full w-7 shrink-0 place-content-center text-muted hover:text-text max-sm:w-11"
    >
      <Icon name="close" className="size-3.5" />
    </button>
  )
}

function ErrorText({ id, error }: { readonly id: string; readonly error: FilterError }) {
  return (
    <p
      id={id}
      role="alert"
      className="flex max-w-full items-center gap-2 rounded-md border border-trouble bg-trouble-bg px-2.5 py-1 text-trouble leading-5 shadow-lg"
    >
      <Icon name="warning" className="size-3.5" />
      <span className="break-words">
        <Shown text={error.message} />
      </span>
    </p>
  )
}
