import type { KeyboardEvent } from 'react'

type Props<Name extends string> = {
  readonly label: string
  readonly names: readonly Name[]
  readonly chosen: Name
  readonly choose: (name: Name) => void
  /** Id of the panel that shows what is chosen. */
  readonly panel: string
}

const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** The id of a tab's element, for the label of its panel. */
export function tabId(panel: string, name: string): string {
  return `${panel}-${name.replaceAll(' ', '-')}`
}

/** Tabs as one stop of the Tab key: the arrows go from one to the next and choose it. */
export function Tabs<Name extends string>({ label, names, chosen, choose, panel }: Props<Name>) {
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const next = names[steps[event.key]?.(names.indexOf(chosen), names.length) ?? -1]
    if (next === undefined) return
    event.preventDefault()
    choose(next)
    document.getElementById(tabId(panel, next))?.focus()
  }
  return (
    <div role="tablist" aria-label={label} onKeyDown={press} className="flex min-w-0 gap-1 overflow-x-auto">
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={tabId(panel, name)}
          aria-selected={chosen === name}
          aria-controls={panel}
          tabIndex={chosen === name ? 0 : -1}
          onClick={() => choose(name)}
          className={`h-9 shrink-0 border-b-2 px-2.5 font-medium -outline-offset-2 max-sm:h-11 max-sm:px-3.5 ${chosen === name ? 'border-accent text-text' : 'border-transparent text-muted hover:text-text'}`}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
