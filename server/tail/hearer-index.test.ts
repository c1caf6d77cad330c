import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { candidateFinder } from './candidates.ts'
import { HeardBatch, type Pick } from './heard.ts'
import { type Hearer, Interest } from './interest.ts'
import { matchBatch, matchedImpressions } from './match.ts'
import { sightOf } from './sight.fixture.ts'

/** Notes what it is brought and makes of it what a Tail would. */
function hearerOf(text: string): Hearer & { readonly heard: string[] } {
  const filter = parseFilter(text)
  if (!filter.ok) throw new Error(filter.error.message)
  const matcher = compileFilter(filter.value)
  const heard: string[] = []
  const hear = (batch: HeardBatch, candidates: readonly Pick[]): void => {
    const match = matchBatch(matcher, batch, candidates)
    if (match) for (const { index } of matchedImpressions(match)) heard.push(`${batch.chain.offset}:${index}`)
  }
  return { matcher, environments: sightOf(['development']), heard, hear, hearGap: () => {} }
}

const name = fc.constantFrom('a', 'b', 'ab', 'é', 'x/y', 'q"', '\\', '\n', '"a"')
const row = fc.record({
  k: name,
  t: fc.constantFrom('on', 'a'),
  m: fc.constant(1),
  r: fc.option(name),
  b: fc.option(name),
})
const post = fc.array(fc.record({ f: name, i: fc.array(row, { maxLength: 6 }) }), { maxLength: 4 })
const quoted = name.map((value) => JSON.stringify(value))
const filter = fc.oneof(
  quoted.map((value) => `key:${value}`),
  fc.tuple(quoted, quoted).map(([one, other]) => `key:(${one}|${other})`),
  fc.tuple(quoted, quoted).map(([key, flag]) => `key:${key} flag:${flag}`),
  quoted.map((value) => `flag:${value} -treatment:a`),
  fc.constantFrom('', 'treatment:on', 'key:a*', '-key:a', 'key:a key:b'),
)

test('F21 indexes by flag and key bring each Tail exactly what it would find by looking at everything', () => {
  const many = fc.array(filter, { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(post, many, (groups, filters) => {
      const interest = new Interest()
      const hearers = filters.map(hearerOf)
      for (const hearer of hearers) interest.add(hearer)
      const whole = filters.map(hearerOf)
      for (const chainedBatch of chained(batchesOf(groups))) {
        interest.route(new HeardBatch(chainedBatch), [])
        for (const hearer of whole) {
          const batch = new HeardBatch(chainedBatch)
          hearer.hear(batch, batch.spans, [])
        }
      }
      expect(hearers.map(({ heard }) => heard)).toEqual(whole.map(({ heard }) => heard))
      for (const hearer of hearers) interest.delete(hearer)
      for (const batch of chained(batchesOf(groups))) interest.route(new HeardBatch(batch), [])
      expect(hearers.map(({ heard }) => heard)).toEqual(whole.map(({ heard }) => heard))
    }),
    { numRuns: 300 },
  )
})

test('whoever reads the log finds by its keys or flags exactly what it would find by looking at everything', () => {
  fc.assert(
    fc.property(post, filter, (groups, text) => {
      const [finding, whole] = [hearerOf(text), hearerOf(text)]
      const candidates = candidateFinder(finding.matcher)
      for (const chainedBatch of chained(batchesOf(groups))) {
        const batch = new HeardBatch(chainedBatch)
        finding.hear(batch, candidates(batch), [])
        whole.hear(batch, batch.spans, [])
      }
      expect(finding.heard).toEqual(whole.heard)
    }),
    { numRuns: 300 },
  )
})
