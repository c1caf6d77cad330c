import { userInfo } from 'node:os'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { openAudit } from '../audit.ts'
import { type Config, readConfig } from '../config.ts'
import type { ConfiguredEnvironments } from '../config-file.ts'
import { openSharedStore } from '../store/open.ts'
import { type KeysCommand, readKeysCommand } from './command.ts'
import { openFileShelf } from './file-shelf.ts'
import { keyIdOf, makeKey, sha256Of } from './made-key.ts'
import type { KeyShelf, LiveKey } from './shelf.ts'
import { openStoreShelf } from './store-shelf.ts'

export type KeysParts = {
  /** What stands behind `flagtail keys`. */
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Epoch ms. */
  readonly now: () => number
  /** What was asked for: a key, a list. Whole lines. */
  readonly tell: (text: string) => void
  /** What is said beside it, one line each. */
  readonly remark: (line: string) => void
}

/** Runs one command; a failure is for a person and contains no key. */
export async function runKeys(parts: KeysParts): Promise<Result<void, string>> {
  const command = readKeysCommand(parts.words)
  if (!command.ok) return command
  const config = readConfig({ ...parts.environment, PORT: undefined, HOST: undefined })
  if (!config.ok) return config
  const shelf = await openShelf(config.value, command.value)
  if (!shelf.ok) return shelf
  try {
    return await run(command.value, { ...parts, shelf: shelf.value, config: config.value })
  } finally {
    await shelf.value.close()
  }
}

const nowhere =
  'no place for keys: set REDIS_URL to the Redis of your servers, or FLAGTAIL_CONFIG to the config file of your one server'
const openMode =
  'without FLAGTAIL_CONFIG the servers are in open mode, in which any key of 8 or more characters is taken: set it to their config file, which names the environments'

async function openShelf(config: Config, { verb }: KeysCommand): Promise<Result<KeyShelf, string>> {
  const { redisUrl, configPath, environments } = config
  if (redisUrl === undefined) return configPath === undefined ? failed(nowhere) : ok(openFileShelf(configPath))
  if (environments === 'open' && verb === 'create') return failed(openMode)
  const store = await openSharedStore({ redisUrl, limits: config.limits, now: Date.now })
  return store.ok ? ok(openStoreShelf(store.value, configuredOf(config))) : failed(store.error.message)
}

function configuredOf({ environments }: Config): ConfiguredEnvironments {
  return environments === 'open' ? [] : environments
}

type Work = KeysParts & { readonly shelf: KeyShelf; readonly config: Config }

function run(command: KeysCommand, work: Work): Promise<Result<void, string>> {
  switch (command.verb) {
    case 'create':
      return create(command, work)
    case 'list':
      return list(work)
    case 'revoke':
      return revoke(command.keyId, work)
    default:
      return command satisfies never
  }
}

async function create(command: Extract<KeysCommand, { verb: 'create' }>, work: Work): Promise<Result<void, string>> {
  const { shelf, config, now, tell, remark } = work
  const { verb: _, environmentId, ...said } = command
  const ids = configuredOf(config).map(({ id }) => id)
  if (!ids.includes(environmentId)) {
    return failed(`no environment "${environmentId}" in ${config.configPath}, which has ${ids.join(', ')}`)
  }
  const key = makeKey(command.kind)
  const made = { ...said, environmentId, sha256: sha256Of(key), createdAt: new Date(now()).toISOString() }
  const added = await shelf.add(made)
  if (!added.ok) return added
  tell(key)
  const within = seconds(config.limits)
  remark(
    `${keyIdOf(made.sha256)}: a ${command.kind} key of ${environmentId}, shown this once. Servers take it within ${within} s.`,
  )
  await audit('key-created', made, work)
  return ok(undefined)
}

async function revoke(keyId: string, work: Work): Promise<Result<void, string>> {
  const removed = await work.shelf.remove(keyId)
  if (!removed.ok) return removed
  const { environmentId, kind } = removed.value
  work.remark(`${keyId}, a ${kind} key of ${environmentId}, is revoked: dead on every server within 60 s.`)
  await audit('key-revoked', removed.value, work)
  return ok(undefined)
}

async function list({ shelf, tell }: Work): Promise<Result<void, string>> {
  const keys = await shelf.list()
  if (!keys.ok) return keys
  const rows = keys.value.map(rowOf)
  const all = [['id', 'environment', 'kind', 'name', 'created', 'origins', 'kept in'], ...rows]
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  tell(
    all
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  )
  return ok(undefined)
}

function rowOf({ sha256, environmentId, kind, name, createdAt, origins, place }: LiveKey): readonly string[] {
  return [keyIdOf(sha256), environmentId, kind, name ?? '-', createdAt ?? '-', origins?.join(' ') ?? '-', place]
}

/** Servers ask so often. */
function seconds({ keysRefreshMs }: Limits): number {
  return Math.ceil(keysRefreshMs / 1000)
}

/** What was done stays done when the line cannot be written: revoking a key must not wait for a disk. */
async function audit(event: 'key-created' | 'key-revoked', key: Omit<LiveKey, 'place'>, work: Work): Promise<void> {
  const { config, now, remark } = work
  if (config.auditPath === undefined) return
  const notWritten = (): void => remark(`this is not in the audit log: ${config.auditPath} cannot be written`)
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const { auditPath: path, limits } = config
  const opened = await openAudit({ path, limits, now, log, lost: notWritten })
  if (!opened.ok) {
    notWritten()
    return
  }
  const { environmentId: environment, kind, name } = key
  const who = { person: account(), address: 'local' }
  const what = { keyId: keyIdOf(key.sha256), environment, kind, ...(name !== undefined && { name }) }
  opened.value.record({ event, ...who, ...what })
  await opened.value.close()
}

/** The account that ran the command; one without a name has its number. */
function account(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
