import { type MouseEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import type { Spot } from './Menu.tsx'
import { lineIndex } from './RowSlot.tsx'
import type { TailStore } from './tail/store.ts'

const longPressMs = 500
/** A finger is never quite still. */
const stillPx = 10

/**
 * Follows the pointer over the rows: they stand still under it, the line beneath offers its buttons, and a right click or a
 * long press asks for the menu of a cell.
 */
export function usePointer(store: TailStore, openMenu: (cell: Element, at: Spot) => void) {
  const [hovered, setHovered] = useState<number>()
  const last = useRef({ x: Number.NaN, y: Number.NaN })
  const press = useRef(new LongPress())
  const events = useMemo(
    () => ({
      onPointerMove: (event: PointerEvent) => {
        const { clientX: x, clientY: y, pointerType } = event
        if (pointerType === 'touch') return press.current.move({ x, y })
        if (x === last.current.x && y === last.current.y) return
        last.current = { x, y }
        const target = event.target as Element
        store.reader.point(target.closest('[data-act]') ? 'button' : 'mouse')
        const line = target.closest('[data-id]')
        setHovered(line ? lineIndex(line.id) : undefined)
      },
      onPointerLeave: (event: PointerEvent) => {
        press.current.end()
        if (event.pointerType === 'touch') return
        setHovered(undefined)
        store.reader.pointerLeft()
      },
      onPointerDown: (event: PointerEvent) => {
        const { target, pointerType, clientX: x, clientY: y } = event
        // what a click is about to hit may not go on moving between press and release
        store.reader.point(pointerType === 'touch' ? 'touch' : 'button')
        if (pointerType === 'touch') press.current.begin({ x, y }, () => openMenu(target as Element, { x, y }))
      },
      onPointerUp: () => press.current.end(),
      onPointerCancel: () => press.current.end(),
      onClickCapture: (event: MouseEvent) => {
        if (press.current.done) event.stopPropagation() // the finger that opened the menu is lifted
      },
      onContextMenu: (event: MouseEvent) => {
        event.preventDefault()
        openMenu(event.target as Element, { x: event.clientX, y: event.clientY })
      },
    }),
    [store, openMenu],
  )
  return { hovered, events }
}

/** A finger that rests on one place. */
class LongPress {
  /** It rested, and what had to be done for that was done. */
  done = false
  #at: Spot = { x: 0, y: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined

  begin(at: Spot, run: () => void): void {
    this.end()
    this.done = false
    this.#at = at
    this.#timer = setTimeout(() => {
      this.done = true
      run()
    }, longPressMs)
  }

  move({ x, y }: Spot): void {
    if (Math.hypot(x - this.#at.x, y - this.#at.y) > stillPx) this.end()
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
