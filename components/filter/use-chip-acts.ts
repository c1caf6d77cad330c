import { useMemo, useRef } from 'react'
import { type Draft, editChip, flipChip, rawOf, removeChip } from './draft.ts'
import type { ChipActs } from './FilterChip.tsx'
import { type KeyParts, moveFrom } from './keys.ts'

type Parts = Pick<KeyParts, 'draft' | 'acts' | 'put' | 'line'>

/** The same object for the life of the page, so that a chip is painted only when it is another. */
export function useChipActs(parts: Parts): ChipActs {
  const now = useRef(parts)
  now.current = parts
  return useMemo((): ChipActs => {
    const change = (next: (draft: Draft, put: Parts['put']) => Draft): void => {
      const { draft, acts, put } = now.current
      acts.change(next(draft, put))
    }
    return {
      edit: (chip) => change((draft, put) => put({ draft: editChip(draft, chip), caret: chip.typed.length })),
      remove: (chip) => change((draft, put) => put({ draft: removeChip(draft, chip), caret: rawOf(draft).length })),
      flip: (chip) => change((draft) => flipChip(draft, chip)),
      move: (from, by) => moveFrom(from, by, now.current.line),
    }
  }, [])
}
