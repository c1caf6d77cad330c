import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Environment } from '../domain/impression.ts'
import { defaultLimits, type Limits } from '../domain/limits.ts'
import { failed, ok, type Result } from '../domain/result.ts'

/** A key that an SDK may post with; only its SHA-256 is held. */
export type ConfiguredKey = { readonly kind: 'server' | 'client'; readonly sha256: string }

export type ConfiguredEnvironments = readonly (Environment & { readonly sdkKeys: readonly ConfiguredKey[] })[]

export type ConfigFile = { readonly environments: ConfiguredEnvironments; readonly limits: Partial<Limits> }

const key = z
  .strictObject({
    kind: z.enum(['server', 'client']),
    key: z.string().min(20, 'a key has at least 20 characters').optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, '64 hex digits are wanted')
      .optional(),
  })
  .refine((one) => (one.key === undefined) !== (one.sha256 === undefined), 'either "key" or "sha256" is wanted')
  .transform(({ kind, key, sha256 }) => ({ kind, sha256: sha256?.toLowerCase() ?? hashOf(key ?? '') }))

const environment = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 . _ - are wanted'),
  name: z.string().min(1).max(256),
  trafficTypeId: z.string().min(1).max(256).optional(),
  trafficTypeName: z.string().min(1).max(256).optional(),
  sdkKeys: z.array(key),
})

const bound = z.number().int().positive()
const limits = z.partialRecord(z.enum(Object.keys(defaultLimits) as [keyof Limits, ...(keyof Limits)[]]), bound)

const configFile = z.strictObject({ environments: z.array(environment).min(1), limits: limits.optional() })

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
    return failed(`${path}: ${issue ? `${pathText(issue.path)}: ${issue.message}` : 'not a config file'}`)
  }
  const { environments, limits } = checked.data
  const twice = findTwice(environments)
  return twice ? failed(`${path}: ${twice}`) : ok({ environments, limits: limits ?? {} })
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
    const named = [...new Set([one.id, one.name])].map((name) => [`name ${name}`, `${at} is called ${name}`] as const)
    const keys = one.sdkKeys.map(({ sha256 }, key) => [`key ${sha256}`, `${at}.sdkKeys[${key}]`] as const)
    for (const [value, place] of [...named, ...keys]) {
      const before = seen.get(value)
      if (before) return `${place}: the same as ${before}; ids, names and keys belong to one environment`
      seen.set(value, place)
    }
  }
  return undefined
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file'
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
