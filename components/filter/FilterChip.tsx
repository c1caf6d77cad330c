import { type KeyboardEvent, type MouseEvent, memo } from 'react'
import { fieldEnd } from '../../domain/filter/fields.ts'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { visibleText } from '../visible-text.ts'
import type { Chip } from './draft.ts'

export type ChipActs = {
  readonly edit: (chip: Chip) => void
  readonly remove: (chip: Chip) => void
  readonly flip: (chip: Chip) => void
  /** To the neighbour on that side. */
  readonly move: (from: HTMLElement, by: -1 | 1) => void
}

const looks = {
  include: 'border-transparent bg-chosen',
  exclude: 'border-edge border-dashed bg-bg',
  wrong: 'border-trouble bg-trouble-bg text-trouble',
} as const

/** One term of the filter: a click edits it, Alt-click turns it round, its cross takes it away. */
export const FilterChip = memo(function FilterChip({ chip, acts }: { readonly chip: Chip; readonly acts: ChipActs }) {
  const { read, typed } = chip
  const kind = 'error' in read ? 'wrong' : read.term.exclude ? 'exclude' : 'include'
  const name = visibleText(typed)
  const click = (event: MouseEvent) => (event.altKey ? acts.flip(chip) : acts.edit(chip))
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Backspace' || event.key === 'Delete') acts.remove(chip)
    else if (event.key === '-') acts.flip(chip)
    else if (event.key === 'ArrowLeft') acts.move(event.currentTarget, -1)
    else if (event.key === 'ArrowRight') acts.move(event.currentTarget, 1)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the caret where it is, so that nothing moves before the click
    <span
      onMouseDown={(event) => event.preventDefault()}
      className={`inline-flex h-[22px] shrink-0 items-center rounded-[5px] border font-mono text-[12px] max-sm:h-[46px] ${looks[kind]}`}
    >
      <button
        type="button"
        data-chip=""
        tabIndex={-1}
        aria-label={`${kind === 'wrong' ? 'Mistake' : 'Filter term'} ${name}`}
        aria-keyshortcuts="Enter Delete -"
        title={`${name}\nClick to edit, Alt-click to ${kind === 'exclude' ? 'include' : 'exclude'} it`}
        onClick={click}
        onKeyDown={press}
        className="flex h-full min-w-0 max-w-80 items-center gap-px rounded-l-[5px] pr-0.5 pl-1.5 max-sm:max-w-60"
      >
        <ChipText chip={chip} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Remove ${name}`}
        title="Remove"
        onClick={() => acts.remove(chip)}
        className="editing flex h-full items-center rounded-r-[5px] px-1 text-muted hover:bg-hover hover:text-text max-sm:px-4"
      >
        <Icon name="close" className="size-3" />
      </button>
    </span>
  )
})

function ChipText({ chip: { typed, read } }: { readonly chip: Chip }) {
  const sign = typed.startsWith('-')
  const rest = sign ? typed.slice(1) : typed
  const colon = fieldEnd(rest, 0)
  const wrong = 'error' in read
  return (
    <>
      {wrong && <Icon name="warning" className="mr-0.5 size-3" />}
      {sign && <span className="font-bold text-caution">−</span>}
      <span className={`truncate ${wrong ? 'wrong' : ''}`}>
        {colon !== undefined && (
          <span className={wrong ? '' : 'text-muted'}>
            <Shown text={rest.slice(0, colon + 1)} />
          </span>
        )}
        <Shown text={colon === undefined ? rest : rest.slice(colon + 1)} />
      </span>
    </>
  )
}
