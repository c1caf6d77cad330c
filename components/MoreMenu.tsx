import { useId, useRef } from 'react'
import { CopyButton } from './CopyButton.tsx'
import { Icon, type IconName } from './Icon.tsx'
import type { Overlay } from './Overlays.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'

type Props = { readonly show: (overlay: Overlay) => void; readonly link: () => string }

const entries: readonly (readonly [overlay: Overlay, icon: IconName, text: string])[] = [
  ['palette', 'search', 'Commands'],
  ['settings', 'gear', 'Settings'],
  ['connect', 'include', 'Connect an SDK'],
  ['help', 'keys', 'Keys'],
]
const entry = 'flex h-11 w-full items-center gap-3 rounded-md px-3 text-left hover:bg-hover'

/** On a small screen: what the header has no room for. */
export function MoreMenu({ show, link }: Props) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const open = (overlay: Overlay) => {
    panel.current?.hidePopover() // first: it gives the focus back to its button, and the dialog remembers that
    show(overlay)
  }
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-label="More"
        className="inline-flex size-11 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
      >
        <Icon name="more" className="size-5" />
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label="More"
        className="fixed top-[52px] right-2 left-auto m-0 w-60 rounded-lg border border-edge bg-raised p-1.5 text-text shadow-xl"
      >
        <CopyButton label="Copy link" text="Copy link to this view" icon="link" className={entry} value={link} />
        {entries.map(([overlay, icon, text]) => (
          <button key={overlay} type="button" className={entry} onClick={() => open(overlay)}>
            <Icon name={icon} className="size-4 text-muted" />
            {text}
          </button>
        ))}
        <div className="flex h-11 items-center justify-between pl-3 text-muted">
          Theme <ThemeToggle />
        </div>
      </div>
    </>
  )
}
