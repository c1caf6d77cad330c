import { parseArgs } from 'node:util'
import { keyLimits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { originOf } from './key-fields.ts'
import type { KeyKind } from './made-key.ts'

/** What a person asks of `flagtail keys`. */
export type KeysCommand =
  | {
      readonly verb: 'create'
      readonly environmentId: string
      readonly kind: KeyKind
      readonly name?: string
      readonly origins?: readonly string[]
    }
  | { readonly verb: 'revoke'; readonly keyId: string }
  | { readonly verb: 'list' }

export const keysUsage = [
  'flagtail keys create --environment <id> [--kind server|client] [--name <text>] [--origin https://shop.example …]',
  'flagtail keys list',
  'flagtail keys revoke <id>',
].join('\n')

const options = {
  environment: { type: 'string' },
  kind: { type: 'string', default: 'server' },
  name: { type: 'string' },
  origin: { type: 'string', multiple: true },
} as const

/** Reads the words behind `flagtail keys`; a failure is one line, or the usage when nothing was asked. */
export function readKeysCommand(words: readonly string[]): Result<KeysCommand, string> {
  const [verb, ...rest] = words
  switch (verb) {
    case 'create':
      return readCreate(rest)
    case 'revoke':
      return readRevoke(rest)
    case 'list':
      return rest.length === 0 ? ok({ verb }) : failed('flagtail keys list takes nothing else')
    case undefined:
      return failed(keysUsage)
    default:
      return failed(`flagtail keys takes create, list or revoke, not ${shown(verb)}`)
  }
}

function readCreate(words: readonly string[]): Result<KeysCommand, string> {
  const parsed = parse(words)
  if (!parsed.ok) return parsed
  const { environment, kind, name, origin } = parsed.value
  if (!environment) return failed('--environment <id> is wanted: the key is for one of the config file')
  if (kind !== 'server' && kind !== 'client') return failed(`--kind is server or client, not ${shown(kind)}`)
  if (name !== undefined && !isName(name)) return failed(`--name is 1 to ${keyLimits.nameChars} plain characters`)
  if (origin && kind === 'server') return failed('--origin is for client keys: a server sends none')
  const origins = readOrigins(origin)
  if (!origins.ok) return origins
  const said = { ...(name !== undefined && { name }), ...(origins.value && { origins: origins.value }) }
  return ok({ verb: 'create', environmentId: environment, kind, ...said })
}

function parse(words: readonly string[]) {
  try {
    return ok(parseArgs({ args: [...words], options, strict: true }).values)
  } catch (error) {
    if (!(error instanceof Error)) return failed(String(error))
    const isWord = 'code' in error && error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
    return failed(isWord ? 'a word too many: what has spaces wants quotes' : (error.message.split('. ')[0] ?? ''))
  }
}

/** Somebody may have typed a key where a word belongs: only what is too short for one is repeated. */
function shown(word: string): string {
  return word.length < 16 ? `"${word}"` : 'that'
}

function isName(name: string): boolean {
  return name.length > 0 && [...name].length <= keyLimits.nameChars && !/\p{Cc}/u.test(name)
}

function readOrigins(given: readonly string[] | undefined): Result<readonly string[] | undefined, string> {
  if (given === undefined) return ok(undefined)
  if (given.length > keyLimits.origins) return failed(`at most ${keyLimits.origins} --origin are taken`)
  const wrong = given.find((text) => text.length > keyLimits.originChars || originOf(text) === undefined)
  if (wrong !== undefined) return failed(`--origin is like https://shop.example, without a path, not "${wrong}"`)
  return ok([...new Set(given.flatMap((text) => originOf(text) ?? []))])
}

function readRevoke(words: readonly string[]): Result<KeysCommand, string> {
  const [keyId, ...more] = words
  if (keyId === undefined || more.length > 0) return failed('flagtail keys revoke takes the id of one key')
  if (/^[0-9a-f]{8}$/.test(keyId)) return ok({ verb: 'revoke', keyId })
  return failed('an id is 8 hex digits, as flagtail keys list shows it (not the key itself)')
}
