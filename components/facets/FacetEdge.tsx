import type { KeyboardEvent, PointerEvent, RefObject } from 'react'
import { stepPx } from '../column-widths.ts'
import { facetsWidth, facetsWidthOf } from '../display/display.ts'
import type { DisplayStore } from '../display/store.ts'

type Props = {
  readonly px: number
  readonly displays: DisplayStore
  readonly rail: RefObject<HTMLElement | null>
}

/** The facets' edge: dragged, or stepped by keys, it makes them wider and narrower; a double click makes them as usual. */
export function FacetEdge({ px, displays, rail }: Props) {
  const set = (wanted: number) => displays.set({ facetsPx: facetsWidthOf(wanted) })
  const press = (event: KeyboardEvent) => {
    const wanted = widthAfter(event, px)
    if (wanted === undefined) return
    event.preventDefault()
    set(wanted)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved; a rule cannot be
    <div
      role="separator"
      aria-label="Width of the facets"
      aria-orientation="vertical"
      aria-valuemin={facetsWidth.leastPx}
      aria-valuemax={facetsWidth.mostPx}
      aria-valuenow={px}
      aria-valuetext={`${px} pixels`}
      tabIndex={0}
      title="Drag to resize · double click for the usual width"
      onKeyDown={press}
      onPointerDown={(event) => drag(event, rail.current, set)}
      onMouseDown={(event) => event.preventDefault()} // a drag takes no focus: arrows would go on to mean the edge
      onDoubleClick={() => set(facetsWidth.usualPx)}
      className="absolute inset-y-0 -right-[6px] z-20 w-[11px] cursor-col-resize touch-none rounded-sm after:absolute after:inset-y-0 after:left-1 after:w-0.5 hover:after:bg-accent focus-visible:after:bg-accent active:after:bg-accent"
    />
  )
}

function widthAfter({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, px: number): number | undefined {
  if (altKey || ctrlKey || metaKey) return undefined
  switch (key) {
    case 'ArrowLeft':
      return px - stepPx
    case 'ArrowRight':
      return px + stepPx
    case 'Home':
      return facetsWidth.leastPx
    case 'End':
      return facetsWidth.mostPx
    default:
      return undefined
  }
}

/** While it is dragged only the element is different; the display is set, and kept, when it is let go. */
function drag(event: PointerEvent<HTMLElement>, rail: HTMLElement | null, set: (px: number) => void): void {
  if (event.button !== 0 || !rail) return
  const edge = event.currentTarget
  event.preventDefault()
  edge.setPointerCapture(event.pointerId)
  const fromPx = rail.offsetWidth - event.clientX
  const done = new AbortController()
  const { signal } = done
  const move = ({ clientX }: { readonly clientX: number }) => {
    rail.style.width = `${facetsWidthOf(fromPx + clientX)}px`
  }
  const end = ({ clientX }: { readonly clientX: number }) => {
    done.abort()
    if (clientX !== event.clientX) set(fromPx + clientX)
  }
  edge.addEventListener('pointermove', move, { signal })
  edge.addEventListener('pointerup', end, { signal })
  edge.addEventListener('pointercancel', () => end(event), { signal })
}
