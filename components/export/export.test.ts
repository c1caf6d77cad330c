import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Impression } from '../../domain/impression.ts'
import { emptyBooks } from '../../domain/ledger.ts'
import { at, group, Stage, totals } from '../tail/stage.fixture.ts'
import { csvColumns } from './csv.ts'
import { curlCommand } from './curl.ts'
import { type ExportFacts, type Picture, takePicture } from './facts.ts'
import { type Format, writeExport } from './job.ts'

const facts: ExportFacts = { query: '', rows: 0, exportedMs: 1_800_000_000_000, books: emptyBooks }

function pictureOf(impressions: readonly Partial<Impression>[], parts: Partial<ExportFacts> = {}): Picture {
  const rows = impressions.map((some, index) => ({
    kind: 'impression' as const,
    id: `prod:e1:1:${index}`,
    row: {},
    impression: { ...usual, ...some },
  }))
  return { rows, facts: { ...facts, rows: rows.length, ...parts } }
}

const usual: Impression = {
  environmentId: 'prod',
  environmentName: 'Production',
  source: 'sdk',
  verified: true,
  receptionTimestamp: 1_799_999_999_500,
  flag: 'checkout',
  key: 'ann',
  treatment: 'on',
  timestamp: 1_799_999_999_000,
}

async function textOf(picture: Picture, format: Format): Promise<string> {
  const blob = await writeExport({ picture, format, signal: new AbortController().signal, progress: () => {} })
  if (!blob) throw new Error('called off')
  return blob.text()
}

/** Reads CSV as RFC 4180 says, and nothing more. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let cells: string[] = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && bare === '' && end === '' && cells.length === 0) break
    cells.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(cells)
    cells = []
  }
  return rows
}

const nasty = fc
  .array(fc.oneof(fc.constantFrom(...`=+-@\t\r\n\0"',;#|＝＋`), fc.string({ unit: 'grapheme', maxLength: 3 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''))
const nastyImpression = fc.record({
  ...{ flag: nasty, key: nasty, treatment: nasty, label: nasty, machineName: nasty, environmentName: nasty },
  properties: fc.oneof(nasty, fc.dictionary(nasty, fc.oneof(nasty, fc.integer(), fc.boolean()))),
})

test('V12 a CSV reads back as what was exported, and no cell of it begins like a formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nastyImpression, { maxLength: 4 }), nasty, async (impressions, query) => {
      const picture = pictureOf(impressions, { query })
      const [comment, titles, ...lines] = readCsv(await textOf(picture, 'csv'))
      expect(comment).toHaveLength(1)
      expect(comment?.[0]).toMatch(/^# Flagtail export · q=/)
      expect(titles).toEqual(csvColumns.map(([title]) => title))
      for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n\0＝＋－＠]/)
      const back = lines.map((cells) => cells.map((cell) => cell.replace(/^'/, '')))
      const asked = picture.rows.map((row) => csvColumns.map(([, value]) => String(value(row) ?? '')))
      expect(back).toEqual(asked)
    }),
    { numRuns: 200 },
  )
})

test('V12 a CSV has every field of the record', async () => {
  const whole = {
    ...usual,
    bucketingKey: 'b',
    label: 'l',
    changeNumber: 5,
    previousTimestamp: 1,
    possibleRetry: true,
    masked: true,
  } as const
  const more = { ...whole, sdk: 'nodejs', sdkVersion: '1', machineName: 'm', machineIp: 'i', properties: { a: 1 } }
  const all: Required<Impression> = { ...more, trafficTypeId: 't', trafficTypeName: 'u', impressionsMode: 'DEBUG' }
  const [, titles, cells] = readCsv(await textOf(pictureOf([all]), 'csv'))
  expect(new Set(titles)).toEqual(new Set(['id', ...Object.keys(all)]))
  expect(cells).not.toContain('')
})

test('V13 an export begins with what it is: query, span, sampled share, gaps and number of rows', async () => {
  const books = { matched: 1000, sampledOut: 500, skipped: 7, evicted: 3, missed: { impressions: 42, unknown: 1 } }
  const about = { query: 'flag:a,b', receivedMs: [1_799_999_999_500, 1_799_999_999_900], books } as const
  const [first, ...lines] = (await textOf(pictureOf([{}, { key: 'bob' }], about), 'ndjson')).trimEnd().split('\n')
  expect(JSON.parse(first ?? '')).toEqual({
    export: {
      ...{ query: 'flag:a,b', rows: 2, exportedAt: '2027-01-15T08:00:00.000Z', matched: 1000, sampledOneIn: 2 },
      received: { from: '2027-01-15T07:59:59.500Z', to: '2027-01-15T07:59:59.900Z' },
      ...{ sampledOut: 500, notSent: 7, evicted: 3, missed: { impressions: 42, gapsOfUnknownSize: 1 } },
    },
  })
  expect(lines.map((line) => JSON.parse(line).key)).toEqual(['ann', 'bob'])
  const comment = (await textOf(pictureOf([{}], about), 'csv')).split('\r\n')[0]
  expect(comment).toContain('q=flag%3Aa%2Cb · rows=1 · ')
  expect(comment).toContain('sampled=1 in 2 · sampledOut=500 · notSent=7 · evicted=3 · missedInGaps=42')
})

test('V14 an export takes the rows that are listed: those that stand still while the list does', () => {
  const stage = new Stage({ capacity: 4 })
  stage.begin({ rows: [group(1, ['a', 'b', 'c'])] })
  const keys = () => takePicture(stage.store, 0).rows.map(({ impression }) => impression.key)
  expect(keys()).toEqual(['a', 'b', 'c'])
  stage.store.setText('-key:b')
  expect(keys()).toEqual(['a', 'c'])
  stage.store.setText('')
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(3), cursor: at(2), rows: [group(2, ['d', 'e', 'f'])] })
  expect(keys()).toEqual(['a', 'b', 'c'])
  stage.store.reader.setPaused(false)
  expect(keys()).toEqual(['c', 'd', 'e', 'f'])
  expect(takePicture(stage.store, 0).facts.books).toMatchObject({ matched: 6, evicted: 2 })
})

test('V15 an export gives the page its turns, and ends when it is called off', async () => {
  const picture = pictureOf(Array.from({ length: 20_000 }, (_, index) => ({ key: `k${index}` })))
  const control = new AbortController()
  const written: number[] = []
  const progress = (rows: number) => {
    written.push(rows)
    if (written.length === 3) control.abort()
  }
  expect(await writeExport({ picture, format: 'csv', signal: control.signal, progress })).toBeUndefined()
  expect(written).toHaveLength(3)
  expect(written.at(-1)).toBeLessThan(20_000)
})

test('V19 the command for a terminal asks for the same filter, and nothing in a filter leaves its quotes', () => {
  const origin = 'http://127.0.0.1:3000'
  expect(curlCommand({ origin, query: '', signed: false })).toBe(`curl -sN '${origin}/api/tail'`)
  expect(curlCommand({ origin, query: '', signed: true })).toBe(
    `curl -sN -H "Authorization: Bearer $FLAGTAIL_TOKEN" '${origin}/api/tail'`,
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (query) => {
      fc.pre(query !== '')
      const [, address] = /^curl -sN '([^']*)'$/.exec(curlCommand({ origin: 'http://h', query, signed: false })) ?? []
      expect(new URL(address ?? '').searchParams.get('q')).toBe(query.replace(/\p{Surrogate}/gu, '\ufffd'))
    }),
  )
})
