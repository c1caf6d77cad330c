import type { View } from '../tail/view.ts'

/** Why there are no rows. What is not known is never told as nothing. */
export type Emptiness =
  /** The server has not answered yet, which takes a moment. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'not-connected'; readonly offline: boolean }
  | { readonly kind: 'log-away' }
  | { readonly kind: 'cleared'; readonly atMs: number; readonly still: boolean }
  | { readonly kind: 'still'; readonly waiting: number }
  | { readonly kind: 'quiet' }
  /** Matches there were, and none of their rows is here. */
  | { readonly kind: 'rows-elsewhere'; readonly matched: number }
  | { readonly kind: 'no-match'; readonly lastMinute: number | undefined }

export function emptinessOf(view: View): Emptiness {
  const { connection, refusal, busDown, settled, mode, waiting, search, matched, clearedAtMs } = view
  if (refusal)
    return { kind: 'refused', message: refusal.reason === 'filter' ? refusal.error.message : refusal.message }
  if (connection.kind === 'offline' || connection.kind === 'reconnecting') {
    return { kind: 'not-connected', offline: connection.kind === 'offline' }
  }
  if (busDown) return { kind: 'log-away' }
  if (!settled) return { kind: 'unknown' }
  if (clearedAtMs !== undefined) return { kind: 'cleared', atMs: clearedAtMs, still: mode !== 'live' }
  if (mode === 'paused' || mode === 'reading') return { kind: 'still', waiting }
  if (matched > 0) return { kind: 'rows-elsewhere', matched }
  return search.canonical === '' ? { kind: 'quiet' } : { kind: 'no-match', lastMinute: lastMinute(view) }
}

/** Impressions of the chosen environments, before the rest of the filter. */
function lastMinute({ facets }: View): number | undefined {
  return facets?.environments.values.reduce((sum, [, impressions]) => sum + impressions, 0)
}
