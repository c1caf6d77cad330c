import type { ReactNode } from 'react'
import { visibleParts } from './visible-text.ts'

/** A field's text, with what the eye cannot see spelled out. Text nodes only. */
export function Shown({ text }: { readonly text: string }) {
  return shown(text)
}

/** The same without an element of its own, for where hundreds are painted at a time: most texts are shown as they are. */
export function shown(text: string): ReactNode {
  const parts = visibleParts(text)
  if (parts.every((part) => part.kind === 'plain')) return text
  return parts.map((part, index) =>
    part.kind === 'plain' ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity, and never move
      <span key={index} className="escape">
        {part.text}
      </span>
    ),
  )
}
