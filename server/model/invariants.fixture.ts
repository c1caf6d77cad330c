import type { Gap } from '../../domain/chain.ts'
import { letsAllThrough, matcherOf, matching, type Passage, passagesOf } from './account.fixture.ts'
import type { ModelPage } from './page.fixture.ts'
import type { Post } from './posts.fixture.ts'
import type { Told, ToldRow } from './told.fixture.ts'
import type { Seen } from './witness.fixture.ts'
import type { World } from './world.fixture.ts'

/** The number of the promise that does not hold, and why. */
export type Violation = { readonly promise: `M${1 | 2 | 3 | 4 | 5 | 6}`; readonly why: string }

type Known = {
  readonly world: World
  /** Rows that were ever in a log, by their own names. */
  readonly rows: ReadonlyMap<string, { readonly batch: Seen; readonly index: number }>
  /** Offset of the first batch that each log holds and has held all the time. */
  readonly held: ReadonlyMap<string, number>
}

/** Whoever reads: what the invariants ask of a page holds for a script too. */
type Listener = Pick<ModelPage, 'name' | 'told' | 'latest' | 'books' | 'markers' | 'wrong' | 'isSmall'>

/** One listener under one filter. */
type Case = { readonly page: Listener; readonly told: Told; readonly passages: readonly Passage[] }

/** Everything that does not hold at the end of a run, when every viewer has caught up. */
export async function violationsOf(world: World): Promise<readonly Violation[]> {
  const held = new Map<string, number>()
  for (const id of world.environmentIds) {
    const first = await world.witness.firstHeld(id)
    if (first !== undefined) held.set(id, Math.max(first, world.trimmedTo.get(id) ?? 0))
  }
  const known: Known = { world, rows: rowsOf(world.witness.seen), held }
  const listeners: readonly Listener[] = [...world.pages, world.reader]
  const cases = listeners.flatMap((page) =>
    page.told.map((told): Case => ({ page, told, passages: passagesOf(told, world.witness) })),
  )
  const latest = cases.filter(({ page, told }) => told === page.latest)
  return [
    ...latest.flatMap((one) => unaccounted(known, one)),
    ...cases.flatMap(disorder),
    ...cases.flatMap((one) => wrongGaps(known, one)),
    ...latest.flatMap((one) => inexactGaps(known, one)),
    ...lostPosts(known),
    ...listeners.flatMap(({ wrong }) => wrong.map((why): Violation => ({ promise: 'M5', why }))),
    ...latest.flatMap(wrongBooks),
    ...latest.flatMap((one) => notLoaded(known, one)),
    ...cases.flatMap((one) => strangers(known, one)),
  ]
}

function rowsOf(batches: readonly Seen[]): Known['rows'] {
  return new Map(
    batches.flatMap((batch) => batch.rows.map((row, index) => [row.bucketingKey ?? '', { batch, index }] as const)),
  )
}

function nameOf({ impression }: ToldRow): string {
  return impression.bucketingKey ?? ''
}

function tell({ page, told }: Case): string {
  return `${page.name} "${told.filter}"`
}

function unknownGaps(told: Told, environmentId: string): readonly Gap[] {
  return told.gaps.filter((gap) => gap.environmentId === environmentId && gap.impressions === undefined)
}

/** A node that has not noticed a fork yet may bring what was lost by it once more, after another node has told of it. */
function wasForked(told: Told, environmentId: string): boolean {
  return unknownGaps(told, environmentId).some(({ reason }) => reason === 'forked')
}

/** M1: what was acknowledged since its start and matches is on its way, or in a branch whose loss was told. */
function unaccounted({ world, rows }: Known, one: Case): readonly Violation[] {
  const matcher = matcherOf(one.told.filter)
  const violations: Violation[] = []
  for (const passage of one.passages) {
    const blurred = isBlurred(world, one, passage.environmentId)
    const passed = new Set(blurred ? [...passage.certain, ...passage.uncertain] : passage.certain)
    const since = lastBefore(world, one.told, passage)
    const names = world.posts.all
      .filter((post) => post.outcome === 'acknowledged' && post.environmentId === passage.environmentId)
      .flatMap((post) => post.names)
    const lost = names.filter((name) => {
      const row = rows.get(name)
      if (!row || row.batch.order <= since || passed.has(row.batch)) return false
      if (world.forgotten.has(row.batch.chain.id)) return false
      const impression = row.batch.rows[row.index]
      return impression !== undefined && matcher.matches(impression)
    })
    const untold = unknownGaps(one.told, passage.environmentId).length === 0
    if (lost.length > 0 && untold) {
      violations.push({ promise: 'M1', why: `${tell(one)} was never told of ${lost.length} rows: ${lost.slice(0, 5)}` })
    }
  }
  return [...violations, ...silent(one)]
}

/** Order of the last batch that a viewer was not owed when it began. */
function lastBefore({ witness }: World, told: Told, { begins }: Passage): number {
  const last = witness.batch(begins.id)
  if (last) return last.order
  const isOfThatLife = ({ environmentId, chain }: Seen): boolean =>
    environmentId === begins.environmentId && chain.epoch === begins.epoch
  return (witness.seen.find(isOfThatLife)?.order ?? told.sinceBatches) - 1
}

/** M1: no more rows are absent than the books say. */
function silent(one: Case): readonly Violation[] {
  const { books } = one.page
  if (!books) return []
  const delivered = new Set(one.told.rows.map(nameOf))
  const matcher = matcherOf(one.told.filter)
  const absent = matching(
    matcher,
    one.passages.flatMap(({ certain }) => certain),
  ).filter(({ bucketingKey }) => !delivered.has(bucketingKey ?? ''))
  const told = books.skipped + books.sampledOut + books.missed.impressions
  if (absent.length <= told || books.missed.unknown > 0) return []
  return [{ promise: 'M1', why: `${tell(one)} has not got ${absent.length} rows and was told of ${told}` }]
}

/** M2: rows of starts and frames come in the order of their log, each once. */
function disorder(one: Case): readonly Violation[] {
  const violations: Violation[] = []
  const names = new Set<string>()
  const last = new Map<string, readonly [number, number]>()
  for (const row of [one.told.backfill, ...one.told.steps].flatMap(({ rows }) => rows)) {
    const name = nameOf(row)
    const [environmentId = '', epoch = '', offset = '', index = ''] = row.id.split(':')
    const forked = wasForked(one.told, environmentId)
    if (names.has(name) && !forked)
      violations.push({ promise: 'M2', why: `${tell(one)} got ${row.id} (${name}) twice` })
    names.add(name)
    const place = [Number(offset), Number(index)] as const
    const before = last.get(`${environmentId}:${epoch}`)
    if (before && !isBehind(place, before) && !forked) {
      violations.push({ promise: 'M2', why: `${tell(one)} got ${row.id} behind ${before.join(':')}` })
    }
    last.set(`${environmentId}:${epoch}`, place)
  }
  return violations
}

function isBehind([offset, index]: readonly [number, number], before: readonly [number, number]): boolean {
  return offset > before[0] || (offset === before[0] && index > before[1])
}

/**
 * A fork behind which the log has been trimmed before anybody looked: no entry is left that could tell, and it is told as
 * a gap whose count is that of the new branch.
 */
function isBlurred(world: World, { told }: Case, environmentId: string): boolean {
  const counted = told.gaps.some((gap) => gap.environmentId === environmentId && gap.reason === 'trimmed')
  return counted && world.forgottenIn.has(environmentId)
}

/** M3: without a count only where a log lost a life or a branch, and always there. */
function wrongGaps({ world }: Known, one: Case): readonly Violation[] {
  return one.passages.flatMap(({ environmentId, breaks }): readonly Violation[] => {
    const unknown = unknownGaps(one.told, environmentId).length
    const broken = world.broken.get(environmentId) ?? 0
    if (isBlurred(world, one, environmentId)) return []
    if (breaks > unknown)
      return [{ promise: 'M3', why: `${tell(one)}: the log broke ${breaks} times and ${unknown} were told` }]
    if (unknown > 0 && broken === 0)
      return [{ promise: 'M3', why: `${tell(one)}: ${unknown} gaps without a count in an intact log` }]
    return []
  })
}

/** M3: while the chain is intact, what was accepted is what matched and what was missed, to the impression. */
function inexactGaps({ world }: Known, one: Case): readonly Violation[] {
  const { page, told, passages } = one
  const found = page.markers.filter(({ kind }) => kind === 'unaccounted')
  if (found.length > 0) return [{ promise: 'M3', why: `${tell(one)} found by itself: ${JSON.stringify(found)}` }]
  if (!page.books || page.books.missed.unknown > 0 || !letsAllThrough(told.filter)) return []
  if (passages.some(({ environmentId }) => isBlurred(world, one, environmentId))) return []
  const accepted = passages.flatMap(({ certain }) => certain).reduce((sum, { rows }) => sum + rows.length, 0)
  const counted = page.books.matched - told.backfill.rows.length + page.books.missed.impressions
  if (accepted === counted) return []
  const books = JSON.stringify(page.books)
  return [{ promise: 'M3', why: `${tell(one)}: the logs took ${accepted}, matched + missed is ${counted}: ${books}` }]
}

/** M4: what was answered 200 was in a log. Whether a lost life was told is seen from the viewers. */
function lostPosts({ world, rows }: Known): readonly Violation[] {
  // What was under way while Redis died may have been in its log without the witness hearing of it.
  const witnessed = ({ askedMs, answeredMs }: Post): boolean =>
    !world.kills.some(({ fromMs, toMs }) => askedMs <= toMs && answeredMs >= fromMs)
  return world.posts.all
    .filter(witnessed)
    .filter(({ outcome, names }) => outcome === 'acknowledged' && names.some((name) => !rows.has(name)))
    .map(({ names }) => ({
      promise: 'M4',
      why: `acknowledged and in no log: ${names.filter((name) => !rows.has(name))}`,
    }))
}

/** M5: the counters are those that the logs give. */
function wrongBooks(one: Case): readonly Violation[] {
  const { page, told, passages } = one
  const { books } = page
  if (!books) return [{ promise: 'M5', why: `${tell(one)} has no books` }]
  const matcher = matcherOf(told.filter)
  const certain = matching(
    matcher,
    passages.flatMap((passage) => passage.certain),
  )
  const uncertain = matching(
    matcher,
    passages.flatMap((passage) => passage.uncertain),
  )
  const least = told.backfill.rows.length + certain.length - books.missed.impressions
  const again = matching(
    matcher,
    passages
      .filter(({ environmentId }) => wasForked(told, environmentId))
      .flatMap((passage) => [...passage.certain, ...passage.uncertain]),
  )
  const most = told.backfill.rows.length + certain.length + uncertain.length + again.length
  const exact = books.missed.unknown === 0
  const violations: Violation[] = []
  if (books.matched > most || (exact && books.matched < least)) {
    const why = `${tell(one)} matched ${books.matched}, the logs say ${least} to ${most}: ${JSON.stringify(books)}`
    violations.push({ promise: 'M5', why })
  }
  if (exact && books.missed.impressions === 0)
    violations.push(...wrongTreatments(one, [...certain, ...backfilled(told)]))
  return violations
}

function backfilled(told: Told): readonly { readonly treatment: string }[] {
  return told.backfill.rows.map(({ impression }) => impression)
}

function wrongTreatments(one: Case, rows: readonly { readonly treatment: string }[]): readonly Violation[] {
  const counts = new Map<string, number>()
  for (const { treatment } of rows) counts.set(treatment, (counts.get(treatment) ?? 0) + 1)
  const told = new Map(one.page.books?.perTreatment.counts)
  const wrong = [...counts].filter(([treatment, count]) => told.get(treatment) !== count)
  return wrong.map(([treatment, count]) => ({
    promise: 'M5',
    why: `${tell(one)}: ${count} of ${treatment}, told ${told.get(treatment)}`,
  }))
}

/** M5: what was skipped and is still in the log has been loaded. */
function notLoaded({ held }: Known, one: Case): readonly Violation[] {
  const { page, told, passages } = one
  const { books } = page
  if (!books || books.sampledOut > 0 || books.missed.unknown > 0 || page.isSmall) return []
  const delivered = new Set(told.rows.map(nameOf))
  const there = passages.flatMap(({ environmentId, certain }) =>
    certain.filter(({ chain }) => chain.offset >= (held.get(environmentId) ?? Number.POSITIVE_INFINITY)),
  )
  const absent = matching(matcherOf(told.filter), there).filter(
    ({ bucketingKey }) => !delivered.has(bucketingKey ?? ''),
  )
  if (absent.length === 0) return []
  const names = absent.slice(0, 5).map(({ bucketingKey }) => bucketingKey)
  return [{ promise: 'M5', why: `${tell(one)}: ${absent.length} rows in the log were not loaded: ${names}` }]
}

/** M6: every row is one that was posted, as it was posted, at its place, and passes the filter. */
function strangers({ rows }: Known, one: Case): readonly Violation[] {
  const matcher = matcherOf(one.told.filter)
  return one.told.rows.flatMap((row): readonly Violation[] => {
    const posted = rows.get(nameOf(row))
    const original = posted?.batch.rows[posted.index]
    if (!posted || !original) return [{ promise: 'M6', why: `${tell(one)} got ${row.id}, which nobody posted` }]
    const { environmentId, chain } = posted.batch
    const place = `${environmentId}:${chain.epoch}:${chain.offset}:${posted.index}`
    if (row.id !== place) return [{ promise: 'M6', why: `${tell(one)} got ${row.id}, which is at ${place}` }]
    if (JSON.stringify(row.impression) !== JSON.stringify(original))
      return [{ promise: 'M6', why: `${tell(one)} got ${row.id} altered` }]
    return matcher.matches(row.impression) ? [] : [{ promise: 'M6', why: `${tell(one)} got ${row.id}, filtered out` }]
  })
}
