import { failed, ok, type Result } from '../../domain/result.ts'
import type { ConfiguredEnvironments } from '../config-file.ts'
import type { SharedStore } from '../store/store.ts'
import { deleteMadeKey, type MadeKey, putMadeKey, readMadeKeys } from './made-keys.ts'
import { checkRoom, type KeyShelf, keysOfConfig, keyWithId, type LiveKey } from './shelf.ts'

/** Keys in the store of all servers, beside those of the config file, which only count and are shown here. */
export function openStoreShelf(store: SharedStore, environments: ConfiguredEnvironments): KeyShelf {
  const list = async (): Promise<Result<readonly LiveKey[], string>> => {
    const made = await readMadeKeys(store)
    if (!made.ok) return failed(made.error.message)
    const configured = keysOfConfig(environments)
    const known = new Set(configured.map(({ sha256 }) => sha256))
    const others = made.value.keys.filter(({ sha256 }) => !known.has(sha256))
    return ok([...configured, ...others.map((key) => ({ ...key, place: 'Redis' as const }))])
  }
  return {
    list,
    add: async (key) => {
      const before = await list()
      const room = before.ok ? checkRoom(before.value, key) : before
      if (!room.ok) return room
      const put = await putMadeKey(store, key)
      return put.ok ? keepIfRoom(store, key, list) : failed(put.error.message)
    },
    remove: async (keyId) => {
      const live = await list()
      const found = live.ok ? keyWithId(live.value, keyId) : live
      if (!found.ok) return found
      if (found.value.place === 'config file') {
        return failed(`${keyId} stands in the config file: take it out there, servers read it again within a minute`)
      }
      const deleted = await deleteMadeKey(store, found.value.sha256)
      return deleted.ok ? found : failed(deleted.error.message)
    },
    close: () => store.close(),
  }
}

/** Two people may have made one at the same moment: then the later of them to look takes his own out. */
async function keepIfRoom(store: SharedStore, key: MadeKey, list: KeyShelf['list']): Promise<Result<void, string>> {
  const after = await list()
  if (!after.ok) return ok(undefined)
  const others = after.value.filter(({ sha256 }) => sha256 !== key.sha256)
  const room = checkRoom(others, key)
  if (!room.ok) await deleteMadeKey(store, key.sha256)
  return room
}
