import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilter } from '../../domain/filter/compile.ts'
import { parseFilter } from '../../domain/filter/parse.ts'
import type { Impression } from '../../domain/impression.ts'
import type { RowGroup } from '../../domain/protocol.ts'
import { rowsOf } from '../../domain/rows.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { encodeFrame, groupText } from './frames.ts'
import { HeardBatch } from './heard.ts'
import { matchBatch, matchedImpressions } from './match.ts'
import { newestRows } from './newest.ts'
import { sampleRows } from './sample.ts'

const word = fc.constantFrom('a', 'b', 'on', 'off', 'x y', '\u00e9"\\', '\ud83d\ude00')
const row = fc.record({
  k: word,
  t: word,
  m: fc.constant(1_795_514_523_829),
  r: fc.option(word),
  pt: fc.option(fc.constant(5)),
})
const post = fc.array(fc.record({ f: word, i: fc.array(row, { maxLength: 8 }) }), { maxLength: 5 })
const filterText = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('flag', '-flag', 'key', 'treatment', '-treatment', 'label', '-label'), word)
        .map(([field, value]) => `${field}:${JSON.stringify(value)}`),
      fc.constantFrom(
        'repeat:true',
        'a',
        '-on',
        'sdk:nodejs',
        'sdk:java',
        'env:development',
        'lag:>0',
        'flag:(a|b)',
        'label:*',
      ),
    ),
    { maxLength: 4 },
  )
  .map((terms) => terms.join(' '))

function matcherOf(text: string) {
  const filter = parseFilter(text)
  if (!filter.ok) throw new Error(filter.error.message)
  return compileFilter(filter.value)
}

function heard(groups: unknown): readonly HeardBatch[] {
  return chained(batchesOf(groups)).map((batch) => new HeardBatch(batch))
}

function allOf(batch: HeardBatch): readonly Impression[] {
  return batch.header.spans.flatMap((span) => [...batch.impressions(span)])
}

test('matching a batch by its header and its rows gives what matching each impression gives', () => {
  fc.assert(
    fc.property(post, filterText, (groups, text) => {
      const matcher = matcherOf(text)
      for (const batch of heard(groups)) {
        const wanted = allOf(batch).filter(matcher.matches)
        const match = matchBatch(matcher, batch)
        expect(match ? [...matchedImpressions(match)].map(({ impression }) => impression) : []).toEqual(wanted)
        expect(match?.impressions ?? 0).toBe(wanted.length)
        const treatments = new Map<string, number>()
        for (const [treatment, count] of match?.treatments ?? [])
          treatments.set(treatment, (treatments.get(treatment) ?? 0) + count)
        for (const [treatment, count] of treatments) {
          expect(wanted.filter((impression) => impression.treatment === treatment)).toHaveLength(count)
        }
      }
    }),
  )
})

test('a frame carries exactly the picked rows, sampled or whole, with their places', () => {
  fc.assert(
    fc.property(post, filterText, fc.nat(12), (groups, text, keep) => {
      const matcher = matcherOf(text)
      const matches = heard(groups).flatMap((batch) => matchBatch(matcher, batch) ?? [])
      const admitted = sampleRows(matches, keep, Math.random)
      const sent = admitted.map(({ match, picks }) => groupText({ batch: match.batch, picks }))
      const frame = encodeFrame(
        { tail: 't', sequence: 1, cursor: [], matched: 0, sent: 0, perTreatment: { counts: [], other: 0 } },
        sent,
      )
      const rows = (JSON.parse(frame.text).rows as readonly RowGroup[]).flatMap(rowsOf)
      const total = matches.reduce((sum, match) => sum + match.impressions, 0)
      expect(rows).toHaveLength(Math.min(keep, total))
      const all = new Map<string, Impression>(
        matches.flatMap((match) =>
          [...matchedImpressions(match)].map(
            ({ index, impression }) => [`development:epoch:${match.batch.chain.offset}:${index}`, impression] as const,
          ),
        ),
      )
      for (const { id, impression } of rows) expect(impression).toEqual(all.get(id))
    }),
  )
})

test('the newest rows of a match are its last ones, counted anew', () => {
  fc.assert(
    fc.property(post, fc.integer({ min: 1, max: 10 }), (groups, rows) => {
      for (const batch of heard(groups)) {
        const match = matchBatch(matcherOf(''), batch)
        if (!match) continue
        const newest = newestRows(match, rows)
        const kept = [...matchedImpressions(newest)].map(({ impression }) => impression)
        expect(kept).toEqual(allOf(batch).slice(-rows))
        expect(newest.impressions).toBe(kept.length)
      }
    }),
  )
})

test('each row has the same chance to be in a sample', () => {
  const [batch] = heard([{ f: 'a', i: Array.from({ length: 20 }, (_, index) => ({ k: `${index}`, t: 'on', m: 1 })) }])
  const match = batch && matchBatch(matcherOf(''), batch)
  if (!match) throw new Error('nothing matched')
  const taken = Array.from({ length: 20 }, () => 0)
  const runs = 4000
  for (let run = 0; run < runs; run++) {
    for (const pick of sampleRows([match], 5, Math.random)[0]?.picks ?? []) {
      for (const index of pick.rows === 'all' ? [] : pick.rows) taken[index] = (taken[index] ?? 0) + 1
    }
  }
  for (const times of taken) expect(Math.abs(times - runs / 4)).toBeLessThan(6 * Math.sqrt(runs * 0.25 * 0.75))
})
