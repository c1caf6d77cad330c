import type { KeyboardEvent, RefObject } from 'react'
import { chipsOf, type Draft, editAll, removeChip } from './draft.ts'
import type { Suggestion } from './suggestions.ts'
import type { Put } from './use-caret.ts'
import type { DraftActs } from './use-draft.ts'
import type { Offer } from './use-suggestions.ts'

/** The element that holds the chips and the text between them. */
export type Line = RefObject<HTMLElement | null>

export type KeyParts = {
  readonly draft: Draft
  readonly acts: DraftActs
  readonly offer: Offer
  readonly put: Put
  readonly pick: (suggestion: Suggestion) => void
  readonly line: Line
}

/** Keys in the filter's text. One that means nothing here keeps its own meaning. */
export function press(event: KeyboardEvent<HTMLInputElement>, parts: KeyParts): void {
  if (event.nativeEvent.isComposing || !pressed(event, parts)) return
  event.preventDefault()
}

/** To the next chip or to the text, whichever is the neighbour on that side. */
export function moveFrom(from: HTMLElement, by: -1 | 1, line: Line): void {
  const stops = [...(line.current?.querySelectorAll<HTMLElement>('[data-chip], input') ?? [])]
  stops[stops.indexOf(from) + by]?.focus()
}

function pressed(event: KeyboardEvent<HTMLInputElement>, parts: KeyParts): boolean {
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

/** At the edge of the text its neighbours are reached, and the one before it is taken away. */
function pressedAtEdge(key: string, input: HTMLInputElement, { draft, acts, put, line }: KeyParts): boolean {
  const { selectionStart, selectionEnd, value } = input
  if (selectionStart !== selectionEnd) return false
  const last = chipsOf(draft).before.at(-1)
  if (key === 'Backspace' && selectionStart === 0 && last)
    acts.change(put({ draft: removeChip(draft, last), caret: 0 }))
  else if (key === 'ArrowLeft' && selectionStart === 0) moveFrom(input, -1, line)
  else if (key === 'ArrowRight' && selectionStart === value.length) moveFrom(input, 1, line)
  else return false
  return true
}
