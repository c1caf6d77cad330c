import { failed, ok, type Result } from '../../domain/result.ts'
import { isObject } from './json-body.ts'
import type { OtherKind } from './paths.ts'
import { malformed, type Refusal } from './refusal.ts'

/**
 * Checks the outer shape of such a post and counts its entries; what is inside of them is nobody's concern yet. `field`
 * is where it stands in the body, "" for the whole of it.
 */
export function entriesOf(kind: OtherKind, parsed: unknown, field: string): Result<number, Refusal> {
  switch (kind) {
    case 'counts':
      return listIn(parsed, 'pf', field)
    case 'keys':
      return listIn(parsed, 'keys', field)
    case 'events':
      return Array.isArray(parsed) ? ok(parsed.length) : wrong('events come as an array', field)
    case 'config':
    case 'usage':
      return isObject(parsed) ? ok(1) : wrong('SDK statistics come as an object', field)
    case 'legacy':
      if (Array.isArray(parsed)) return ok(parsed.length)
      return isObject(parsed) ? ok(1) : wrong('metrics come as an object or an array', field)
    default:
      return kind satisfies never
  }
}

function listIn(parsed: unknown, name: string, field: string): Result<number, Refusal> {
  if (!isObject(parsed)) return wrong(`the body is an object with \`${name}\``, field)
  const list = parsed[name]
  if (list === null) return ok(0) // how Go writes an empty list
  const at = field === '' ? name : `${field}.${name}`
  return Array.isArray(list) ? ok(list.length) : wrong(`\`${name}\` is an array`, at)
}

function wrong(message: string, field: string): Result<number, Refusal> {
  return failed(malformed(message, field === '' ? undefined : field))
}
