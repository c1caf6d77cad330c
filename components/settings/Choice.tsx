import { useId } from 'react'

type ChoiceProps<Value extends string> = {
  readonly title: string
  readonly options: readonly (readonly [value: Value, text: string])[]
  readonly chosen: Value
  readonly choose: (value: Value) => void
}

/** One of a few, all in sight. */
export function Choice<Value extends string>({ title, options, chosen, choose }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset className="flex min-h-9 items-center justify-between gap-4 max-sm:min-h-12">
      <legend className="float-left min-w-0 flex-1">{title}</legend>
      <div className="flex shrink-0 rounded-md border border-edge bg-surface p-0.5">
        {options.map(([value, text]) => (
          <label
            key={value}
            className="flex h-6 cursor-pointer items-center rounded px-2.5 text-muted hover:text-text has-checked:bg-chosen has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-1 max-sm:h-10"
          >
            <input
              type="radio"
              name={name}
              value={value}
              checked={chosen === value}
              onChange={() => choose(value)}
              className="sr-only"
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

type SwitchProps = {
  readonly title: string
  /** What it does, in a line. */
  readonly note: string
  readonly on: boolean
  readonly turn: (on: boolean) => void
}

/** On or off. */
export function Switch({ title, note, on, turn }: SwitchProps) {
  const noteId = useId()
  return (
    <div className="py-1.5">
      <label className="flex min-h-6 cursor-pointer items-center justify-between gap-4 max-sm:min-h-11">
        {title}
        <input
          type="checkbox"
          role="switch"
          aria-checked={on}
          aria-describedby={noteId}
          checked={on}
          onChange={(event) => turn(event.target.checked)}
          className="switch"
        />
      </label>
      <p id={noteId} className="pr-14 text-muted text-xs leading-[18px]">
        {note}
      </p>
    </div>
  )
}
