import { useState } from 'react'
import type { TailStore } from '../tail/store.ts'
import { type Draft, draftAtEnd, leaveDraft, typedTerm } from './draft.ts'
import { rememberQuery } from './recent-queries.ts'

export type DraftActs = {
  /** The text and the caret are here now; the rows follow at once. */
  readonly change: (draft: Draft) => void
  /** Nothing is being typed any more. */
  readonly leave: () => void
}

/** Where the caret is in the filter; whatever else changes the text leaves it behind all chips. */
export function useDraft(store: TailStore, text: string): readonly [Draft, DraftActs] {
  const [kept, setKept] = useState(() => draftAtEnd(text))
  const draft = kept.text === text ? kept : draftAtEnd(text)
  const change = (next: Draft): void => {
    setKept(next)
    store.setText(next.text, typedTerm(next))
  }
  const leave = (): void => {
    const left = leaveDraft(draft)
    setKept(left)
    store.setText(left.text)
    rememberQuery(left.text)
  }
  return [draft, { change, leave }]
}
