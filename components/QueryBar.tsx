import { type RefObject, useId, useRef } from 'react'
import type { FilterError } from '../domain/filter/filter.ts'
import { CopyButton } from './CopyButton.tsx'
import { Icon } from './Icon.tsx'
import { linkOf } from './link.ts'
import { FlagPicker, TreatmentPicker } from './pickers.tsx'
import { quietButton } from './styles.ts'
import { count } from './tail/numbers.ts'
import type { TailStore } from './tail/store.ts'
import type { View } from './tail/view.ts'

type Props = { readonly store: TailStore; readonly view: View; readonly input: RefObject<HTMLInputElement | null> }

/** The filter as text, how much matches it, and the pickers that edit it. */
export function QueryBar({ store, view, input }: Props) {
  return (
    <search className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 max-sm:px-3 max-sm:py-2">
      <FilterInput {...{ store, view, input }} />
      <div className="flex items-center gap-2">
        <FlagPicker store={store} view={view} />
        <TreatmentPicker store={store} view={view} />
        <CopyButton
          label="Copy link to this view"
          text="Copy link"
          icon="link"
          className={`${quietButton} max-sm:hidden`}
          value={() => linkOf(view)}
        />
      </div>
    </search>
  )
}

function FilterInput({ store, view, input }: Props) {
  const errorId = useId()
  const mirror = useRef<HTMLDivElement>(null)
  const { text, error } = view.search
  const follow = (element: HTMLInputElement) => {
    if (mirror.current) mirror.current.scrollLeft = element.scrollLeft
  }
  return (
    <div className="relative flex h-7 min-w-0 flex-1 basis-64 items-center gap-2 rounded-md border border-edge bg-raised pr-2 pl-2 focus-within:border-accent max-sm:h-9 max-sm:basis-full">
      <Icon name="search" className="size-3.5 text-muted" />
      <div className="relative h-full min-w-0 flex-1">
        {error && <Mistake ref={mirror} text={text} error={error} />}
        <input
          ref={input}
          type="text"
          aria-label="Filter"
          aria-invalid={error !== undefined}
          aria-describedby={error ? errorId : undefined}
          aria-keyshortcuts="/"
          placeholder="Filter: flag:checkout treatment:on key:user-42 or any word"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => store.setText(event.target.value)}
          onScroll={(event) => follow(event.currentTarget)}
          className="relative h-full w-full bg-transparent font-mono text-[12.5px] focus-visible:outline-none max-sm:text-base"
        />
      </div>
      {text !== '' && <ClearButton clear={() => store.setText('')} />}
      <MatchCount view={view} />
      {error && <ErrorText id={errorId} error={error} />}
    </div>
  )
}

function ClearButton({ clear }: { readonly clear: () => void }) {
  return (
    <button
      type="button"
      aria-label="Clear the filter"
      onClick={clear}
      className="rounded p-0.5 text-muted hover:text-text"
    >
      <Icon name="close" className="size-3.5" />
    </button>
  )
}

function MatchCount({ view }: { readonly view: View }) {
  const title = view.began.older
    ? 'Impressions that matched since this filter was set, and the newest of the log before. The log has older ones, which are not counted'
    : 'Impressions that matched since this filter was set, and those of the log before, all counted, whether or not their rows are shown'
  return (
    <p title={title} className={`shrink-0 border-line border-l pl-2 tabular-nums ${view.settled ? '' : 'text-muted'}`}>
      <b className="font-semibold" data-testid="matched">
        {view.settled ? count(view.matched) : '…'}
      </b>{' '}
      <span className="text-muted">{view.settled && view.began.older ? 'matched, older not counted' : 'matched'}</span>
    </p>
  )
}

type MistakeProps = {
  readonly text: string
  readonly error: FilterError
  readonly ref: RefObject<HTMLDivElement | null>
}

/** The same text behind the input, invisible but for the line under what is wrong. */
function Mistake({ text, error: { position, token }, ref }: MistakeProps) {
  return (
    <div
      ref={ref}
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 overflow-hidden whitespace-pre font-mono text-[12.5px] text-transparent leading-[26px] max-sm:text-base max-sm:leading-[34px]"
    >
      {text.slice(0, position)}
      <span className="wrong">{text.slice(position, position + Math.max(1, token.length)) || ' '}</span>
      {text.slice(position + Math.max(1, token.length))}
    </div>
  )
}

function ErrorText({ id, error }: { readonly id: string; readonly error: FilterError }) {
  return (
    <p
      id={id}
      role="alert"
      className="absolute top-full left-0 z-20 mt-1.5 flex max-w-full items-center gap-2 rounded-md border border-trouble bg-trouble-bg px-2.5 py-1 text-trouble shadow-lg"
    >
      <Icon name="warning" className="size-3.5" />
      <span>{error.message}</span>
    </p>
  )
}
