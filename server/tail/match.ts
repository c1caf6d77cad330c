import type { FlagSpan } from '../../domain/batch.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Impression } from '../../domain/impression.ts'
import type { HeardBatch, Pick } from './heard.ts'

type Treatments = (readonly [treatment: string, impressions: number])[]

/** What a filter makes of one batch: exact counts, and which rows. */
export type Match = {
  readonly batch: HeardBatch
  readonly impressions: number
  readonly treatments: Readonly<Treatments>
  readonly picks: readonly Pick[]
}

/** How many rows a pick names. */
export function pickedRows(pick: Pick): number {
  return pick.rows === 'all' ? pick.span.impressions : pick.rows.length
}

/** The picked rows' indexes within their span. */
export function pickedIndexes(pick: Pick): readonly number[] {
  return pick.rows === 'all' ? Array.from({ length: pick.span.impressions }, (_, index) => index) : pick.rows
}

/** The canonical records that a match names, with each row's index in the batch. */
export function* matchedImpressions(match: Match): Generator<{ index: number; impression: Impression }> {
  for (const pick of match.picks) {
    for (const index of pickedIndexes(pick)) {
      yield { index: pick.span.firstRow + index, impression: match.batch.impression(pick.span, index) }
    }
  }
}

/**
 * Matches a batch, or those of its rows that the caller knows to be all that can match. Rows are parsed only where the
 * header cannot answer: for terms on the row itself, and for a span of which only some treatments or labels match.
 */
export function matchBatch(
  matcher: Matcher,
  batch: HeardBatch,
  candidates: readonly Pick[] = batch.spans,
): Match | undefined {
  if (!matcher.shared(batch.header.shared)) return undefined
  const treatments: Treatments = []
  const picks: Pick[] = []
  let impressions = 0
  for (const candidate of candidates) {
    const pick = matchRows(matcher, batch, candidate, treatments)
    if (!pick) continue
    picks.push(pick)
    impressions += pickedRows(pick)
  }
  return impressions === 0 ? undefined : { batch, impressions, treatments, picks }
}

/** Adds to `treatments` what it picks. */
function matchRows(matcher: Matcher, batch: HeardBatch, candidate: Pick, treatments: Treatments): Pick | undefined {
  const { span } = candidate
  const counted = countedImpressions(matcher, span)
  if (counted === 0) return undefined
  if (counted === span.impressions && !matcher.row) {
    addTreatments(treatments, batch, candidate)
    return candidate
  }
  const rows = matchingIndexes(matcher, batch, candidate, treatments)
  return rows.length === 0 ? undefined : { span, rows }
}

function countedImpressions(matcher: Matcher, span: FlagSpan): number {
  let counted = 0
  for (const count of span.counts) {
    if (matcher.counted(span.flag, count.treatment, count.label)) counted += count.impressions
  }
  return counted
}

function matchingIndexes(
  matcher: Matcher,
  batch: HeardBatch,
  { span, rows }: Pick,
  treatments: Treatments,
): readonly number[] {
  const indexes: number[] = []
  const look = (index: number, impression: Impression): void => {
    const { flag, treatment, label } = impression
    if (!matcher.counted(flag, treatment, label) || !(matcher.row?.(impression) ?? true)) return
    indexes.push(index)
    treatments.push([treatment, 1])
  }
  if (rows === 'all') for (const [index, impression] of batch.impressions(span).entries()) look(index, impression)
  else for (const index of rows) look(index, batch.impression(span, index))
  return indexes
}

function addTreatments(treatments: Treatments, batch: HeardBatch, { span, rows }: Pick): void {
  if (rows === 'all') for (const { treatment, impressions } of span.counts) treatments.push([treatment, impressions])
  else for (const index of rows) treatments.push([batch.impression(span, index).treatment, 1])
}
