import {
  type KeyboardEvent,
  lazy,
  memo,
  type RefObject,
  Suspense,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react'
import type { FilterError } from '../../domain/filter/filter.ts'
import type { FacetFacts } from '../facets/facet-fields.ts'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import type { Search } from '../tail/search.ts'
import type { TailStore } from '../tail/store.ts'
import {
  chipsOf,
  completeWith,
  type Draft,
  draftAtEnd,
  editAll,
  editChip,
  flipChip,
  rawOf,
  removeChip,
  typeInto,
} from './draft.ts'
import { type ChipActs, FilterChip } from './FilterChip.tsx'
import { optionId } from './option-id.ts'
import { rememberQuery } from './recent-queries.ts'
import type { Suggestion } from './suggestions.ts'
import { type DraftActs, useDraft } from './use-draft.ts'
import { type Offer, useSuggestions } from './use-suggestions.ts'

const Suggestions = lazy(async () => ({ default: (await import('./Suggestions.tsx')).Suggestions }))

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
  const raw = rawOf(draft)
  const chips = useMemo(() => chipsOf(draft), [draft])
  const offer = useSuggestions(raw, { facets, environments, filter: search.filter })
  const put = useCaret(input)
  const pick = (suggestion: Suggestion): void => {
    if (suggestion.kind === 'field') acts.change(put(typeInto(draft, suggestion.raw, suggestion.raw.length)))
    else {
      const next = suggestion.kind === 'query' ? draftAtEnd(suggestion.text) : completeWith(draft, suggestion.raw)
      acts.change(next)
      rememberQuery(next.text)
      offer.close()
    }
  }
  const chipActs = useChipActs({ draft, acts, put, line })
  const { error } = search
  const wrong = error !== undefined && !hasMistake([...chips.before, ...chips.after])
  return (
    <div className="flex h-full min-w-0 flex-1 items-center pl-2">
      <Icon name="search" className="mr-1.5 size-3.5 text-muted" />
      <div
        ref={line}
        data-testid="filter"
        data-text={search.text}
        className="flex h-full min-w-0 flex-1 items-center gap-1 overflow-x-auto [scrollbar-width:none]"
      >
        {chips.before.map((chip, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a chip is the term at its place; turned round it keeps the focus
          <FilterChip key={index} chip={chip} acts={chipActs} />
        ))}
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Filter"
          aria-expanded={offer.shown}
          aria-controls={offer.shown ? id : undefined}
          aria-activedescendant={offer.active < 0 ? undefined : optionId(id, offer.active)}
          aria-autocomplete="list"
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-help ${error ? `${id}-error` : ''}`}
          aria-keyshortcuts="/"
          placeholder={search.text === '' ? 'Filter: flag:checkout treatment:on key:user-42 or any word' : ''}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={raw}
          onChange={({ currentTarget: { value, selectionStart } }) => {
            offer.open()
            acts.change(put(typeInto(draft, value, selectionStart ?? value.length)))
          }}
          onClick={offer.open}
          onFocus={offer.open}
          onBlur={() => {
            offer.close()
            acts.leave()
          }}
          onKeyDown={(event) => press(event, { draft, acts, offer, put, pick, line })}
          className={`h-full min-w-24 flex-1 text-ellipsis bg-transparent font-mono text-[12.5px] [field-sizing:content] focus-visible:outline-none max-sm:text-base ${wrong ? 'wrong' : ''}`}
        />
        {chips.after.map((chip, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <FilterChip key={index} chip={chip} acts={chipActs} />
        ))}
      </div>
      <span id={`${id}-help`} className="sr-only">
        {chips.before.length + chips.after.length > 0 &&
          'Left arrow reaches the terms, Backspace removes the last one.'}
      </span>
      {search.text !== '' && <ClearButton clear={() => acts.change(put({ draft: draftAtEnd(''), caret: 0 }))} />}
      <div className="absolute top-full left-0 z-40 mt-1 flex max-w-full flex-col items-start gap-1">
        {error && <ErrorText id={`${id}-error`} error={error} />}
        {offer.shown && (
          <Suspense>
            <Suggestions id={id} groups={offer.groups} active={offer.active} pick={pick} />
          </Suspense>
        )}
      </div>
    </div>
  )
})

type Put = (next: { readonly draft: Draft; readonly caret: number | 'all' }) => Draft

/** Puts the caret where a draft wants it, once the draft is on the screen. */
function useCaret(input: Props['input']): Put {
  const wanted = useRef<number | 'all'>(undefined)
  useLayoutEffect(() => {
    const element = input.current
    if (!element || wanted.current === undefined) return
    element.focus()
    if (wanted.current === 'all') element.select()
    else element.setSelectionRange(wanted.current, wanted.current)
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    wanted.current = undefined
  })
  return ({ draft, caret }) => {
    wanted.current = caret
    return draft
  }
}

type Line = RefObject<HTMLDivElement | null>
type ChipParts = { readonly draft: Draft; readonly acts: DraftActs; readonly put: Put; readonly line: Line }

/** The same object for the life of the page, so that a chip is painted only when it is another. */
function useChipActs(parts: ChipParts): ChipActs {
  const now = useRef(parts)
  now.current = parts
  return useMemo((): ChipActs => {
    const change = (next: (draft: Draft) => Draft) => now.current.acts.change(next(now.current.draft))
    const { put } = now.current
    return {
      edit: (chip) => change((draft) => put({ draft: editChip(draft, chip), caret: chip.typed.length })),
      remove: (chip) => change((draft) => put({ draft: removeChip(draft, chip), caret: 0 })),
      flip: (chip) => change((draft) => flipChip(draft, chip)),
      move: (from, by) => moveFrom(from, by, now.current.line),
    }
  }, [])
}

/** To the next chip or to the text, whichever is the neighbour. */
function moveFrom(from: HTMLElement, by: -1 | 1, line: Line): void {
  const stops = [...(line.current?.querySelectorAll<HTMLElement>('[data-chip], input') ?? [])]
  stops[stops.indexOf(from) + by]?.focus()
}

type PressParts = ChipParts & { readonly offer: Offer; readonly pick: (suggestion: Suggestion) => void }

function press(event: KeyboardEvent<HTMLInputElement>, parts: PressParts): void {
  if (event.nativeEvent.isComposing || !pressed(event, parts)) return
  event.preventDefault()
}

/** Does what a key means here; `false` for a key that means nothing but itself. */
function pressed(event: KeyboardEvent<HTMLInputElement>, parts: PressParts): boolean {
  const { draft, acts, offer, put, pick } = parts
  const { key, currentTarget } = event
  if (key === 'ArrowDown' || key === 'ArrowUp') offer.move(key === 'ArrowDown' ? 1 : -1)
  else if ((key === 'Enter' || key === 'Tab') && offer.chosen) pick(offer.chosen)
  else if (key === 'Enter') {
    acts.leave()
    offer.close()
  } else if (key === 'Escape' && offer.shown) offer.close()
  else if (key === 'a' && (event.ctrlKey || event.metaKey)) acts.change(put({ draft: editAll(draft), caret: 'all' }))
  else return pressedAtEdge(key, currentTarget, parts)
  return true
}

/** At the edge of the text the neighbours are reached, and the one before it is taken away. */
function pressedAtEdge(key: string, input: HTMLInputElement, { draft, acts, put, line }: PressParts): boolean {
  const { selectionStart, selectionEnd, value } = input
  if (selectionStart !== selectionEnd) return false
  const last = chipsOf(draft).before.at(-1)
  if (key === 'Backspace' && selectionStart === 0 && last) acts.change(put(withoutLast(draft, last)))
  else if (key === 'ArrowLeft' && selectionStart === 0) moveFrom(input, -1, line)
  else if (key === 'ArrowRight' && selectionStart === value.length) moveFrom(input, 1, line)
  else return false
  return true
}

/** What is being typed stays, and stays where it is. */
function withoutLast(
  draft: Draft,
  last: { readonly start: number; readonly end: number },
): { draft: Draft; caret: number } {
  const raw = rawOf(draft)
  const { text } = removeChip(draft, last)
  const start = draft.start - (draft.text.length - text.length)
  return { draft: { text, start, end: start + raw.length }, caret: 0 }
}

function hasMistake(chips: readonly { readonly read: object }[]): boolean {
  return chips.some(({ read }) => 'error' in read)
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
      className="flex max-w-full items-center gap-2 rounded-md border border-trouble bg-trouble-bg px-2.5 py-1 text-trouble shadow-lg"
    >
      <Icon name="warning" className="size-3.5" />
      <span className="break-words">
        <Shown text={error.message} />
      </span>
    </p>
  )
}
