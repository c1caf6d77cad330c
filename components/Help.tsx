import type { RefObject } from 'react'
import { type Command, commandGroups, shownKey } from './commands.ts'
import { Icon } from './Icon.tsx'
import { plainButton, quietButton } from './styles.ts'

type Props = { readonly dialog: RefObject<HTMLDialogElement | null>; readonly commands: readonly Command[] }

/** Every key in one place, and what has none to be done from here. */
export function Help({ dialog, commands }: Props) {
  const close = () => dialog.current?.close()
  const keyless = commands.filter(({ keys }) => keys.length === 0)
  const run = (command: Command) => {
    close()
    command.run()
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      className="thin-scroll m-auto max-h-[calc(100dvh-24px)] w-[640px] max-w-[calc(100vw-24px)] overflow-y-auto rounded-xl border border-edge bg-raised p-5 text-text shadow-2xl backdrop:bg-black/40"
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 id="help-title" className="font-semibold text-[15px]">
          Keys
        </h2>
        <button type="button" className={plainButton} aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div className="columns-2 gap-8 max-sm:columns-1">
        {commandGroups.map((group) => (
          <Keys key={group} title={group} commands={commands.filter((command) => command.group === group)} />
        ))}
      </div>
      <div className="mt-1 flex flex-wrap gap-2 border-line border-t pt-3">
        {keyless.map((command) => (
          <button key={command.id} type="button" className={quietButton} onClick={() => run(command)}>
            {command.title}
          </button>
        ))}
      </div>
    </dialog>
  )
}

function Keys({ title, commands }: { readonly title: string; readonly commands: readonly Command[] }) {
  const mac = navigator.platform.startsWith('Mac')
  return (
    <section className="mb-4 break-inside-avoid">
      <h3 className="mb-1.5 font-medium">{title}</h3>
      <dl className="grid grid-cols-[minmax(72px,auto)_1fr] gap-x-4 gap-y-1.5">
        {commands
          .filter(({ keys }) => keys.length > 0)
          .map(({ id, title: does, keys }) => (
            <div key={id} className="col-span-2 grid grid-cols-subgrid items-center">
              <dt className="flex gap-1">
                {keys.map((key) => (
                  <kbd key={key} className="rounded border border-edge bg-surface px-1.5 font-sans text-xs">
                    {shownKey(key, mac)}
                  </kbd>
                ))}
              </dt>
              <dd className="text-muted">{does}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
