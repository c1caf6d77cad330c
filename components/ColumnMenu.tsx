import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { type ColumnName, columnOf, usualColumns } from './columns.ts'
import { offeredOrder, withMoved, withToggled } from './columns-order.ts'
import type { DisplayStore } from './display/store.ts'
import { Icon } from './Icon.tsx'
import { Menu, MenuRule, menuItem, type Spot } from './Menu.tsx'

type Props = {
  readonly displays: DisplayStore
  readonly at: Spot
  readonly close: () => void
}

/** Shows, hides and orders the columns. The order stands still while it is open, but for what is moved. */
export function ColumnMenu({ displays, at, close }: Props) {
  const { columns: shown } = useSyncExternalStore(displays.subscribe, displays.view)
  const [order, setOrder] = useState(() => offeredOrder(shown))
  const [moved, setMoved] = useState<ColumnName>()
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line that was moved in the document has lost the focus
  useLayoutEffect(() => {
    if (moved) list.current?.querySelector<HTMLElement>(`[data-offer="${moved}"]`)?.focus()
  }, [moved, order])
  const move = (name: ColumnName, to: number) => {
    const next = withMoved(order, name, to)
    setOrder(next)
    setMoved(name)
    displays.set({ columns: next.filter((one) => shown.includes(one)) })
  }
  const dragged = useRef<ColumnName>(undefined)
  const grab = (event: PointerEvent<HTMLElement>) => {
    const grip = (event.target as Element).closest('[data-grip]')
    dragged.current = columnOf(grip?.closest<HTMLElement>('[data-offer]')?.dataset.offer ?? '')?.name
    if (dragged.current) event.currentTarget.setPointerCapture(event.pointerId) // the lines themselves move about
  }
  const drag = ({ currentTarget, pointerId, clientY }: PointerEvent<HTMLElement>) => {
    const name = dragged.current
    if (!name || !currentTarget.hasPointerCapture(pointerId)) return
    const { top, height } = currentTarget.getBoundingClientRect()
    const to = Math.min(order.length - 1, Math.max(0, Math.floor(((clientY - top) / height) * order.length)))
    if (to !== order.indexOf(name)) move(name, to)
  }
  const reset = () => {
    setOrder(offeredOrder(usualColumns))
    displays.set({ columns: usualColumns, widths: {} })
  }
  return (
    <Menu label="Columns" at={at} close={close} foot={<Foot moved={moved} place={order.indexOf(moved ?? 'time')} />}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of menu items, not of a form */}
      <div ref={list} role="group" aria-label="Shown columns" onPointerDown={grab} onPointerMove={drag}>
        {order.map((name, index) => (
          <Offer
            key={name}
            name={name}
            shown={shown.includes(name)}
            toggle={() => displays.set({ columns: withToggled(order, shown, name) })}
            move={(to) => move(name, to)}
            index={index}
          />
        ))}
      </div>
      <MenuRule />
      <button type="button" role="menuitem" tabIndex={-1} className={menuItem} onClick={reset}>
        <Icon name="retry" className="size-3.5 text-muted" />
        Reset columns and widths
      </button>
    </Menu>
  )
}

function Foot({ moved, place }: { readonly moved: ColumnName | undefined; readonly place: number }) {
  return (
    <>
      <p className="border-line border-t px-2 pt-1.5 pb-0.5 text-muted text-xs max-sm:hidden">
        Drag or <kbd className="font-sans">Alt ↑ ↓</kbd> to reorder
      </p>
      <p role="status" className="sr-only">
        {moved === undefined ? '' : `${columnOf(moved)?.title} is number ${place + 1}`}
      </p>
    </>
  )
}

type OfferProps = {
  readonly name: ColumnName
  readonly shown: boolean
  readonly index: number
  readonly toggle: () => void
  readonly move: (to: number) => void
}

function Offer({ name, shown, index, toggle, move }: OfferProps) {
  const press = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!event.altKey || step === undefined) return
    event.preventDefault()
    move(index + step)
  }
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={shown}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
      tabIndex={-1}
      data-offer={name}
      className={`${menuItem} group/offer`}
      onClick={toggle}
      onKeyDown={press}
    >
      <Icon name="check" className={`size-3.5 text-accent ${shown ? '' : 'invisible'}`} />
      <span className={`flex-1 ${shown ? '' : 'text-muted'}`}>{columnOf(name)?.title}</span>
      <span
        aria-hidden="true"
        data-grip=""
        className="-mr-1 cursor-grab touch-none rounded p-0.5 text-muted opacity-50 hover:bg-line hover:opacity-100 active:cursor-grabbing group-hover/offer:opacity-100"
      >
        <Icon name="grip" className="size-3.5" />
      </span>
    </button>
  )
}
