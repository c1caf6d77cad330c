import { expect, test } from 'vitest'
import { beginning } from '../../domain/chain.ts'
import { compileFilter } from '../../domain/filter/compile.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { isMask } from '../../domain/masked.ts'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { batchesOf, chained } from './batches.fixture.ts'
import { HeardBatch } from './heard.ts'
import { MaskedBatch } from './masked-batch.ts'
import { Masks } from './masks.ts'
import { matchBatch, matchedImpressions } from './match.ts'
import { openRoles } from './roles.fixture.ts'
import { seeUnfollowed, sightOf } from './sight.fixture.ts'

function heardOf(groups: unknown): HeardBatch {
  const [batch] = chained(batchesOf(groups, { machineIp: '10.0.0.7' }))
  if (!batch) throw new Error('no batch')
  return new HeardBatch(batch)
}

test('MK2 masks are the same however often they are made, and whether they are remembered', () => {
  const [few, many] = [
    new Masks((id) => `secret ${id}`, { masksRemembered: 3 }),
    new Masks((id) => `secret ${id}`, defaultLimits),
  ]
  for (let round = 0; round < 3; round++) {
    for (let user = 0; user < 10; user++) {
      for (const id of ['prod', 'stage']) expect(few.of(id)(`user${user}`)).toBe(many.of(id)(`user${user}`))
    }
  }
  expect(few.of('prod')('ada')).not.toBe(few.of('stage')('ada'))
  expect(few.of('prod')('ada')).not.toBe(new Masks(() => 'another', defaultLimits).of('prod')('ada'))
  const mask = few.of('prod')('ada')
  expect(few.spelled('prod', 'ada')).toEqual([mask])
  expect(few.spelled('prod', mask)).toEqual([mask, few.of('prod')(mask)])
})

test('MK14 a batch is masked once for all who see it so, only where they look, and not at all for others', async () => {
  const masked: string[] = []
  const mask = (text: string) => {
    masked.push(text)
    return `user·${'0'.repeat(16)}`
  }
  const raw = heardOf(groupsOf({ a: rowsNamed('a', 5), b: rowsNamed('b', 5), c: rowsNamed('c', 5) }))
  const batch = new MaskedBatch(raw, mask)
  expect(matchBatch(compileFilter({ terms: [] }), batch)?.impressions).toBe(15)
  expect(masked).toEqual([])
  const [a, b] = batch.header.spans
  if (!a || !b) throw new Error('no spans')
  for (let viewer = 0; viewer < 3; viewer++) for (const { key } of batch.impressions(a)) expect(isMask(key)).toBe(true)
  expect(JSON.parse(`[${batch.spanText(a)}]`)).toHaveLength(5)
  expect(masked).toEqual(['a0', 'a1', 'a2', 'a3', 'a4'])
  expect(JSON.parse(batch.rowText(b, 3))).toMatchObject({ t: 'on' })
  expect(masked).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'b3'])
  expect(() => batch.rowsWith()).toThrow('no bytes')
  const match = matchBatch(compileFilter({ terms: [] }), batch)
  batch.forget()
  const records = match ? [...matchedImpressions(match)].map(({ impression }) => impression) : []
  expect(records.filter(({ machineIp, masked: how }) => how && machineIp === undefined)).toHaveLength(15)
})

test('MK14 nobody who sees everything as it is costs a mask', async () => {
  const asked: string[] = []
  const roles = await openRoles({ environments: ['prod'], secretAsked: (id) => asked.push(id) })
  roles.roles.set('all', sightOf(['prod'])).set('some', sightOf(['prod'], 'masked'))
  const post = () => roles.post('prod', groupsOf({ a: rowsNamed('x', 10) }))
  const viewer = await roles.watch('all', 'key:x1')
  await post()
  await roles.watch('all')
  expect(viewer.starts).toHaveLength(1)
  expect(asked).toEqual([])
  await roles.watch('some')
  expect(asked).toEqual(['prod'])
})

test('whoever reads out of sight breaks a promise of ours', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'] })
  const seen = seeUnfollowed(roles.bus, ['prod'])
  await expect(seen.before('stage', undefined)).rejects.toThrow('out of sight')
  await expect(seen.after('stage', beginning('stage'))).rejects.toThrow('out of sight')
  expect(() => seen.delivered(beginning('stage'), 1)).toThrow('out of sight')
})

test('rows that are no JSON are told without what stands in them', () => {
  const rows = Buffer.from('{"k":"KEYSECRET","t":"on","m":1}x')
  const [batch] = chained(batchesOf(groupsOf({ a: [{}] })))
  if (!batch) throw new Error('no batch')
  const [span] = batch.header.spans
  if (!span) throw new Error('no span')
  const broken = new HeardBatch({ ...batch, rows, header: { ...batch.header, spans: [{ ...span, to: rows.length }] } })
  const where = broken.header.spans[0] ?? span
  expect(() => broken.rows(where)).toThrow(/^rows of epoch:1 are not JSON$/)
  expect(() => broken.impression(where, 0)).toThrow(/^rows of epoch:1 are not JSON$/)
})
