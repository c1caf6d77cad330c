import type { Shared } from '../../domain/impression.ts'
import type { Portable } from '../bus/packed.ts'
import type { OtherKind } from './paths.ts'
import type { Refusal } from './refusal.ts'
import type { Rejections } from './row-rules.ts'

/** A body in order, in memory that is given to another thread: whoever gives it has it no more. */
export type Pieces = readonly Uint8Array<ArrayBuffer>[]

/** A body to be read on another thread. */
export type Job =
  | { readonly of: 'impressions'; readonly body: Pieces; readonly shared: Shared }
  | { readonly of: OtherKind; readonly body: Pieces }

/** What a thread is asked: a body, or the rest of what it has read of the last one. */
export type Asked = Job | 'more'

/** What a thread says: once that it is there, then one answer to whatever it is asked. */
export type Told =
  | { readonly told: 'ready' }
  | { readonly told: 'refused'; readonly refusal: Refusal }
  | { readonly told: 'entries'; readonly entries: number }
  | {
      readonly told: 'batches'
      readonly accepted: number
      readonly rejected: Rejections
      readonly some: Portable
      readonly more: boolean
    }
  /** A mistake of this program. */
  | { readonly told: 'broken'; readonly error: unknown }
