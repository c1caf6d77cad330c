import type { OtherKind, PostRoute } from './paths.ts'
import type { RejectReason } from './row-rules.ts'

/** What ingest tells about its own work; whoever measures implements it. Callbacks must not throw. */
export type IngestCounts = {
  /** A post was answered. 499: its sender hung up before the body was whole, so nobody was answered. */
  post(route: PostRoute, status: number): void
  /** So many impressions of one post are in the log. */
  accepted(environmentId: string, impressions: number): void
  /** So many impressions of one post were skipped. */
  rejected(environmentId: string, reason: RejectReason, impressions: number): void
  /** So many impressions of one post, accepted like any other, are labelled possible retry. */
  retried(environmentId: string, impressions: number): void
  /** So many rows would no longer be known as retries, because too many others may be repeated too. */
  forgotten(rows: number): void
  /** A post of another kind was taken, with so many entries. */
  entries(environmentId: string, kind: OtherKind, entries: number): void
  /** Something broke inside; the sender got a 500 without details. */
  failed(error: unknown): void
}
