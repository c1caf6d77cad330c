import { excludeValue, includeValue } from '../domain/filter/edit.ts'
import { CopyButton } from './CopyButton.tsx'
import { type DetailField, fieldsOf } from './detail-fields.ts'
import { Icon } from './Icon.tsx'
import { Shown } from './Shown.tsx'
import { Treatment } from './Treatment.tsx'
import type { RowEntry } from './tail/entry.ts'
import type { TailStore } from './tail/store.ts'

type Props = { readonly store: TailStore; readonly row: RowEntry; readonly text: string }

const button =
  'inline-flex size-6 items-center justify-center rounded text-muted hover:bg-hover hover:text-accent max-sm:size-11'

/** Name and value of each field, and what can be done with it. */
export function DetailFields({ store, row, text }: Props) {
  return (
    <dl className="py-1">
      {fieldsOf(row).map((field) => (
        <div
          key={`${field.name} ${typeof field.field === 'object'}`}
          className="group grid min-h-7 grid-cols-[116px_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 hover:bg-hover max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:py-1"
        >
          <dt className="truncate py-1 max-sm:py-0 text-muted text-xs leading-5">
            <Shown text={field.name} />
          </dt>
          <dd
            className={`break-words py-1 leading-5 max-sm:col-start-1 max-sm:py-0 ${field.mono && field.value !== undefined ? 'break-all font-mono text-[12px]' : ''}`}
          >
            <Value {...field} />
          </dd>
          <dd className="flex py-0.5 opacity-0 max-sm:col-start-2 max-sm:row-span-2 max-sm:row-start-1 max-sm:self-center focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
            <Acts store={store} text={text} {...field} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ name, value }: DetailField) {
  if (value === undefined) return <span className="text-muted">—</span>
  return name === 'Treatment' ? <Treatment treatment={value} /> : <Shown text={value} />
}

function Acts({ store, text, name, value, field }: DetailField & Pick<Props, 'store' | 'text'>) {
  if (value === undefined) return null
  return (
    <>
      {field !== undefined && (
        <>
          <button
            type="button"
            className={button}
            aria-label={`Only this ${name}`}
            title={`Only this ${name}`}
            onClick={() => store.setText(includeValue(text, field, value))}
          >
            <Icon name="include" className="size-3.5" />
          </button>
          <button
            type="button"
            className={button}
            aria-label={`Without this ${name}`}
            title={`Without this ${name}`}
            onClick={() => store.setText(excludeValue(text, field, value))}
          >
            <Icon name="exclude" className="size-3.5" />
          </button>
        </>
      )}
      <CopyButton label={`Copy ${name}`} className={button} value={() => value} />
    </>
  )
}
