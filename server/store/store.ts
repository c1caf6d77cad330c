import type { Result } from '../../domain/result.ts'

/**
 * Why the store could not take or give something. `down`: it has not done it. `unanswered`: it was asked, and may have
 * done it. `full`: a table has as many entries as it may.
 */
export type StoreFailure = { readonly reason: 'down' | 'unanswered' | 'full'; readonly message: string }

/**
 * Small things that all servers on one Redis share; without Redis, those of this process. Failures are values. Texts,
 * claims, made texts and tables have names of their own: the same name may be used in each.
 */
export interface SharedStore {
  /** The text under a name; made by the first who asks, the same for all servers from then on. */
  made(name: string, make: () => string): Promise<Result<string, StoreFailure>>
  /** Takes a name for so long: false when somebody has it already. */
  claim(name: string, forMs: number): Promise<Result<boolean, StoreFailure>>
  /** Writes a text that is forgotten after so long, in the place of any other of that name. */
  put(name: string, text: string, forMs: number): Promise<Result<void, StoreFailure>>
  get(name: string): Promise<Result<string | undefined, StoreFailure>>
  /** Forgets a text now. */
  delete(name: string): Promise<Result<void, StoreFailure>>
  /** A table of few entries, kept until deleted. */
  table(name: string): Promise<Result<ReadonlyMap<string, string>, StoreFailure>>
  putEntry(name: string, field: string, text: string): Promise<Result<void, StoreFailure>>
  deleteEntry(name: string, field: string): Promise<Result<void, StoreFailure>>
  close(): Promise<void>
}

export function tableFull(name: string, entries: number): { readonly ok: false; readonly error: StoreFailure } {
  return { ok: false, error: { reason: 'full', message: `"${name}" has ${entries} entries, and may not have more` } }
}

/** Whoever stores bounds what he stores: a longer text is a mistake of ours. */
export function checkText(text: string, mostBytes: number): string {
  const bytes = Buffer.byteLength(text)
  if (bytes > mostBytes) throw new Error(`a text of ${bytes} bytes is too long for the store: ${mostBytes} at most`)
  return text
}
