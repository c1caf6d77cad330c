import type { RefObject } from 'react'
import { type Command, shownKey } from './commands.ts'
import { Icon } from './Icon.tsx'
import { plainButton } from './styles.ts'

type Props = { readonly dialog: RefObject<HTMLDialogElement | null>; readonly commands: readonly Command[] }

/** The keys, all in one place. */
export function Help({ dialog, commands }: Props) {
  const close = () => dialog.current?.close()
  const mac = navigator.platform.startsWith('Mac')
  const keyed = commands.filter(({ keys }) => keys.length > 0)
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
        {keyed.map(({ id, title, keys }) => (
          <div key={id} className="col-span-2 grid grid-cols-subgrid items-center">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded border border-edge bg-surface px-1.5 font-sans text-xs">
                  {shownKey(key, mac)}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{title}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
