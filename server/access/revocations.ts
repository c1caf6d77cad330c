import type { SharedStore } from '../store/store.ts'

export type RevocationsParts = {
  readonly store: Pick<SharedStore, 'table' | 'putEntry' | 'deleteEntry'>
  /** Epoch ms. */
  readonly now: () => number
  /** So long a session can last at most: then its revocation is forgotten. */
  readonly sessionMs: number
  /** So often other servers' revocations are read. */
  readonly refreshMs: number
  readonly failed: (error: unknown) => void
}

/** What a session is revoked by. */
export type Revocable = { readonly id: string; readonly personId: string; readonly startedMs: number }

const tableName = 'revoked'

/** Who was signed out, on whichever server: sessions that began before that are over. */
export class Revocations {
  readonly #parts: RevocationsParts
  readonly #told = new Set<() => void>()
  readonly #timer: NodeJS.Timeout
  #before: ReadonlyMap<string, number> = new Map()

  constructor(parts: RevocationsParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.refresh().catch(parts.failed), parts.refreshMs)
    this.#timer.unref()
  }

  isRevoked({ id, personId, startedMs }: Revocable): boolean {
    const before = Math.max(this.#before.get(`session ${id}`) ?? 0, this.#before.get(`person ${personId}`) ?? 0)
    return startedMs <= before
  }

  /** At once on this server; on the others with their next refresh. `false`: the store did not take it. */
  async revoke(what: 'session' | 'person', id: string): Promise<boolean> {
    const field = `${what} ${id}`
    const now = this.#parts.now()
    this.#change(new Map([...this.#before, [field, now]]))
    const put = await this.#parts.store.putEntry(tableName, field, String(now))
    return put.ok
  }

  /** Reads what other servers revoked; what this one knows stays while the store is away. */
  async refresh(): Promise<void> {
    const { store, now, sessionMs } = this.#parts
    const table = await store.table(tableName)
    if (!table.ok) return
    const before = new Map(this.#before)
    const oldestMs = now() - sessionMs
    for (const [field, text] of table.value) {
      const atMs = Number(text)
      if (atMs >= oldestMs) before.set(field, Math.max(atMs, before.get(field) ?? 0))
      else await store.deleteEntry(tableName, field)
    }
    for (const [field, atMs] of before) {
      if (atMs < oldestMs) before.delete(field)
      else if (!table.value.has(field)) await store.putEntry(tableName, field, String(atMs)) // it was away when that was done
    }
    if ([...before].some(([field, atMs]) => this.#before.get(field) !== atMs)) this.#change(before)
    else this.#before = before
  }

  /** Calls back whenever somebody more is signed out; returns how to stop. */
  watch(told: () => void): () => void {
    this.#told.add(told)
    return () => this.#told.delete(told)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #change(before: ReadonlyMap<string, number>): void {
    this.#before = before
    for (const told of this.#told) told()
  }
}
