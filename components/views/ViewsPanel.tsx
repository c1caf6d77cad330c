import { type FormEvent, useState } from 'react'
import { Icon } from '../Icon.tsx'
import { Shown } from '../Shown.tsx'
import { strongButton } from '../styles.ts'
import { visibleText } from '../visible-text.ts'
import type { SavedView, SavedViews } from './saved-views.ts'

type Props = {
  readonly views: SavedViews
  readonly list: readonly SavedView[]
  /** The one that is looked at. */
  readonly current: SavedView | undefined
  /** What is looked at, as a view would keep it. */
  readonly query: string
  readonly open: (view: SavedView) => void
  readonly close: () => void
}

/** A name for what is looked at, and the views that have one. */
export function ViewsPanel({ views, list, current, query, open, close }: Props) {
  return (
    <>
      <SaveForm name={current?.name ?? ''} save={(name) => views.save(name, query) && close()} />
      <ul aria-label="Saved views" className="thin-scroll max-h-80 overflow-y-auto">
        {list.map((view) => (
          <ViewLine
            key={view.name}
            view={view}
            current={view === current}
            views={views}
            open={() => {
              open(view)
              close()
            }}
          />
        ))}
      </ul>
      {list.length === 0 && (
        <p className="px-2 py-2 text-muted">
          A view is this filter with its columns and times. Views are kept in this browser only.
        </p>
      )}
    </>
  )
}

function SaveForm({ name, save }: { readonly name: string; readonly save: (name: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    save(String(new FormData(event.currentTarget).get('name')))
  }
  return (
    <form onSubmit={submit} className="mb-1 flex gap-1.5 border-line border-b p-1 pb-2.5">
      <input
        // biome-ignore lint/a11y/noAutofocus: the panel was opened to name a view
        autoFocus
        name="name"
        required
        maxLength={80}
        aria-label="Name of this view"
        placeholder="Name of this view"
        autoComplete="off"
        defaultValue={name}
        className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-bg px-2 max-sm:h-11 max-sm:text-base"
      />
      <button type="submit" className={`${strongButton} max-sm:h-11`}>
        Save view
      </button>
    </form>
  )
}

type LineProps = {
  readonly view: SavedView
  readonly current: boolean
  readonly views: SavedViews
  readonly open: () => void
}

const small =
  'grid size-7 shrink-0 place-content-center rounded text-muted hover:bg-raised hover:text-text max-sm:size-11'

function ViewLine({ view, current, views, open }: LineProps) {
  const [renames, setRenames] = useState(false)
  const name = visibleText(view.name)
  if (renames) return <Rename view={view} views={views} done={() => setRenames(false)} />
  return (
    <li className="flex h-8 items-center rounded-md pr-0.5 hover:bg-hover max-sm:h-11">
      <button
        type="button"
        aria-current={current}
        title={name}
        onClick={open}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left"
      >
        <Icon name={current ? 'starred' : 'star'} className={`size-3.5 ${current ? 'text-accent' : 'text-muted'}`} />
        <span className="truncate">
          <Shown text={view.name} />
        </span>
      </button>
      <button
        type="button"
        className={small}
        aria-label={`Rename ${name}`}
        title="Rename"
        onClick={() => setRenames(true)}
      >
        <Icon name="pencil" className="size-3.5" />
      </button>
      <button
        type="button"
        className={small}
        aria-label={`Delete ${name}`}
        title="Delete"
        onClick={() => views.remove(view)}
      >
        <Icon name="close" className="size-3.5" />
      </button>
    </li>
  )
}

type RenameProps = Pick<LineProps, 'view' | 'views'> & { readonly done: () => void }

/** Enter takes the name, Esc or leaving keeps the old one. */
function Rename({ view, views, done }: RenameProps) {
  const [taken, setTaken] = useState(false)
  return (
    <li className="flex h-8 items-center px-1 max-sm:h-11">
      <input
        // biome-ignore lint/a11y/noAutofocus: somebody asked to type here
        autoFocus
        aria-label={`New name of ${visibleText(view.name)}`}
        aria-invalid={taken}
        title={taken ? 'Another view has this name' : undefined}
        defaultValue={view.name}
        maxLength={80}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') views.rename(view, event.currentTarget.value) ? done() : setTaken(true)
          if (event.key === 'Escape') {
            event.preventDefault() // the panel stays open
            done()
          }
        }}
        className={`h-7 w-full rounded-md border bg-bg px-2 max-sm:h-10 max-sm:text-base ${taken ? 'border-trouble' : 'border-edge'}`}
      />
    </li>
  )
}
