import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Environment } from '../../domain/impression.ts'

/** A key as configured: nobody can post with what is stored. */
export type SdkKey = {
  readonly kind: 'server' | 'client'
  readonly sha256: string
  /** The only pages that may post with it, as browsers name them; absent = any. */
  readonly origins?: readonly string[]
}
export type KeyedEnvironment = Environment & { readonly sdkKeys: readonly SdkKey[] }

/** Whom an SDK key lets in. */
export type KeyHolder = {
  readonly environment: Environment
  readonly kind: 'server' | 'client' | 'open'
  /** Names the key in rate buckets; says nothing about the key itself. */
  readonly keyId: string
  /** Only a server-side key is a secret: with any other the poster could be anybody. */
  readonly verified: boolean
  readonly origins?: readonly string[]
}

/** Knows every SDK key by its SHA-256. */
export interface KeyRing {
  /** Whether any key is taken that is long enough: then no wrong one is worth counting. */
  readonly isOpen: boolean
  find(key: string): KeyHolder | undefined
}

const openKeyChars = 8
const keyChars = 1024

const everybody: KeyHolder = {
  environment: { id: 'development', name: 'development' },
  kind: 'open',
  keyId: 'open',
  verified: false,
}

/**
 * Opens the ring of the configured environments, or for `open` one that takes any key of at least 8 characters.
 * Throws when a key stands there twice or is no SHA-256.
 */
export function openKeyRing(of: { readonly environments: readonly KeyedEnvironment[] } | 'open'): KeyRing {
  if (of !== 'open') return new ChangingKeyRing(of.environments)
  return { isOpen: true, find: (key) => (key.length >= openKeyChars && fits(key) ? everybody : undefined) }
}

/** A ring whose keys come and go; a key that stays keeps its id, and so its rates. */
export class ChangingKeyRing implements KeyRing {
  readonly isOpen = false
  readonly #secret = randomBytes(32) // ids last as long as the process: they name buckets and nothing that is kept
  #holders: ReadonlyMap<string, Held>

  constructor(environments: readonly KeyedEnvironment[]) {
    this.#holders = holdersOf(environments, this.#secret)
  }

  find(key: string): KeyHolder | undefined {
    return fits(key) ? findHolder(this.#holders, key) : undefined
  }

  /** From now on these keys are taken, and no others. */
  replace(environments: readonly KeyedEnvironment[]): void {
    this.#holders = holdersOf(environments, this.#secret)
  }
}

/** Whether a post with this Origin, if it has one, may be taken. Stops pages of others, not who leaves the header out. */
export function mayPostFrom({ origins }: KeyHolder, origin: string | undefined): boolean {
  return origins === undefined || origin === undefined || origins.includes(origin.toLowerCase())
}

type Held = { readonly digest: Buffer; readonly holder: KeyHolder }

/**
 * The map is reached by the digest of what was sent, so its timing tells at most how two SHA-256 compare: to
 * use that for guessing a key one would have to invert the hash. The comparison that decides is in constant time.
 */
function findHolder(holders: ReadonlyMap<string, Held>, key: string): KeyHolder | undefined {
  const digest = createHash('sha256').update(key).digest()
  const held = holders.get(digest.toString('hex'))
  return held && timingSafeEqual(held.digest, digest) ? held.holder : undefined
}

function fits(key: string): boolean {
  return key.length > 0 && key.length <= keyChars
}

function holdersOf(environments: readonly KeyedEnvironment[], secret: Buffer): ReadonlyMap<string, Held> {
  const holders = new Map<string, Held>()
  for (const { sdkKeys, ...environment } of environments) {
    for (const { kind, sha256, origins } of sdkKeys) {
      const hex = sha256.toLowerCase()
      if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`a key of ${environment.id} is not a SHA-256 in hex`)
      if (holders.has(hex)) throw new Error(`a key of ${environment.id} is configured twice`)
      const keyId = createHmac('sha256', secret).update(hex).digest('hex').slice(0, 16)
      const holder = { environment, kind, keyId, verified: kind === 'server', ...(origins && { origins }) }
      holders.set(hex, { digest: Buffer.from(hex, 'hex'), holder })
    }
  }
  return holders
}

/** The key of an Authorization header: `Bearer <key>`, or the key alone. */
export function keyOfHeader(authorization: string | undefined): string | undefined {
  const words = authorization?.trim().split(/\s+/) ?? []
  const [first, second, third] = words
  if (third !== undefined || first === undefined || first === '') return undefined
  if (second === undefined) return first.toLowerCase() === 'bearer' ? undefined : first
  return first.toLowerCase() === 'bearer' ? second : undefined
}
