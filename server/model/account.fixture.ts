import { beginning, type Position, samePoint } from '../../domain/chain.ts'
import { compileFilter, type Matcher } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Impression } from '../../domain/impression.ts'
import type { Told } from './told.fixture.ts'
import type { Seen, Witness } from './witness.fixture.ts'

/** What a viewer's cursors say that it has passed in one log. */
export type Passage = {
  readonly environmentId: string
  /** Batches on the way from its beginning, link by link. */
  readonly certain: readonly Seen[]
  /** Batches of new lives and branches, of which it may have missed the first under a gap without a count. */
  readonly uncertain: readonly Seen[]
  /** How often the chain led nowhere from where it stood. */
  readonly breaks: number
  readonly begins: Position
  readonly ends: Position
}

export function matcherOf(filter: string): Matcher {
  const parsed = parseFilter(filter)
  if (!parsed.ok) throw new Error(`the model has a wrong filter: ${filter}`)
  return compileFilter(parsed.value)
}

/** Whether a filter lets everything of an environment through. */
export function letsAllThrough(filter: string): boolean {
  const parsed = parseFilter(filter)
  return parsed.ok && parsed.value.terms.every((term) => 'field' in term && term.field === 'env')
}

export function matching(matcher: Matcher, batches: readonly Seen[]): readonly Impression[] {
  return batches.flatMap(({ rows }) => rows.filter((row) => matcher.matches(row)))
}

/** Follows what a viewer was told through the logs as they were. */
export function passagesOf(told: Told, witness: Witness): readonly Passage[] {
  return told.backfill.cursor.map((begins) => passageOf(told, begins, witness))
}

function passageOf(told: Told, begins: Position, witness: Witness): Passage {
  const { environmentId } = begins
  const certain: Seen[] = []
  const uncertain: Seen[] = []
  let breaks = 0
  for (const { cursor } of [told.backfill, ...told.steps]) {
    const nameless = cursor.find(({ epoch }) => epoch === undefined)
    if (nameless) throw new Error(`a cursor says nothing of the life of ${nameless.environmentId}`)
  }
  let at = begins
  for (const { cursor } of told.steps) {
    const next = cursor.find((position) => position.environmentId === environmentId)
    if (!next || samePoint(at, next)) continue
    const path = witness.path(at, next)
    if (path) certain.push(...path)
    else {
      breaks++
      const old = new Set([...(witness.path(beginning(environmentId), at) ?? []), ...certain, ...uncertain])
      const all = witness.path(beginning(environmentId), next)
      if (!all) throw new Error(`a cursor names ${next.id} of ${environmentId}, which nobody appended`)
      // Of the old life or branch it may have been given what it had not read yet, before it was told.
      const late = witness.seen.filter((batch) => isBehind(batch, at) && !old.has(batch) && !all.includes(batch))
      uncertain.push(...late, ...all.filter((batch) => !old.has(batch)))
    }
    at = next
  }
  const known = new Set([...certain, ...uncertain])
  uncertain.push(...passedOver(told, environmentId, witness).filter((batch) => !known.has(batch)))
  return { environmentId, certain, uncertain, breaks, begins, ends: at }
}

/**
 * Batches that it may have got on no way between its cursors: of a life or branch that began and ended between two of
 * them, behind a gap without a count.
 */
function passedOver(told: Told, environmentId: string, witness: Witness): readonly Seen[] {
  if (!told.gaps.some((gap) => gap.environmentId === environmentId && gap.impressions === undefined)) return []
  const names = new Set(told.steps.flatMap(({ rows }) => rows.map(({ impression }) => impression.bucketingKey)))
  const mayBe = ({ rows }: Seen): boolean => rows.some((row) => names.has(row.bucketingKey))
  return witness.seen.filter((batch) => batch.environmentId === environmentId && mayBe(batch))
}

function isBehind({ environmentId, chain }: Seen, position: Position): boolean {
  return environmentId === position.environmentId && chain.epoch === position.epoch && chain.offset > position.offset
}
