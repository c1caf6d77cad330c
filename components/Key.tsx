import { shownKey } from './commands.ts'

/** A key as it stands on the keyboard of whoever looks. */
export function Key({ name }: { readonly name: string }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-edge bg-surface px-1.5 font-sans text-[11px] text-muted leading-none">
      {shownKey(name, navigator.platform.startsWith('Mac'))}
    </kbd>
  )
}
