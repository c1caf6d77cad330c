import { expect, test } from 'vitest'
import type { RowGroup } from './protocol.ts'
import { countRows, rowsOf } from './rows.ts'

const shared = {
  environmentId: 'prod',
  environmentName: 'Production',
  sdk: 'nodejs',
  sdkVersion: '11.11.2',
  source: 'sdk',
  verified: true,
  receptionTimestamp: 2000,
} as const

function group(parts: Partial<RowGroup>): RowGroup {
  return { epoch: 'e1', offset: 7, shared, flags: [], retries: [], ...parts }
}

test('U2 the rows of a batch come in log order, whichever flag they are of, each with its place as its id', () => {
  const rows = rowsOf(
    group({
      flags: [
        { flag: 'b', indexes: [1, 4], rows: [row('k1'), row('k4')] },
        { flag: 'a', indexes: 2, rows: [row('k2'), row('k3')] },
      ],
      retries: [3],
    }),
  )
  expect(rows.map(({ id, impression }) => [id, impression.flag, impression.key])).toEqual([
    ['prod:e1:7:1', 'b', 'k1'],
    ['prod:e1:7:2', 'a', 'k2'],
    ['prod:e1:7:3', 'a', 'k3'],
    ['prod:e1:7:4', 'b', 'k4'],
  ])
  expect(rows.map(({ impression }) => impression.possibleRetry)).toEqual([undefined, undefined, true, undefined])
})

test('a row keeps what the SDK wrote beside what was read of it', () => {
  const raw = { k: 'dave', t: 'v1', m: 5, b: null, c: 0, et: 'user', properties: '{"page":"/cart"}' }
  const [first] = rowsOf(group({ flags: [{ flag: 'a', indexes: 0, rows: [raw] }] }))
  expect(first?.row).toBe(raw)
  expect(first?.impression).toMatchObject({ ...shared, key: 'dave', properties: { page: '/cart' } })
  expect(first?.impression.bucketingKey).toBeUndefined()
  expect(first?.impression.changeNumber).toBeUndefined()
})

test('rows are counted over groups and flags', () => {
  const flags = [{ flag: 'a', indexes: 0, rows: [row('k'), row('l')] }]
  expect(countRows([group({ flags }), group({ flags: [...flags, ...flags] })])).toBe(6)
})

function row(k: string) {
  return { k, t: 'on', m: 1 }
}
