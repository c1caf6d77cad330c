import type { FlagSpan } from '../../domain/batch.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Impression } from '../../domain/impression.ts'
import type { HeardBatch } from './heard.ts'

/** The matching rows of one span: all of them, or those at these indexes within the span, ascending. */
export type Pick = { readonly span: FlagSpan; readonly rows: 'all' | readonly number[] }

/** What a filter makes of one batch: exact counts, and which rows. */
export type Match = {
  readonly batch: HeardBatch
  readonly impressions: number
  readonly treatments: readonly (readonly [treatment: string, impressions: number])[]
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
    const impressions = match.batch.impressions(pick.span)
    for (const index of pickedIndexes(pick)) {
      const impression = impressions[index]
      if (impression) yield { index: pick.span.firstRow + index, impression }
    }
  }
}

/**
 * Matches a batch, or those of its spans that the caller knows to be of interest. Rows are parsed only where the header
 * cannot answer: for terms on the row itself, and for a span of which only some treatments or labels match.
 */
export function matchBatch(
  matcher: Matcher,
  batch: HeardBatch,
  spans: readonly FlagSpan[] = batch.header.spans,
): Match | undefined {
  if (!matcher.shared(batch.header.shared)) return undefined
  const treatments: [string, number][] = []
  const picks: Pick[] = []
  let impressions = 0
  for (const span of spans) {
    const counted = countedImpressions(matcher, span)
    if (counted === 0) continue
    const whole = counted === span.impressions && !matcher.row
    const pick: Pick = { span, rows: whole ? 'all' : matchingIndexes(matcher, batch, span) }
    if (pick.rows.length === 0) continue
    picks.push(pick)
    impressions += pickedRows(pick)
    if (matcher.row) addRows(treatments, batch, pick)
    else addCounts(treatments, matcher, span)
  }
  return impressions === 0 ? undefined : { batch, impressions, treatments, picks }
}

function countedImpressions(matcher: Matcher, span: FlagSpan): number {
  let counted = 0
  for (const count of span.counts) {
    if (matcher.counted(span.flag, count.treatment, count.label)) counted += count.impressions
  }
  return counted
}

function matchingIndexes(matcher: Matcher, batch: HeardBatch, span: FlagSpan): readonly number[] {
  const indexes: number[] = []
  for (const [index, impression] of batch.impressions(span).entries()) {
    const { flag, treatment, label } = impression
    if (matcher.counted(flag, treatment, label) && (matcher.row?.(impression) ?? true)) indexes.push(index)
  }
  return indexes
}

function addCounts(treatments: [string, number][], matcher: Matcher, span: FlagSpan): void {
  for (const count of span.counts) {
    if (matcher.counted(span.flag, count.treatment, count.label)) treatments.push([count.treatment, count.impressions])
  }
}

function addRows(treatments: [string, number][], batch: HeardBatch, pick: Pick): void {
  const impressions = batch.impressions(pick.span)
  for (const index of pickedIndexes(pick)) {
    const treatment = impressions[index]?.treatment
    if (treatment !== undefined) treatments.push([treatment, 1])
  }
}
