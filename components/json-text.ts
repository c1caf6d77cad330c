import type { RowEntry } from './tail/entry.ts'

export type JsonPart = { readonly kind: 'name' | 'text' | 'number' | 'plain'; readonly text: string }

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g

/** The row as the SDK wrote it, with what its post said for all of its rows, and its id. */
export function jsonText({ id, impression, row }: RowEntry): string {
  const { flag, possibleRetry, ...fields } = impression
  const { key, bucketingKey, treatment, label, changeNumber, timestamp, previousTimestamp, properties, ...shared } =
    fields
  return JSON.stringify({ id, flag, row, shared, possibleRetry }, null, 2)
}

/** JSON in parts by what they are: names, texts, numbers and the rest. */
export function jsonParts(json: string): readonly JsonPart[] {
  const parts: JsonPart[] = []
  let from = 0
  const plainUntil = (index: number) => {
    if (index > from) parts.push({ kind: 'plain', text: json.slice(from, index) })
  }
  for (const match of json.matchAll(token)) {
    const [whole, text, colon] = match
    plainUntil(match.index)
    parts.push({ kind: colon !== undefined ? 'name' : text !== undefined ? 'text' : 'number', text: text ?? whole })
    from = match.index + (text ?? whole).length
  }
  plainUntil(json.length)
  return parts
}
