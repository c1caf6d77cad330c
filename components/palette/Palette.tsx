import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Command } from '../commands.ts'
import { closeBeside, useModal, whenClosed } from '../Dialog.tsx'
import { Icon } from '../Icon.tsx'
import { Key } from '../Key.tsx'
import type { TailStore } from '../tail/store.ts'
import type { View } from '../tail/view.ts'
import { markedParts } from './fuzzy.ts'
import { type Found, findOffers, offersOf } from './offers.ts'

type Props = {
  readonly commands: readonly Command[]
  readonly store: TailStore
  readonly view: View
  readonly closed: () => void
}

const listId = 'palette-list'
const optionId = (index: number) => `palette-${index}`

/** Everything that can be done here, found by its name. */
export function Palette({ commands, store, view, closed }: Props) {
  const dialog = useModal()
  const [offers] = useState(() => offersOf(commands, store, view)) // as they were when it opened: nothing moves
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = findOffers(offers, query)
  const run = (offer: Found | undefined) => {
    dialog.current?.close() // first: it gives the focus back, and the command may want it elsewhere
    offer?.run()
  }
  const press = (event: KeyboardEvent) => {
    const next = stepOf(event.key, chosen, found.length)
    if (next !== undefined) setChosen(next)
    else if (event.key === 'Enter') run(found[chosen])
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it with Esc
    <dialog
      ref={dialog}
      aria-label="Commands"
      onClose={whenClosed(closed)}
      onClick={closeBeside}
      className="mx-auto mt-[12vh] w-[600px] max-w-[calc(100vw-24px)] overflow-hidden rounded-xl border border-edge bg-raised text-text shadow-2xl backdrop:bg-black/40 max-sm:mt-3"
    >
      <label className="flex h-12 items-center gap-3 border-line border-b px-4">
        <Icon name="search" className="size-4 text-muted" />
        <input
          type="text"
          role="combobox"
          aria-label="Find a command"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? optionId(chosen) : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Find a command, an environment or a flag"
          value={query}
          onKeyDown={press}
          onChange={(event) => {
            setQuery(event.target.value)
            setChosen(0)
          }}
          className="h-full min-w-0 flex-1 bg-transparent text-[14px] focus-visible:outline-none max-sm:text-base"
        />
        <Key name="Escape" />
      </label>
      <Options found={found} chosen={chosen} choose={setChosen} run={run} grouped={query.trim() === ''} />
    </dialog>
  )
}

function stepOf(key: string, chosen: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === 'ArrowDown') return (chosen + 1) % count
  if (key === 'ArrowUp') return (chosen - 1 + count) % count
  if (key === 'PageDown') return Math.min(count - 1, chosen + 8)
  if (key === 'PageUp') return Math.max(0, chosen - 8)
  return undefined
}

type OptionsProps = {
  readonly found: readonly Found[]
  readonly chosen: number
  readonly choose: (index: number) => void
  readonly run: (offer: Found) => void
  /** In their order, under the names of their groups; else best first. */
  readonly grouped: boolean
}

function Options({ found, chosen, choose, run, grouped }: OptionsProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector(`#${optionId(chosen)}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      ref={list}
      id={listId}
      role="listbox"
      aria-label="Commands"
      tabIndex={-1}
      className="thin-scroll max-h-[min(420px,60vh)] overflow-y-auto p-1.5"
    >
      {found.length === 0 && <p className="px-3 py-6 text-center text-muted">Nothing is called that</p>}
      {found.map((offer, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input, which keeps the focus
        // biome-ignore lint/a11y/useFocusableInteractive: the input names it by aria-activedescendant
        <div
          key={offer.id}
          role="option"
          id={optionId(index)}
          aria-selected={index === chosen}
          onPointerMove={() => index !== chosen && choose(index)}
          onClick={() => run(offer)}
          className={`flex min-h-8 cursor-pointer items-center gap-3 rounded-md px-2.5 max-sm:min-h-11 ${index === chosen ? 'bg-chosen' : ''}`}
        >
          <span className="w-24 shrink-0 truncate text-muted text-xs max-sm:hidden">
            {!grouped || found[index - 1]?.group !== offer.group ? offer.group : ''}
          </span>
          <Title {...offer} />
          {offer.key !== undefined && <Key name={offer.key} />}
        </div>
      ))}
    </div>
  )
}

function Title({ title, marks }: Found) {
  return (
    <span className="min-w-0 flex-1 truncate">
      {markedParts(title, marks).map(({ text, marked }, index) =>
        marked ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity, and never move
          <b key={index} className="font-semibold text-accent">
            {text}
          </b>
        ) : (
          text
        ),
      )}
    </span>
  )
}
