import { readFile } from 'node:fs/promises'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { type ConfiguredEnvironments, readConfigFile } from '../config-file.ts'
import { ChangingKeyRing, type KeyedEnvironment, type KeyRing, openKeyRing } from '../ingest/keys.ts'
import type { SharedStore } from '../store/store.ts'
import { type MadeKeys, readMadeKeys } from './made-keys.ts'

export type LiveKeysParts = {
  /** As they were at the start: later only their keys change. */
  readonly environments: ConfiguredEnvironments
  /** The file that they are from, if it is to be read again. */
  readonly configPath: string | undefined
  readonly store: SharedStore
  readonly limits: Limits
  /** Takes one line for whoever runs this, without keys. */
  readonly warn: (message: string) => void
}

/** The keys that may post now: those of the config file, and those that were made and kept in the store. */
export type LiveKeys = { readonly ring: KeyRing; readonly close: () => void }

/** After a failure it is asked again so soon. */
const retryMs = 1000

/** Resolves when all of them are known; from then on both places are read again, each `keysRefreshMs`. Open mode has none. */
export async function openLiveKeys({
  environments,
  ...rest
}: Omit<LiveKeysParts, 'environments'> & { readonly environments: ConfiguredEnvironments | 'open' }): Promise<
  Result<LiveKeys, string>
> {
  if (environments === 'open') return ok({ ring: openKeyRing('open'), close: () => {} })
  const parts: LiveKeysParts = { ...rest, environments }
  const made = await readMadeKeys(parts.store)
  if (!made.ok) return failed(`cannot read the SDK keys: ${made.error.message}`)
  const refresh = new Refresh(parts, made.value)
  return ok({ ring: refresh.ring, close: () => refresh.close() })
}

class Refresh {
  readonly ring: ChangingKeyRing
  readonly #parts: LiveKeysParts
  readonly #told = new Map<'file' | 'store' | 'entries' | 'environments', string>()
  #configured: ConfiguredEnvironments
  #made: MadeKeys
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: LiveKeysParts, made: MadeKeys) {
    this.#parts = parts
    this.#configured = parts.environments
    this.#made = made
    this.ring = new ChangingKeyRing(this.#environments())
    this.#tellStrangers()
    this.#wait(parts.limits.keysRefreshMs)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => void this.#look(), ms)
    this.#timer.unref()
  }

  /** What cannot be read leaves what was known: nobody is locked out by it. */
  async #look(): Promise<void> {
    const [file, store] = await Promise.all([this.#readFile(), this.#readStore()])
    if (this.#closed) return
    this.ring.replace(this.#environments())
    this.#tellStrangers()
    const { keysRefreshMs } = this.#parts.limits
    this.#wait(file && store ? keysRefreshMs : Math.min(retryMs, keysRefreshMs))
  }

  async #readFile(): Promise<boolean> {
    const { configPath } = this.#parts
    if (configPath === undefined) return true
    const text = await readFile(configPath, 'utf8').catch((error: unknown) => error)
    const file = readConfigFile(configPath, () => {
      if (typeof text === 'string') return text
      throw text
    })
    if (file.ok) this.#configured = file.value.environments
    this.#tell('file', file.ok ? undefined : `SDK keys stay as they were: ${file.error}`)
    return file.ok
  }

  async #readStore(): Promise<boolean> {
    const made = await readMadeKeys(this.#parts.store)
    if (made.ok) this.#made = made.value
    this.#tell('store', made.ok ? undefined : `made SDK keys stay as they were: ${made.error.message}`)
    return made.ok
  }

  /** The environments of the start, each with its keys of now; where both places have a key, the file's word counts. */
  #environments(): readonly KeyedEnvironment[] {
    const taken = new Set(this.#configured.flatMap(({ sdkKeys }) => sdkKeys.map(({ sha256 }) => sha256)))
    const made = this.#made.keys.filter(({ sha256 }) => !taken.has(sha256))
    return this.#parts.environments.map((environment) => ({
      ...environment,
      sdkKeys: [
        ...(this.#configured.find(({ id }) => id === environment.id)?.sdkKeys ?? []),
        ...made.filter(({ environmentId }) => environmentId === environment.id),
      ],
    }))
  }

  #tellStrangers(): void {
    const known = new Set(this.#parts.environments.map(({ id }) => id))
    const strangers = this.#configured.map(({ id }) => id).filter((id) => !known.has(id))
    const restart = `environments are read at the start only, and these are new in the config file: ${strangers.join(', ')}`
    this.#tell('environments', strangers.length === 0 ? undefined : restart)
    const { unreadable } = this.#made
    const ignored = `${unreadable} of the made SDK keys cannot be read by this version, and are not taken`
    this.#tell('entries', unreadable === 0 ? undefined : ignored)
  }

  /** Each trouble once, until it is another or was over; an outage is one, whatever each try says of it. */
  #tell(about: 'file' | 'store' | 'entries' | 'environments', trouble: string | undefined): void {
    if (trouble === undefined) this.#told.delete(about)
    else if (about === 'store' ? !this.#told.has(about) : this.#told.get(about) !== trouble) {
      this.#told.set(about, trouble)
      this.#parts.warn(trouble)
    }
  }
}
