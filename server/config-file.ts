import { z } from 'zod'
import type { Environment } from '../domain/impression.ts'
import { defaultLimits, type Limits } from '../domain/limits.ts'
import { failed, ok, type Result } from '../domain/result.ts'
import { authOfFile, proxyOfFile } from './config-access.ts'
import { keyCreatedAt, keyName, keyOrigins } from './keys/key-fields.ts'
import { isMadeKey, sha256Of } from './keys/made-key.ts'

/** A key that an SDK may post with; only its SHA-256 is held. */
export type ConfiguredKey = {
  readonly kind: 'server' | 'client'
  readonly sha256: string
  readonly name?: string
  /** ISO 8601; keys that were made have it. */
  readonly createdAt?: string
  readonly origins?: readonly string[]
}

export type ConfiguredEnvironments = readonly (Environment & { readonly sdkKeys: readonly ConfiguredKey[] })[]

export type ConfigFile = {
  readonly environments: ConfiguredEnvironments
  readonly limits: Partial<Limits>
  readonly auth: z.output<typeof authOfFile>
  readonly proxy: z.output<typeof proxyOfFile> | undefined
}

const key = z
  .strictObject({
    kind: z.enum(['server', 'client']),
    key: z
      .string()
      .min(20, 'a key has at least 20 characters')
      .max(1024, 'a key has at most 1,024 characters')
      .regex(/^[\x21-\x7e]+$/, 'a key is plain ASCII without spaces')
      .refine((one) => !one.startsWith('ftl_') || isMadeKey(one), 'a made key whose checksum is wrong: it is mistyped')
      .optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, '64 hex digits are wanted')
      .optional(),
    name: keyName.optional(),
    createdAt: keyCreatedAt.optional(),
    origins: keyOrigins.optional(),
  })
  .refine((one) => (one.key === undefined) !== (one.sha256 === undefined), 'either "key" or "sha256" is wanted')
  .refine((one) => one.kind === 'client' || one.origins === undefined, 'only a client key has origins')
  .transform(({ key, sha256, ...rest }) => ({ ...rest, sha256: sha256?.toLowerCase() ?? sha256Of(key ?? '') }))

const name = z.string().regex(/^.{1,256}$/su, '1 to 256 characters are wanted')

const environment = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 . _ - are wanted'),
  name,
  trafficTypeId: name.optional(),
  trafficTypeName: name.optional(),
  sdkKeys: z.array(key),
})

/** A longer timer of Node's rings at once. */
const longestTimerMs = 2 ** 31 - 1

const bound = z.number().int().positive()
const limits = z
  .partialRecord(z.enum(Object.keys(defaultLimits) as [keyof Limits, ...(keyof Limits)[]]), bound)
  .superRefine((limits, context) => {
    for (const [name, value] of Object.entries(limits)) {
      if (!name.endsWith('Ms') || name === 'logMs' || value <= longestTimerMs) continue
      context.addIssue({ code: 'custom', path: [name], message: `at most ${longestTimerMs} (24 days) is wanted` })
    }
  })

/** More would not fit into the cursor of one request. */
const mostEnvironments = 128

const configFile = z.strictObject({
  environments: z
    .array(environment)
    .min(1, 'at least one is wanted')
    .max(mostEnvironments, `at most ${mostEnvironments} are wanted`),
  limits: limits.optional(),
  auth: authOfFile.optional(),
  proxy: proxyOfFile.optional(),
})

/** Reads and checks the config file; a failure names the file, the path in it, and what is wanted. Never quotes a key. */
export function readConfigFile(
  path: string,
  read: (path: string, encoding: 'utf8') => string,
): Result<ConfigFile, string> {
  const json = readJson(path, read)
  if (!json.ok) return json
  const checked = configFile.safeParse(json.value)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    return failed(`${path}: ${issue ? `${pathText(issue.path)}: ${messageOf(issue)}` : 'not a config file'}`)
  }
  const { environments, limits = {}, auth = { roles: [] }, proxy } = checked.data
  const wrong = findTwice(environments) ?? findStranger(environments, auth.roles)
  return wrong ? failed(`${path}: ${wrong}`) : ok({ environments, limits, auth, proxy })
}

function readJson(path: string, read: (path: string, encoding: 'utf8') => string): Result<unknown, string> {
  let text: string
  try {
    text = read(path, 'utf8')
  } catch (error) {
    return failed(`cannot read FLAGTAIL_CONFIG ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
  try {
    return ok(JSON.parse(text))
  } catch {
    return failed(`${path} is not JSON`) // the parser's own message may quote a key
  }
}

function findTwice(environments: ConfiguredEnvironments): string | undefined {
  const seen = new Map<string, string>()
  for (const [index, one] of environments.entries()) {
    const at = `environments[${index}]`
    const names = [[`name ${one.id}`, `${at}.id`] as const, [`name ${one.name}`, `${at}.name`] as const]
    const keys = one.sdkKeys.map(({ sha256 }, key) => [`key ${sha256}`, `${at}.sdkKeys[${key}]`] as const)
    for (const [value, place] of [...(one.id === one.name ? names.slice(1) : names), ...keys]) {
      const before = seen.get(value)
      if (before) return `${place}: the same as ${before}; ids, names and keys belong to one environment`
      seen.set(value, place)
    }
  }
  return undefined
}

function findStranger(environments: ConfiguredEnvironments, grants: ConfigFile['auth']['roles']): string | undefined {
  for (const [index, grant] of grants.entries()) {
    const stranger = grant.environments.find((id) => id !== '*' && !environments.some((one) => one.id === id))
    if (stranger !== undefined)
      return `auth.roles[${index}].environments: no environment has this id, and "*" means all`
  }
  return undefined
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message
  const names = issue.keys.map((name) => (mayBeQuoted(name) ? `"${name}"` : `of ${name.length} characters`))
  return `unknown field ${names.join(', ')}`
}

/** Somebody may have put a key where a field's name belongs: only what looks like a name is repeated. */
function mayBeQuoted(name: string): boolean {
  return /^[A-Za-z]{1,40}$/.test(name)
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file'
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')
}
