import type { RefObject } from 'react'
import { Icon } from './Icon.tsx'
import { plainButton } from './styles.ts'

const keys: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Space'], 'Pause and resume'],
  [['/'], 'Go to the filter'],
  [['j', '↓'], 'Next row'],
  [['k', '↑'], 'Previous row'],
  [['PgDn', 'PgUp'], 'A page of rows'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close the row, then forget the selection'],
  [['Home', 'g'], 'Back to the newest rows'],
  [['Alt+click'], 'Exclude a value'],
  [['?'], 'This list'],
]

/** The keys, all in one place. */
export function Help({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  const close = () => dialog.current?.close()
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      className="m-auto w-96 max-w-[calc(100vw-24px)] rounded-xl border border-edge bg-raised p-5 text-text shadow-2xl backdrop:bg-black/40"
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 id="help-title" className="font-semibold text-[15px]">
          Keys
        </h2>
        <button type="button" className={plainButton} aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {keys.map(([names, does]) => (
          <div key={does} className="col-span-2 grid grid-cols-subgrid items-center">
            <dt className="flex gap-1">
              {names.map((name) => (
                <kbd key={name} className="rounded border border-edge bg-surface px-1.5 font-sans text-xs">
                  {name}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
