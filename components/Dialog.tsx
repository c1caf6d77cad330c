import { type MouseEvent, type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react'
import { Icon } from './Icon.tsx'
import { plainButton } from './styles.ts'

type Props = {
  readonly title: string
  /** Called once it is closed, however: then it has given the focus back. */
  readonly closed: () => void
  /** Width and place. */
  readonly className: string
  readonly children: ReactNode
}

/** A modal dialog, open for as long as it is rendered: Esc, its button and a click beside it close it. */
export function Dialog({ title, closed, className, children }: Props) {
  const dialog = useModal()
  const titleId = useId()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it with Esc
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={whenClosed(closed)}
      onClick={closeBeside}
      className={`rounded-xl border border-edge bg-raised text-text shadow-2xl backdrop:bg-black/40 ${className}`}
    >
      <div className="flex items-center justify-between pt-3.5 pr-3.5 pl-5">
        <h2 id={titleId} className="font-semibold text-[15px]">
          {title}
        </h2>
        <button type="button" className={plainButton} aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  )
}

/** Shows the dialog of this ref as a modal one while it is rendered. */
export function useModal() {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close() // it gives the focus back, as it does not when it is only taken away
  }, [])
  return dialog
}

/** Tells of a dialog that is closed and was not opened again meanwhile. */
export function whenClosed(closed: () => void): (event: SyntheticEvent<HTMLDialogElement>) => void {
  return ({ currentTarget }) => {
    if (!currentTarget.open) closed()
  }
}

/** Everything inside of a dialog covers it, so a click on the dialog itself is one on its backdrop or border. */
export function closeBeside(event: MouseEvent<HTMLDialogElement>): void {
  const { left, right, top, bottom } = event.currentTarget.getBoundingClientRect()
  const { clientX: x, clientY: y, target, currentTarget } = event
  if (target === currentTarget && (x < left || x > right || y < top || y > bottom)) currentTarget.close()
}
