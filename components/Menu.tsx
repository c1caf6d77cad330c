import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

/** Where a menu opens, in px from the window's top left. */
export type Spot = { readonly x: number; readonly y: number }

type Props = {
  readonly label: string
  readonly at: Spot
  /** Called when it should go; whoever opened it then takes the focus back. */
  readonly close: () => void
  readonly children: ReactNode
  /** Below the items, and none of them. */
  readonly foot?: ReactNode
}

/** A menu above the page, with the keys of one: arrows, Home, End, a first letter, Escape. Its items have the role of one. */
export function Menu({ label, at, close, children, foot }: Props) {
  const panel = useRef<HTMLDivElement>(null)
  const { x, y } = at
  useEffect(() => {
    const element = panel.current
    if (!element) return
    element.showPopover()
    element.style.left = `${Math.max(8, Math.min(x, window.innerWidth - element.offsetWidth - 8))}px`
    element.style.top = `${Math.max(8, Math.min(y, window.innerHeight - element.offsetHeight - 8))}px`
    itemsOf(element)[0]?.focus()
  }, [x, y])
  useEffect(() => {
    const leave = (event: Event) => {
      if (!(event.target instanceof Node && panel.current?.contains(event.target))) close()
    }
    document.addEventListener('pointerdown', leave, true)
    window.addEventListener('resize', close)
    return () => {
      document.removeEventListener('pointerdown', leave, true)
      window.removeEventListener('resize', close)
    }
  }, [close])
  return (
    <div
      ref={panel}
      popover="manual"
      className="fixed m-0 w-max min-w-52 max-w-[min(340px,calc(100vw-16px))] rounded-lg border border-edge bg-raised p-1 text-text shadow-black/15 shadow-xl"
    >
      <div
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onKeyDown={(event) => press(event, close)}
        className="thin-scroll max-h-[min(560px,calc(100dvh-80px))] overflow-y-auto"
      >
        {children}
      </div>
      {foot}
    </div>
  )
}

/** What each item looks like. */
export const menuItem =
  'flex h-7 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover focus-visible:bg-chosen focus-visible:outline-offset-[-2px] aria-disabled:text-muted max-sm:h-11'

/** A line between groups of items. */
export function MenuRule() {
  return <hr className="-mx-1 my-1 border-line" />
}

function itemsOf(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>('[role^=menuitem]')]
}

function press(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
  const items = itemsOf(event.currentTarget)
  const index = items.indexOf(document.activeElement as HTMLElement)
  if (event.key === 'Escape' || event.key === 'Tab') close()
  else {
    const next = nextItem(items, index, event.key)
    if (!next) return
    next.focus()
  }
  event.preventDefault()
}

function nextItem(items: readonly HTMLElement[], index: number, key: string): HTMLElement | undefined {
  if (key === 'ArrowDown') return items[(index + 1) % items.length]
  if (key === 'ArrowUp') return items.at(index - 1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if ([...key].length !== 1 || key === ' ') return undefined
  const begins = (item: HTMLElement) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase())
  return [...items.slice(index + 1), ...items.slice(0, index + 1)].find(begins)
}
