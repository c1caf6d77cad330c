import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { failed, ok, type Result } from '../../domain/result.ts'
import { type ConfigFile, readConfigFile } from '../config-file.ts'
import { keyIdOf, sha256Of } from './made-key.ts'
import { checkRoom, type KeyShelf, keysOfConfig, keyWithId } from './shelf.ts'

/** Keys in the config file, which is replaced as a whole: nobody reads half of one, and the rest of it stays. */
export function openFileShelf(path: string): KeyShelf {
  return {
    list: async () => {
      const read = await readText(path)
      return read.ok ? ok(keysOfConfig(read.value.file.environments)) : read
    },
    add: (key) =>
      rewrite(path, ({ file, json }) => {
        const room = checkRoom(keysOfConfig(file.environments), key)
        if (!room.ok) return room
        const { environmentId, sha256, kind, ...fields } = key
        return ok({
          json: withKeys(json, environmentId, (keys) => [...keys, { kind, sha256, ...fields }]),
          value: undefined,
        })
      }),
    remove: (keyId) =>
      rewrite(path, ({ file, json }) => {
        const found = keyWithId(keysOfConfig(file.environments), keyId)
        if (!found.ok) return found
        const isOther = (key: JsonKey): boolean => keyIdOf(hashOf(key)) !== keyId
        return ok({
          json: withKeys(json, found.value.environmentId, (keys) => keys.filter(isOther)),
          value: found.value,
        })
      }),
    close: async () => {},
  }
}

/** The file as it is written, once it was found to be a config file: what it has beside keys is carried along unread. */
type JsonKey = { readonly key?: string; readonly sha256?: string }
type JsonEnvironment = { readonly id: string; readonly sdkKeys: readonly JsonKey[] }
type JsonFile = { readonly environments: readonly JsonEnvironment[] }
type Read = { readonly text: string; readonly file: ConfigFile; readonly json: JsonFile }

function hashOf({ key, sha256 }: JsonKey): string {
  return sha256?.toLowerCase() ?? sha256Of(key ?? '')
}

function withKeys(
  json: JsonFile,
  environmentId: string,
  change: (keys: readonly JsonKey[]) => readonly JsonKey[],
): JsonFile {
  const environments = json.environments.map((environment) =>
    environment.id === environmentId ? { ...environment, sdkKeys: change(environment.sdkKeys) } : environment,
  )
  return { ...json, environments }
}

async function readText(path: string): Promise<Result<Read, string>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => error)
  const file = readConfigFile(path, () => {
    if (typeof text === 'string') return text
    throw text
  })
  return file.ok ? ok({ text: String(text), file: file.value, json: JSON.parse(String(text)) }) : file
}

type Change<Value> = (read: Read) => Result<{ readonly json: JsonFile; readonly value: Value }, string>

/**
 * The new text is written beside the file and then takes its place. The name of the new one is always the same: while
 * somebody has it, nobody else changes the file.
 */
async function rewrite<Value>(path: string, change: Change<Value>): Promise<Result<Value, string>> {
  try {
    const place = await realpath(path) // a link stays one
    const draft = `${place}.flagtail-keys`
    const handle = await open(draft, 'wx', 0o600)
    let done: Result<Value, string> | undefined
    try {
      done = await replace(handle, { draft, place }, change)
      return done
    } finally {
      await handle.close()
      if (!done?.ok) await rm(draft, { force: true }) // once it is the file, the name may be somebody else's
    }
  } catch (error) {
    return failed(whyNot(path, error))
  }
}

type Places = { readonly draft: string; readonly place: string }

async function replace<Value>(
  handle: FileHandle,
  { draft, place }: Places,
  change: Change<Value>,
): Promise<Result<Value, string>> {
  const read = await readText(place)
  const changed = read.ok ? change(read.value) : read
  if (!changed.ok) return changed
  const text = `${JSON.stringify(changed.value.json, undefined, 2)}\n`
  const checked = readConfigFile(place, () => text)
  if (!checked.ok) return checked
  await handle.writeFile(text)
  const { mode, uid, gid } = await stat(place)
  const own = await handle.stat()
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid)
  await handle.chmod(mode & 0o777)
  await handle.sync()
  await rename(draft, place)
  return ok(changed.value.value)
}

function whyNot(path: string, error: unknown): string {
  if (!(error instanceof Error)) return `cannot change ${path}: ${String(error)}`
  if (!('code' in error) || error.code !== 'EEXIST') return `cannot change ${path}: ${error.message}`
  return `somebody is changing ${path}: wait, or delete ${path}.flagtail-keys if nobody is`
}
