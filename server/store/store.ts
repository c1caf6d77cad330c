import type { Result } from '../../domain/result.ts'

export type StoreFailure = { readonly message: string }

/** Small things that all servers on one Redis share; without Redis, those of this process. Failures are values. */
export interface SharedStore {
  made(name: string, make: () => string): Promise<Result<string, StoreFailure>>
  claim(name: string, forMs: number): Promise<Result<boolean, StoreFailure>>
  put(name: string, text: string, forMs: number): Promise<Result<void, StoreFailure>>
  get(name: string): Promise<Result<string | undefined, StoreFailure>>
  delete(name: string): Promise<Result<void, StoreFailure>>
  table(name: string): Promise<Result<ReadonlyMap<string, string>, StoreFailure>>
  putEntry(name: string, field: string, text: string): Promise<Result<void, StoreFailure>>
  deleteEntry(name: string, field: string): Promise<Result<void, StoreFailure>>
  close(): Promise<void>
}
