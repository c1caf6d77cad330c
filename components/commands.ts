/** What a person can do on this page. The keys and the sheet of keys are read from here, so that they cannot say different things. */
export type Command = {
  readonly id: string
  readonly title: string
  readonly group: CommandGroup
  /**
   * As a browser names them in `KeyboardEvent.key`, with `Shift+` in front of a letter and `Mod+` for ⌘ or Ctrl. The first is
   * the one that is taught.
   */
  readonly keys: readonly string[]
  readonly run: () => void
  /** Only worth a key: a list of commands leaves it out. */
  readonly hidden?: true
}

export const commandGroups = ['Watch', 'Rows', 'Filter', 'View', 'More'] as const
export type CommandGroup = (typeof commandGroups)[number]

/** What a key press is called here, or nothing when it carries a modifier that no command wants. */
export function keyOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event
  if (altKey) return undefined
  const letter = /^[a-z]$/i.test(key)
  if (ctrlKey || metaKey) return `Mod+${letter ? key.toLowerCase() : key}`
  return letter && shiftKey ? `Shift+${key.toUpperCase()}` : letter ? key.toLowerCase() : key
}

/** Keys that do something without a modifier, and so can be turned off (WCAG 2.1.4): characters, not Enter or arrows. */
export function isSingleKey(key: string): boolean {
  return [...key].length === 1 || key.startsWith('Shift+')
}

/** The command of each key. */
export function commandsByKey(commands: readonly Command[]): ReadonlyMap<string, Command> {
  return new Map(commands.flatMap((command) => command.keys.map((key) => [key, command] as const)))
}

const shownKeys: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
}

/** A key as people read it; ⌘ on a Mac, Ctrl elsewhere. */
export function shownKey(key: string, mac: boolean): string {
  const plain = key.replace(/^(Mod|Shift)\+/, '')
  const name = shownKeys[plain] ?? (key.includes('+') ? plain.toUpperCase() : plain)
  if (key.startsWith('Mod+')) return mac ? `⌘${name}` : `Ctrl ${name}`
  return key.startsWith('Shift+') ? `Shift ${name}` : name
}
