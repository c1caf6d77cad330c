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

type Subject = 'session' | 'person'
type Times = ReadonlyMap<string, number>

/** Tables of their own: sign-outs by the thousand must not keep an admin's from reaching other servers. */
const tables: Readonly<Record<Subject, string>> = { session: 'revoked sessions', person: 'revoked people' }
/** So many of the oldest make room in a full table. */
const roomMade = 100

/** Who was signed out, on whichever server: a session by its id, or all of a person that began before that. */
export class Revocations {
  readonly #parts: RevocationsParts
  readonly #told = new Set<() => void>()
  readonly #timer: NodeJS.Timeout
  #times: Readonly<Record<Subject, Times>> = { session: new Map(), person: new Map() }

  constructor(parts: RevocationsParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.refresh().catch(parts.failed), parts.refreshMs)
    this.#timer.unref()
  }

  isRevoked({ id, personId, startedMs }: Revocable): boolean {
    return this.#times.session.has(id) || startedMs <= (this.#times.person.get(personId) ?? 0)
  }

  /** At once on this server; on the others with their next refresh. `false`: the store did not take it. */
  async revoke(what: Subject, id: string): Promise<boolean> {
    const now = this.#parts.now()
    this.#change(what, new Map([...this.#times[what], [id, now]]))
    if (await this.#put(what, id, now)) return true
    await this.#makeRoom(what)
    return this.#put(what, id, now)
  }

  /** Reads what other servers revoked; what this one knows stays while the store is away. */
  async refresh(): Promise<void> {
    await this.#refresh('session')
    await this.#refresh('person')
  }

  /** Calls back whenever somebody more is signed out; returns how to stop. */
  watch(told: () => void): () => void {
    this.#told.add(told)
    return () => this.#told.delete(told)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #refresh(what: Subject): Promise<void> {
    const { store, now, sessionMs } = this.#parts
    const table = await store.table(tables[what])
    if (!table.ok) return
    const times = new Map(this.#times[what])
    const oldestMs = now() - sessionMs
    for (const [id, text] of table.value) {
      const atMs = Number(text)
      if (atMs >= oldestMs) times.set(id, Math.max(atMs, times.get(id) ?? 0))
      else await store.deleteEntry(tables[what], id)
    }
    for (const [id, atMs] of times) {
      if (atMs < oldestMs) times.delete(id)
      else if (!table.value.has(id) && !(await this.#put(what, id, atMs))) break // it was away when that was done, or is full
    }
    const isMore = [...times].some(([id, atMs]) => this.#times[what].get(id) !== atMs)
    if (isMore) this.#change(what, times)
    else this.#times = { ...this.#times, [what]: times }
  }

  async #put(what: Subject, id: string, atMs: number): Promise<boolean> {
    return (await this.#parts.store.putEntry(tables[what], id, String(atMs))).ok
  }

  async #makeRoom(what: Subject): Promise<void> {
    const table = await this.#parts.store.table(tables[what])
    if (!table.ok) return
    const oldest = [...table.value].sort(([, a], [, b]) => Number(a) - Number(b)).slice(0, roomMade)
    for (const [id] of oldest) await this.#parts.store.deleteEntry(tables[what], id)
  }

  #change(what: Subject, times: Times): void {
    this.#times = { ...this.#times, [what]: times }
    for (const told of this.#told) told()
  }
}
