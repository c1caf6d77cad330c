import { lazy, memo, Suspense, useRef, useState } from 'react'
import { Icon } from '../Icon.tsx'
import { placeBelow } from '../place-below.ts'
import { quietButton } from '../styles.ts'
import type { TailStore } from '../tail/store.ts'
import { type Picture, takePicture } from './facts.ts'

/** Whoever exports nothing loads none of it. */
const ExportPanel = lazy(() => import('./ExportPanel.tsx').then((module) => ({ default: module.ExportPanel })))

const panelId = 'export'

/** Opens the panel as its button does. */
export function showExport(): void {
  document.getElementById(panelId)?.showPopover()
}

/** Takes what is held and matches to a file. The rows are those of the moment in which it is opened. */
export const ExportButton = memo(function ExportButton({ store }: { readonly store: TailStore }) {
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [picture, setPicture] = useState<Picture>()
  const toggled = (panel: HTMLElement, isOpen: boolean) => {
    setOpen(isOpen)
    if (isOpen) placeBelow(button.current, panel)
    if (isOpen && !busy) setPicture(takePicture(store, Date.now()))
  }
  return (
    <>
      <button ref={button} type="button" popoverTarget={panelId} aria-haspopup="dialog" className={quietButton}>
        <Icon name="download" />
        <span className="max-sm:sr-only">Export</span>
      </button>
      <div
        id={panelId}
        popover="auto"
        role="dialog"
        aria-label="Export"
        onToggle={(event) => toggled(event.currentTarget, event.newState === 'open')}
        className="fixed m-0 w-96 max-w-[calc(100vw-16px)] rounded-lg border border-edge bg-raised p-4 text-text shadow-black/15 shadow-xl"
      >
        <Suspense fallback={<p className="text-muted">One moment…</p>}>
          {picture && (open || busy) && (
            <ExportPanel key={picture.facts.exportedMs} picture={picture} busy={busy} setBusy={setBusy} />
          )}
        </Suspense>
      </div>
    </>
  )
})
