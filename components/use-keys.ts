import { type RefObject, useEffect } from 'react'
import { type Command, commandsByKey, isSingleKey, keyOf } from './commands.ts'

/**
 * The page's keys. Those without a modifier are off while typing, while a dialog is open, and where a control means them
 * for itself.
 */
export function useKeys(
  commands: readonly Command[],
  singleKeys: boolean,
  filter: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const byKey = commandsByKey(commands)
    const press = (event: KeyboardEvent) => {
      const key = keyOf(event)
      const command = key === undefined ? undefined : byKey.get(key)
      if (!command || key === undefined || event.defaultPrevented) return
      if (!key.startsWith('Mod+') && isTaken(event, filter.current)) return
      if (isSingleKey(key) && !singleKeys) return
      event.preventDefault()
      command.run()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [commands, singleKeys, filter])
}

const scrollKeys: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', ' '])

/** Whether something on the page wants the key for itself. */
function isTaken(event: KeyboardEvent, filter: HTMLElement | null): boolean {
  const target = event.target instanceof Element ? event.target : document.body
  if (target === filter && event.key === 'Escape') return false
  if (target.closest('input, textarea, select, [contenteditable]')) return true
  const scrolls = target.closest('[role=tabpanel]')
  if (scrolls && scrolls.scrollHeight > scrolls.clientHeight && scrollKeys.has(event.key)) return true
  if (document.querySelector('dialog[open], [popover]:popover-open')) return true
  return (event.key === ' ' || event.key === 'Enter') && target.closest('button, a, [role=tab], summary') !== null
}
