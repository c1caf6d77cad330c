import { z } from 'zod'
import type { Result } from '../../domain/result.ts'
import type { SharedStore, StoreFailure } from '../store/store.ts'
import { keyCreatedAt, keyName, keyOrigins } from './key-fields.ts'
import type { KeyKind } from './made-key.ts'

/** A key that was made here, as it is kept: by its SHA-256. */
export type MadeKey = {
  readonly sha256: string
  readonly environmentId: string
  readonly kind: KeyKind
  readonly createdAt: string
  readonly name?: string
  readonly origins?: readonly string[]
}

/** The made keys of all environments, and how many entries could not be read. */
export type MadeKeys = { readonly keys: readonly MadeKey[]; readonly unreadable: number }

const table = 'keys'

/** Unknown fields are a newer server's. A known one that cannot be read makes the key unreadable: it may limit it. */
const record = z.object({
  environment: z.string(),
  kind: z.enum(['server', 'client']),
  createdAt: keyCreatedAt,
  name: keyName.optional(),
  origins: keyOrigins.optional(),
})

/** Reads the keys that were made and not revoked, the oldest first. */
export async function readMadeKeys(store: SharedStore): Promise<Result<MadeKeys, StoreFailure>> {
  const read = await store.table(table)
  if (!read.ok) return read
  const keys = [...read.value].flatMap(([sha256, text]) => keyOf(sha256, text) ?? []).sort(oldestFirst)
  return { ok: true, value: { keys, unreadable: read.value.size - keys.length } }
}

function oldestFirst(a: MadeKey, b: MadeKey): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt)
}

export function putMadeKey(store: SharedStore, key: MadeKey): Promise<Result<void, StoreFailure>> {
  const { sha256, environmentId, ...fields } = key
  return store.putEntry(table, sha256, JSON.stringify({ environment: environmentId, ...fields }))
}

export function deleteMadeKey(store: SharedStore, sha256: string): Promise<Result<void, StoreFailure>> {
  return store.deleteEntry(table, sha256)
}

function keyOf(sha256: string, text: string): MadeKey | undefined {
  const read = record.safeParse(jsonOf(text))
  if (!read.success || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
  const { environment, ...fields } = read.data
  return { sha256, environmentId: environment, ...fields }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
