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
const flags = ['checkout']
const texts = ['on', 'off', 'default rule']
const span = [2, 0, 10, 2]
const counts = [0, -1, 1, 1, 2, 1]

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
  const newer = { ...shared, added: 1, impressionsMode: 'NEW', sdk: 7 }
  const header = withHeader([1, 2, newer, [], flags, [...texts, 'new'], span, counts, 'new'])
  const bytes = Buffer.concat([Buffer.from(`${chainText} added\n`), header.subarray(chainText.length + 1)])
  const spans = [
    {
      flag: 'checkout',
      firstRow: 0,
      impressions: 2,
      from: 0,
      to: 10,
      counts: [
        { treatment: 'on', impressions: 1 },
        { treatment: 'off', label: 'default rule', impressions: 1 },
      ],
    },
  ]
  const decoded = decodeEnvelope(bytes)
  expect(decoded).toMatchObject({ ok: true, value: { chain, header: { shared, impressions: 2, retries: [] } } })
  expect(decoded.ok && decoded.value.header.spans).toEqual(spans)
  expect(decoded.ok && decoded.value.header.shared).toEqual(shared)
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

/** A header with some of its columns replaced. */
function spans(
  columns: { flags?: unknown; texts?: unknown; span?: unknown; counts?: unknown },
  impressions = 2,
): unknown {
  const all = { flags, texts, span, counts, ...columns }
  return [1, impressions, shared, [], all.flags, all.texts, all.span, all.counts]
}

const rest = [[], flags, texts, span, counts]

test.each([
  ['no array', { version: 1 }],
  ['a later version', [2, 2, shared, ...rest]],
  ['another count than the spans have', [1, 3, shared, ...rest]],
  ['no shared fields', [1, 2, null, ...rest]],
  ['no environment', [1, 2, { ...shared, environmentId: undefined }, ...rest]],
  ['no environment name', [1, 2, { ...shared, environmentName: 1 }, ...rest]],
  ['an unknown source', [1, 2, { ...shared, source: 'telepathy' }, ...rest]],
  ['no verified', [1, 2, { ...shared, verified: 1 }, ...rest]],
  ['no reception time', [1, 2, { ...shared, receptionTimestamp: -1 }, ...rest]],
  ['retries that are none', [1, 2, shared, 7, ...rest.slice(1)]],
  ['a retry beyond the rows', [1, 2, shared, [2], ...rest.slice(1)]],
  ['a retry that is no index', [1, 2, shared, [0.5], ...rest.slice(1)]],
  ['no columns', [1, 2, shared, []]],
  ['no spans', spans({ flags: [], span: [], counts: [] }, 0)],
  ['flags that are none', spans({ flags: 'checkout' })],
  ['texts that are none', spans({ texts: 'on' })],
  ['spans that are none', spans({ span: 'x' })],
  ['counts that are none', spans({ counts: {} })],
  ['a flag that is no text', spans({ flags: [7] })],
  ['a flag without a span', spans({ flags: ['checkout', 'search'] })],
  ['a span without a flag', spans({ span: [...span, 1, 0, 1, 0] })],
  ['half a span', spans({ flags: ['checkout', 'search'], span: [...span, 1, 10] }, 3)],
  ['a span without rows', spans({ flags: ['a', 'b'], span: [...span, 0, 10, 10, 0] })],
  ['a fraction of a row', spans({ span: [1.5, 0, 10, 1], counts: [0, -1, 1.5] }, 1.5)],
  ['a span before the rows', spans({ span: [2, -1, 10, 2] })],
  ['a span beyond the rows', spans({ span: [2, 0, 11, 2] })],
  ['a span without bytes', spans({ span: [2, 5, 5, 2] })],
  [
    'spans that overlap',
    spans({ flags: ['a', 'b'], span: [2, 0, 6, 2, 2, 5, 10, 2], counts: [...counts, ...counts] }, 4),
  ],
  ['counts that do not add up', spans({ span: [2, 0, 10, 1], counts: [0, -1, 1] })],
  ['more counts than the spans have', spans({ counts: [...counts, 0, -1, 0] })],
  ['fewer counts than a span has', spans({ span: [2, 0, 10, 3] })],
  ['half a count', spans({ counts: counts.slice(0, 5) })],
  ['a width that is none', spans({ span: [2, 0, 10, null] })],
  ['a treatment that is not among the texts', spans({ span: [2, 0, 10, 1], counts: [9, -1, 2] })],
  ['a treatment by a name of arrays', spans({ span: [2, 0, 10, 1], counts: ['at', -1, 2] })],
  ['a label that is not among the texts', spans({ span: [2, 0, 10, 1], counts: [0, 9, 2] })],
  ['a negative count', spans({ counts: [0, -1, 3, 1, -1, -1] })],
])('a header is refused: %s', (_, header) => {
  expect(decodeEnvelope(withHeader(header)).ok).toBe(false)
})

test('the first and the last row may be retries', () => {
  const decoded = decodeEnvelope(withHeader([1, 2, shared, [0, 1], ...rest.slice(1)]))
  expect(decoded).toMatchObject({ ok: true, value: { header: { retries: [0, 1] } } })
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
