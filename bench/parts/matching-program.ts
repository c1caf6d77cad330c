import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { batchesOf, chained, sharedFields } from '../../server/tail/batches.fixture.ts'
import { HeardBatch } from '../../server/tail/heard.ts'
import { type Hearer, Interest } from '../../server/tail/interest.ts'
import { matchBatch } from '../../server/tail/match.ts'
import { makePosts } from '../posts.ts'
import { percentile, workload } from '../workload.ts'
import { filterCounts, type Matching, type MatchingKind } from './filter-counts.ts'

/** Does of a Tail's work what matching costs: no frames, no sampling. */
class CountingHearer implements Hearer {
  readonly matcher: Hearer['matcher']
  readonly environments = new Map([[sharedFields.environmentId, 'full' as const]])
  matched = 0

  constructor(text: string) {
    const filter = parseFilter(text)
    if (!filter.ok) throw new Error(`${text} is no filter`)
    this.matcher = compileFilter(filter.value)
  }

  hear(...[batch, spans]: Parameters<Hearer['hear']>): void {
    this.matched += matchBatch(this.matcher, batch, spans)?.impressions ?? 0
  }

  hearGap(): void {}
}

const seconds = Number(process.argv[2])
const leastPasses = 2
const batches = chained(makePosts(16, workload.perPost).flatMap(({ groups }) => batchesOf(groups)))
const impressions = batches.reduce((sum, { header }) => sum + header.impressions, 0)

/** Exact filters as viewers of the workload have them; beyond its 200 flags some that nobody posts. */
function interestOf(kind: MatchingKind, count: number): Interest {
  const interest = new Interest()
  const name = kind === 'flag' ? 'flag_' : 'user-'
  for (let index = 0; index < count; index++) interest.add(new CountingHearer(`${kind}:${name}${index}`))
  return interest
}

/** The median pass, so that a busy machine shows less. */
function nsPerImpression(interest: Interest): number {
  const pass = (): number => {
    const began = performance.now()
    for (const batch of batches) interest.route(new HeardBatch(batch), [])
    return ((performance.now() - began) * 1e6) / impressions
  }
  pass() // code is compiled
  const endMs = performance.now() + seconds * 1000
  const passes: number[] = []
  while (passes.length < leastPasses || performance.now() < endMs) passes.push(pass())
  return percentile(passes, 0.5)
}

const measure = (kind: MatchingKind) =>
  filterCounts.map((count) => [count, nsPerImpression(interestOf(kind, count))] as const)
const matching: Matching = { flag: measure('flag'), key: measure('key') }
console.log(JSON.stringify(matching))
