import type { Matcher } from '../../domain/filter/compile.ts'
import type { HeardBatch, Pick } from './heard.ts'
import { HearerIndex } from './hearer-index.ts'

/**
 * Finds in a batch of the log the rows that a filter can match at all, by its keys or flags where it names them: whoever
 * comes back reads the whole log, and parsing each row of it for one key took seconds.
 */
export function candidateFinder(matcher: Matcher): (batch: HeardBatch) => readonly Pick[] {
  const { keys, flags } = matcher
  const index = new HearerIndex<Matcher>()
  index.add(matcher, keys ?? flags ?? [])
  if (keys) return (batch) => index.inRows(batch).get(matcher) ?? []
  if (flags) return (batch) => index.inSpans(batch).get(matcher) ?? []
  return (batch) => batch.spans
}
