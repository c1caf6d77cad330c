import { type Command, type CommandGroup, commandGroups } from './commands.ts'
import { Dialog } from './Dialog.tsx'
import { Key } from './Key.tsx'

type Props = { readonly commands: readonly Command[]; readonly singleKeys: boolean; readonly closed: () => void }

/** The keys, all in one place, by what they are about. */
export function Help({ commands, singleKeys, closed }: Props) {
  return (
    <Dialog title="Keys" closed={closed} className="m-auto w-[720px] max-w-[calc(100vw-24px)]">
      <div className="columns-2 gap-8 px-5 pt-2 pb-4 max-sm:columns-1">
        {commandGroups.map((group) => (
          <Group key={group} group={group} commands={commands} />
        ))}
      </div>
      <p className="border-line border-t px-5 py-3 text-muted text-xs">
        {singleKeys
          ? 'Keys of one character are off while you type, and can be turned off for good in Settings.'
          : 'Keys of one character are turned off in Settings.'}
      </p>
    </Dialog>
  )
}

function Group({ group, commands }: { readonly group: CommandGroup; readonly commands: readonly Command[] }) {
  const keyed = commands.filter((command) => command.group === group && command.keys.length > 0)
  if (keyed.length === 0) return null
  return (
    <section className="mb-4 break-inside-avoid" aria-label={group}>
      <h3 className="mb-1 font-medium text-muted text-xs">{group}</h3>
      <dl>
        {keyed.map(({ id, title, keys }) => (
          <div key={id} className="flex min-h-7 items-center justify-between gap-4">
            <dt className="min-w-0">{title}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <Key key={key} name={key} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
