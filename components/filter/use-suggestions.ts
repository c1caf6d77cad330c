import { useRef, useState } from 'react'
import type { FacetFacts } from '../facets/facet-fields.ts'
import { recentQueries } from './recent-queries.ts'
import { type Suggestion, type SuggestionGroup, suggestionsFor } from './suggestions.ts'

export type Offer = {
  readonly groups: readonly SuggestionGroup[]
  readonly shown: boolean
  readonly active: number
  readonly chosen: Suggestion | undefined
  readonly open: () => void
  readonly close: () => void
  readonly move: (by: -1 | 1) => void
}

type Made = { readonly raw: string; readonly known: boolean; readonly groups: readonly SuggestionGroup[] }

/** What is offered for the raw text, made anew when it changes and not before: nothing moves under a finger or a pointer. */
export function useSuggestions(raw: string, facts: FacetFacts): Offer {
  const [opened, setOpened] = useState(false)
  const [active, setActive] = useState({ raw, index: -1 })
  const made = useRef<Made>(undefined)
  const known = facts.facets !== undefined
  if (opened && (made.current?.raw !== raw || made.current.known !== known)) {
    made.current = { raw, known, groups: suggestionsFor(raw, facts, recentQueries()) }
  }
  const groups = opened ? (made.current?.groups ?? []) : []
  const all = groups.flatMap(({ suggestions }) => suggestions)
  const index = active.raw === raw && opened ? active.index : -1
  const move = (by: -1 | 1): void => {
    setOpened(true)
    const next = index + by
    setActive({ raw, index: next < -1 ? all.length - 1 : next >= all.length ? -1 : next })
  }
  const close = (): void => {
    setOpened(false)
    made.current = undefined
  }
  return {
    groups,
    shown: groups.length > 0,
    active: index,
    chosen: all[index],
    open: () => setOpened(true),
    close,
    move,
  }
}
