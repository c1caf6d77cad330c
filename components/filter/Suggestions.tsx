import { Shown } from '../Shown.tsx'
import { TreatmentGlyph } from '../Treatment.tsx'
import { count } from '../tail/numbers.ts'
import { visibleText } from '../visible-text.ts'
import { optionId } from './option-id.ts'
import type { Suggestion, SuggestionGroup } from './suggestions.ts'

type Props = {
  readonly id: string
  readonly groups: readonly SuggestionGroup[]
  /** Which one the keys have reached, counted over all groups; -1 for none. */
  readonly active: number
  readonly pick: (suggestion: Suggestion) => void
}

/** What could be meant, in groups; the focus stays in the text. */
export function Suggestions({ id, groups, active, pick }: Props) {
  let index = 0
  return (
    <div className="w-[480px] max-w-full overflow-hidden max-sm:w-full rounded-lg border border-edge bg-raised shadow-black/15 shadow-xl">
      <div
        role="listbox"
        id={id}
        aria-label="Suggestions"
        tabIndex={-1}
        className="thin-scroll max-h-[min(420px,60vh)] overflow-y-auto p-1"
      >
        {groups.map(({ title, suggestions }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox; a fieldset cannot be one
          <div key={title} role="group" aria-label={title}>
            <p aria-hidden="true" className="px-2 pt-1.5 pb-0.5 font-medium text-[11px] text-muted">
              {title}
            </p>
            {suggestions.map((suggestion) => {
              const at = index++
              return (
                <Option
                  key={textOf(suggestion)}
                  id={optionId(id, at)}
                  suggestion={suggestion}
                  active={at === active}
                  pick={pick}
                />
              )
            })}
          </div>
        ))}
      </div>
      <p className="flex gap-3 border-line border-t px-3 py-1.5 text-[11px] text-muted max-sm:hidden">
        <span>↑ ↓ choose</span>
        <span>Enter or Tab take</span>
        <span>Esc close</span>
      </p>
    </div>
  )
}

type OptionProps = Pick<Props, 'pick' | 'id'> & { readonly suggestion: Suggestion; readonly active: boolean }

function Option({ id, suggestion, active, pick }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the combobox are those of its text field
    <div
      role="option"
      tabIndex={-1}
      id={id}
      aria-selected={active}
      ref={active ? seen : undefined}
      onPointerDown={(event) => event.preventDefault()} // the caret stays in the text
      onClick={() => pick(suggestion)}
      className={`flex h-7 cursor-pointer items-center gap-2 rounded-md px-2 max-sm:h-11 ${active ? 'bg-chosen' : 'hover:bg-hover'}`}
    >
      <OptionText suggestion={suggestion} />
    </div>
  )
}

function OptionText({ suggestion }: { readonly suggestion: Suggestion }) {
  if (suggestion.kind === 'query') {
    return (
      <span className="truncate font-mono text-[12px]" title={visibleText(suggestion.text)}>
        <Shown text={suggestion.text} />
      </span>
    )
  }
  if (suggestion.kind === 'field') {
    return (
      <>
        <span className="w-20 shrink-0 font-mono text-[12px]">{suggestion.name}</span>
        <span className="truncate text-muted">{suggestion.about}</span>
      </>
    )
  }
  const { field, value, impressions } = suggestion
  return (
    <>
      <span className="shrink-0 font-mono text-[12px] text-muted">{field}:</span>
      {field === 'treatment' && <TreatmentGlyph treatment={value} />}
      <span className="min-w-0 flex-1 truncate" title={visibleText(value)}>
        <Shown text={value} />
      </span>
      {impressions !== undefined && <span className="text-muted tabular-nums">{count(impressions)}</span>}
    </>
  )
}

function textOf(suggestion: Suggestion): string {
  return suggestion.kind === 'query' ? `query ${suggestion.text}` : suggestion.raw
}

function seen(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
