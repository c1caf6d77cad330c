import type { RefObject } from 'react'
import { rawOf, typeInto } from './draft.ts'
import { type KeyParts, press } from './keys.ts'
import { optionId } from './option-id.ts'

type Props = {
  /** Of the list of suggestions; other ids are made of it. */
  readonly id: string
  readonly input: RefObject<HTMLInputElement | null>
  readonly keys: KeyParts
  readonly placeholder: string
  readonly mistake: 'none' | 'here' | 'elsewhere'
}

/** The text at the caret, a combobox. */
export function FilterText({ id, input, keys, placeholder, mistake }: Props) {
  const { draft, acts, offer, put } = keys
  return (
    <input
      ref={input}
      type="text"
      role="combobox"
      aria-label="Filter"
      aria-expanded={offer.shown}
      aria-controls={offer.shown ? id : undefined}
      aria-activedescendant={offer.active < 0 ? undefined : optionId(id, offer.active)}
      aria-autocomplete="list"
      aria-invalid={mistake !== 'none'}
      aria-describedby={mistake === 'none' ? `${id}-help` : `${id}-help ${id}-error`}
      aria-keyshortcuts="/"
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      value={rawOf(draft)}
      onChange={({ currentTarget: { value, selectionStart } }) => {
        offer.open()
        acts.change(put(typeInto(draft, value, selectionStart ?? value.length)))
      }}
      onClick={offer.open}
      onFocus={offer.open}
      onBlur={() => {
        offer.close()
        acts.leave()
        keys.line.current?.scrollTo({ left: 0 })
      }}
      onKeyDown={(event) => press(event, keys)}
      className={`h-full min-w-8 max-w-full shrink-0 grow text-ellipsis bg-transparent font-mono text-[12.5px] [field-sizing:content] focus:min-w-24 focus-visible:outline-none max-sm:text-base ${mistake === 'here' ? 'wrong' : ''}`}
    />
  )
}
