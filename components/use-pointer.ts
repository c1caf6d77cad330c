import { type PointerEvent, useMemo, useRef, useState } from 'react'
import { lineIndex } from './RowSlot.tsx'
import type { TailStore } from './tail/store.ts'

/** Follows the pointer over the rows: they stand still under it, and the line beneath offers its buttons. */
export function usePointer(store: TailStore) {
  const [hovered, setHovered] = useState<number>()
  const last = useRef({ x: Number.NaN, y: Number.NaN })
  const events = useMemo(
    () => ({
      onPointerMove: (event: PointerEvent) => {
        const { clientX: x, clientY: y, pointerType } = event
        if (pointerType === 'touch' || (x === last.current.x && y === last.current.y)) return
        last.current = { x, y }
        const target = event.target as Element
        store.reader.point(target.closest('[data-act]') ? 'button' : 'mouse')
        const line = target.closest('[data-id]')
        setHovered(line ? lineIndex(line.id) : undefined)
      },
      onPointerLeave: (event: PointerEvent) => {
        if (event.pointerType === 'touch') return
        setHovered(undefined)
        store.reader.pointerLeft()
      },
      onPointerDown: (event: PointerEvent) => {
        if (event.pointerType === 'touch') store.reader.point('touch')
      },
    }),
    [store],
  )
  return { hovered, events }
}
