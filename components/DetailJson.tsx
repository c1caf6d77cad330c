import { CopyButton } from './CopyButton.tsx'
import { type JsonPart, jsonParts, jsonText } from './json-text.ts'
import { Shown } from './Shown.tsx'
import { quietButton } from './styles.ts'
import type { RowEntry } from './tail/entry.ts'

const colours: Record<JsonPart['kind'], string> = {
  name: 'text-accent',
  text: 'text-live',
  number: 'text-caution',
  plain: 'text-muted',
}
const plainFromChars = 64 * 1024

/** What was received, letter by letter; a very long row is plain text, so that it never stops the page. */
export function DetailJson({ row }: { readonly row: RowEntry }) {
  const json = jsonText(row)
  const parts: readonly JsonPart[] = json.length > plainFromChars ? [{ kind: 'plain', text: json }] : jsonParts(json)
  return (
    <div className="relative p-4 pt-12">
      <CopyButton
        label="Copy JSON"
        text="Copy"
        className={`${quietButton} absolute top-3 right-3`}
        value={() => json}
      />
      <pre className="whitespace-pre-wrap break-all font-mono text-[12px] leading-[19px]">
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity, and never move
          <span key={index} className={colours[part.kind]}>
            {part.kind === 'plain' && json.length <= plainFromChars ? part.text : <Shown text={part.text} />}
          </span>
        ))}
      </pre>
    </div>
  )
}
