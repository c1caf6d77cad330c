import { useSyncExternalStore } from 'react'
import { shownKey } from './commands.ts'
import { type Toasts as ToastStore, undoKey } from './toasts.ts'

/** What was just done, at the foot of the page, read out as it appears. */
export function Toasts({ toasts }: { readonly toasts: ToastStore }) {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.view)
  return (
    <div
      role="status"
      aria-label="What was just done"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex flex-col items-center gap-2 px-3 max-sm:bottom-36"
    >
      {shown.map((toast) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: to be at it only makes it stay
        <div
          key={toast.id}
          onPointerEnter={() => toasts.hold(toast)}
          onPointerLeave={() => toasts.release(toast)}
          onFocus={() => toasts.hold(toast)}
          onBlur={() => toasts.release(toast)}
          className="toast pointer-events-auto flex min-h-9 max-w-full items-center gap-3 rounded-lg bg-text px-3.5 font-medium text-bg shadow-lg"
        >
          <span className="min-w-0 truncate">{toast.text}</span>
          {toast.act && (
            <button
              type="button"
              onClick={() => toasts.act(toast)}
              className="-mr-2 inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 underline decoration-bg/40 underline-offset-4 hover:bg-bg/15 hover:decoration-bg focus-visible:outline-bg focus-visible:-outline-offset-2 max-sm:h-11"
            >
              {toast.act.title}
              <kbd className="rounded border border-bg/40 px-1 font-sans text-[11px] leading-4">
                {shownKey(undoKey, false)}
              </kbd>
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
