import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Batch, ChainedBatch } from '../../domain/batch.ts'
import { batchOf } from './bus.fixture.ts'
import { decodeEnvelope, encodeBatch } from './envelope.ts'

const chain = { epoch: 'a'.repeat(16), offset: 7, id: 'b'.repeat(16), previousId: 'c'.repeat(16), cumulative: 70 }
const chainText = `${chain.epoch} 7 ${chain.id} ${chain.previousId} 70`

function envelope(batch: Batch, line = chainText): Buffer {
  return Buffer.concat([Buffer.from(`${line}\n`), encodeBatch(batch)])
}

/** An envelope whose header line is this, with ten bytes of rows. */
function withHeader(header: unknown): Buffer {
  return Buffer.from(`${chainText}\n${JSON.stringify(header)}\n0123456789`)
}

const shared = { environmentId: 'p', environmentName: 'P', source: 'sdk', verified: true, receptionTimestamp: 5 }
const span = [
  'checkout',
  2,
  0,
  10,
  [
    ['on', 1],
    ['off', 1, 'default rule'],
  ],
]

test('a batch survives the way to Redis and back, and its rows are not copied', () => {
  const batch: Batch = {
    header: {
      shared: {
        environmentId: 'prod-eu',
        environmentName: 'Production “EU”',
        trafficTypeId: 'tt',
        trafficTypeName: 'user',
        sdk: 'nodejs',
        sdkVersion: '11.11.2',
        machineName: 'pod-1\n',
        machineIp: '10.0.0.1',
        impressionsMode: 'DEBUG',
        source: 'beacon',
        verified: false,
        receptionTimestamp: 1_700_000_000_000,
      },
      impressions: 3,
      spans: [
        {
          flag: 'checkout\ud800',
          firstRow: 0,
          impressions: 2,
          from: 0,
          to: 5,
          counts: [{ treatment: 'on', impressions: 2 }],
        },
        {
          flag: '🦊',
          firstRow: 2,
          impressions: 1,
          from: 7,
          to: 9,
          counts: [{ treatment: '', label: '', impressions: 1 }],
        },
      ],
      retries: [0, 2],
    },
    rows: Uint8Array.from([0, 10, 255, 128, 13, 10, 10, 1, 2]),
  }
  const bytes = envelope(batch)
  const decoded = decodeEnvelope(bytes)
  expect(decoded).toEqual({ ok: true, value: { header: batch.header, rows: Buffer.from(batch.rows), chain } })
  expect(decoded.ok && decoded.value.rows.buffer).toBe(bytes.buffer)
})

test('the first batch of an epoch has no previous id', () => {
  const first = envelope(batchOf('p'), `${chain.epoch} 1 ${chain.id} - 1`)
  expect(decodeEnvelope(first)).toMatchObject({
    ok: true,
    value: { chain: { offset: 1, previousId: '', cumulative: 1 } },
  })
})

test('what a newer server adds is ignored', () => {
  const counts = [['on', 2, 'rule', 'new']]
  const newer = withHeader([
    1,
    2,
    { ...shared, added: 1, impressionsMode: 'NEW', sdk: 7 },
    [['f', 2, 0, 10, counts, 'new']],
    [],
    'new',
  ])
  const line = Buffer.from(`${chainText} added\n`)
  const bytes = Buffer.concat([line, newer.subarray(chainText.length + 1)])
  expect(decodeEnvelope(bytes)).toMatchObject({ ok: true, value: { chain, header: { shared, retries: [] } } })
  expect(decodeEnvelope(withHeader([1, 2, shared, [span], []])).ok).toBe(true)
})

test.each([
  ['', 'no line'],
  ['zz', 'no digits'],
  [`${chain.epoch} 7 ${chain.id} - 70`, 'no previous id behind the first'],
  [`${chain.epoch} 1 ${chain.id} ${chain.previousId} 70`, 'a previous id of the first'],
  [`${chain.epoch} 0 ${chain.id} - 70`, 'offset 0'],
  [`${chain.epoch} 9999999999999999 ${chain.id} ${chain.previousId} 70`, 'an offset that is no safe integer'],
  [`${chain.epoch} 7 ${chain.id} ${chain.previousId} 9999999999999999`, 'a count that is no safe integer'],
  [`${chain.epoch} 1.5 ${chain.id} ${chain.previousId} 70`, 'a fraction'],
  [`${chain.epoch} 7 ${chain.id} ${chain.previousId} 0`, 'fewer impressions than the batch has'],
  [`${chain.epoch.toUpperCase()} 7 ${chain.id} ${chain.previousId} 70`, 'capitals'],
  [` ${chainText}`, 'a space in front'],
  [`${chainText}x`, 'something joined on'],
  ['a'.repeat(300), 'a line without an end'],
])('a chain line is refused: %s (%s)', (line) => {
  expect(decodeEnvelope(envelope(batchOf('p'), line)).ok).toBe(false)
})

test.each([
  ['no array', { version: 1 }],
  ['a later version', [2, 2, shared, [span], []]],
  ['another count than the spans have', [1, 3, shared, [span], []]],
  ['no shared fields', [1, 2, null, [span], []]],
  ['no environment', [1, 2, { ...shared, environmentId: undefined }, [span], []]],
  ['no environment name', [1, 2, { ...shared, environmentName: 1 }, [span], []]],
  ['an unknown source', [1, 2, { ...shared, source: 'telepathy' }, [span], []]],
  ['no verified', [1, 2, { ...shared, verified: 1 }, [span], []]],
  ['no reception time', [1, 2, { ...shared, receptionTimestamp: -1 }, [span], []]],
  ['no spans', [1, 0, shared, [], []]],
  ['spans that are none', [1, 2, shared, 'x', []]],
  ['a span that is none', [1, 2, shared, [7], []]],
  ['a flag that is no text', [1, 2, shared, [[7, ...span.slice(1)]], []]],
  ['a span without rows', [1, 2, shared, [span, ['f', 0, 10, 10, []]], []]],
  ['a fraction of a row', [1, 1.5, shared, [['f', 1.5, 0, 10, [['on', 1.5]]]], []]],
  ['a span before the rows', [1, 2, shared, [['f', 2, -1, 10, span[4]]], []]],
  ['a span beyond the rows', [1, 2, shared, [['f', 2, 0, 11, span[4]]], []]],
  ['a span without bytes', [1, 2, shared, [['f', 2, 5, 5, span[4]]], []]],
  [
    'spans that overlap',
    [
      1,
      4,
      shared,
      [
        ['f', 2, 0, 6, span[4]],
        ['g', 2, 5, 10, span[4]],
      ],
      [],
    ],
  ],
  ['counts that do not add up', [1, 2, shared, [['f', 2, 0, 10, [['on', 1]]]], []]],
  ['counts that are none', [1, 2, shared, [['f', 2, 0, 10, {}]], []]],
  ['a count that is none', [1, 2, shared, [['f', 2, 0, 10, ['on', 2]]], []]],
  ['a treatment that is no text', [1, 2, shared, [['f', 2, 0, 10, [[1, 2]]]], []]],
  ['a label that is no text', [1, 2, shared, [['f', 2, 0, 10, [['on', 2, 5]]]], []]],
  [
    'a negative count',
    [
      1,
      2,
      shared,
      [
        [
          'f',
          2,
          0,
          10,
          [
            ['on', 3],
            ['off', -1],
          ],
        ],
      ],
      [],
    ],
  ],
  ['no retries', [1, 2, shared, [span]]],
  ['a retry beyond the rows', [1, 2, shared, [span], [2]]],
  ['a retry that is no index', [1, 2, shared, [span], [0.5]]],
])('a header is refused: %s', (_, header) => {
  expect(decodeEnvelope(withHeader(header)).ok).toBe(false)
})

test('the last row index may be a retry, and a null label is none', () => {
  const header = [1, 2, shared, [['f', 2, 0, 10, [['on', 2, null]]]], [0, 1]]
  const counts = [{ treatment: 'on', impressions: 2 }]
  expect(decodeEnvelope(withHeader(header))).toMatchObject({
    ok: true,
    value: { header: { spans: [{ counts }], retries: [0, 1] } },
  })
})

test('a version that this server does not read is named', () => {
  expect(decodeEnvelope(withHeader([2]))).toEqual({ ok: false, error: 'a batch of version 2; this server reads 1' })
})

test('any damage is a value or leaves a batch whose spans fit its rows', () => {
  const whole = envelope(batchOf('p', { impressions: 3 }))
  const damage = fc.record({
    at: fc.nat({ max: whole.length - 1 }),
    byte: fc.nat({ max: 255 }),
    length: fc.nat({ max: whole.length }),
  })
  fc.assert(
    fc.property(damage, ({ at, byte, length }) => {
      const bytes = Buffer.from(whole)
      bytes[at] = byte
      for (const damaged of [bytes, whole.subarray(0, length), bytes.subarray(at)]) {
        const decoded = decodeEnvelope(damaged)
        if (decoded.ok) expectFitting(decoded.value)
      }
    }),
    { numRuns: 2000 },
  )
})

function expectFitting({ header, rows }: ChainedBatch): void {
  let row = 0
  let end = 0
  for (const { firstRow, impressions, from, to } of header.spans) {
    expect([firstRow, from >= end, to > from]).toEqual([row, true, true])
    row += impressions
    end = to
  }
  expect(row).toBe(header.impressions)
  expect(end).toBeLessThanOrEqual(rows.length)
}
