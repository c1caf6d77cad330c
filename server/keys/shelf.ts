import { keyLimits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import type { ConfiguredEnvironments } from '../config-file.ts'
import { keyIdOf } from './made-key.ts'
import type { MadeKey } from './made-keys.ts'

/** A key that may post; those that a person wrote into the config file may have no time. */
export type LiveKey = Omit<MadeKey, 'createdAt'> & {
  readonly createdAt?: string
  readonly place: 'config file' | 'Redis'
}

/** Where keys are made and revoked. Failures are one line for a person, without keys. */
export interface KeyShelf {
  /** All keys that may post. */
  list(): Promise<Result<readonly LiveKey[], string>>
  /** Takes a key in, unless two of its environment and kind live already. */
  add(key: MadeKey): Promise<Result<void, string>>
  /** Takes the key with this id out: from then on it is nobody's. */
  remove(keyId: string): Promise<Result<LiveKey, string>>
  close(): Promise<void>
}

export function keysOfConfig(environments: ConfiguredEnvironments): readonly LiveKey[] {
  return environments.flatMap(({ id, sdkKeys }) =>
    sdkKeys.map((key) => ({ ...key, environmentId: id, place: 'config file' as const })),
  )
}

/** Two may live, so that the next can be rolled out before the last is revoked; a third would be one that is forgotten. */
export function checkRoom(
  live: readonly LiveKey[],
  { environmentId, kind }: Pick<MadeKey, 'environmentId' | 'kind'>,
): Result<void, string> {
  const same = live.filter((key) => key.environmentId === environmentId && key.kind === kind)
  if (same.length < keyLimits.live) return ok(undefined)
  const ids = same.map(({ sha256 }) => keyIdOf(sha256)).join(', ')
  return failed(
    `${environmentId} has ${same.length} live ${kind} keys (${ids}), and ${keyLimits.live} are the most: revoke one first`,
  )
}

/** The one key with this id. */
export function keyWithId(live: readonly LiveKey[], keyId: string): Result<LiveKey, string> {
  const [key, other] = live.filter(({ sha256 }) => keyIdOf(sha256) === keyId)
  if (!key) return failed(`no key has the id ${keyId}: flagtail keys list shows them`)
  return other ? failed(`two keys have the id ${keyId}: take one out of its place by hand`) : ok(key)
}
