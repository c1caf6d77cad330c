import { ok, type Result } from '../../domain/result.ts'
import { placeOf } from '../../domain/rows.ts'
import type { BusFailure } from '../bus/bus.ts'
import type { Group } from './frames.ts'
import type { SeenLogs } from './seen-logs.ts'

/**
 * The row of this id alone, whatever anybody's filter says; nothing where no log has it any more. Out of sight nothing is
 * looked for, so that not even the time it takes tells whether there is such a row.
 */
export async function findRow(logs: SeenLogs, id: string): Promise<Result<readonly Group[], BusFailure>> {
  const place = placeOf(id)
  if (!place || !logs.environments.some((environment) => environment.id === place.environmentId)) return ok([])
  const page = await logs.beforeNear(place.environmentId, place.offset + 1)
  if (!page.ok) return page
  const batch = page.value.batches.find(({ chain }) => chain.epoch === place.epoch && chain.offset === place.offset)
  if (!batch) return ok([])
  const picks = batch.header.spans.flatMap((span) => {
    const index = place.index - span.firstRow
    return index >= 0 && index < span.impressions ? [{ span, rows: [index] }] : []
  })
  return ok(picks.length === 0 ? [] : [{ batch, picks }])
}
