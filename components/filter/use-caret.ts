import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { Draft } from './draft.ts'

/** Takes a draft and where its caret is to be, counted from where the raw part begins; returns the draft. */
export type Put = (next: { readonly draft: Draft; readonly caret: number | 'all' }) => Draft

/** Puts the caret where a draft wants it, once the draft is on the screen. */
export function useCaret(input: RefObject<HTMLInputElement | null>): Put {
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
