import { expect, test } from 'vitest'
import { decode, decoded, spanTexts, weightOf } from './decode.fixture.ts'
import { impressionsOf, post, row } from './ingest.fixture.ts'

const long = (chars: number) => 'x'.repeat(chars)

const bytesAsSent = [
  '{"k":"bob","t":"v1","m":1795514523829,"c":1718900000123,"r":"default rule","b":"account-77"}',
  '{ "k":"al\\u00efce", "t":"v1", "m":1.795514523829e12, "new":{"deep":[1,{"er":null}]}, "k":"alïce" }',
  '{"m":1,"t":"\\ud800","k":"\\"}{][,\\\\"}',
]

test('I9 a row travels in its original bytes, and a span of rows is the inside of a JSON array', () => {
  const body = `[ {"i" : [${bytesAsSent.join(' , ')}],"f":"a"},{"x":[{"i":[{}]}],"f":"b","i":[${bytesAsSent[0]}]}]`
  const { batches, accepted } = decoded(body)
  expect(accepted).toBe(4)
  expect(spanTexts(batches)).toEqual([bytesAsSent.join(',\n'), bytesAsSent[0]])
  expect(impressionsOf(batches).map(({ flag, key }) => [flag, key])).toEqual([
    ['a', 'bob'],
    ['a', 'alïce'],
    ['a', '"}{][,\\'],
    ['b', 'bob'],
  ])
})

test('line breaks of pretty-printed JSON become spaces, so that a line feed ends a row', () => {
  const groups = [{ f: 'a', i: [row(), row({ k: 'line\nbreak', x: [{ y: 1 }] })] }]
  for (const text of [JSON.stringify(groups, null, 2), JSON.stringify(groups, null, '\r\n\t')]) {
    const { batches } = decoded(`\uFEFF${text}`)
    expect(spanTexts(batches)[0]?.split('\n')).toHaveLength(2)
    expect(spanTexts(batches)[0]).not.toContain('\r')
    expect(impressionsOf(batches).map(({ key }) => key)).toEqual(['alice', 'line\nbreak'])
  }
})

test("I10 a batch's header tells exactly what its rows say, per flag, treatment and label", () => {
  const rows = [row({ r: 'x' }), row({ r: '' }), row({ r: null }), row({ r: 'x' }), row({ t: 'off', r: 0 }), row()]
  const { batches } = decoded(
    JSON.stringify([
      { f: 'a', i: rows },
      { f: 'empty', i: [] },
      { f: 'b', i: [row()] },
    ]),
  )
  expect(batches.map(({ header }) => header)).toMatchObject([
    {
      impressions: 7,
      retries: [],
      spans: [
        {
          flag: 'a',
          firstRow: 0,
          impressions: 6,
          counts: [
            { treatment: 'on', label: 'x', impressions: 2 },
            { treatment: 'on', impressions: 3 },
            { treatment: 'off', impressions: 1 },
          ],
        },
        { flag: 'b', firstRow: 6, impressions: 1, counts: [{ treatment: 'on', impressions: 1 }] },
      ],
    },
  ])
})

test('I11 null, 0, empty and absent are the same, and unknown fields are ignored', () => {
  const java = row({ b: null, pt: null, r: null, c: null, properties: null })
  const go = row({ b: '', pt: 0, r: '', c: 0, properties: '' })
  const future = row({ et: 'user', impressionsDisabled: false, nested: { a: [1] } })
  const { batches, accepted } = decoded(post('a', java, go, future))
  expect(accepted).toBe(3)
  for (const impression of impressionsOf(batches)) {
    expect(impression).toMatchObject({ flag: 'a', key: 'alice', treatment: 'on', timestamp: 1795514523829 })
    const { bucketingKey, label, changeNumber, previousTimestamp, properties } = impression
    expect([bucketingKey, label, changeNumber, previousTimestamp, properties]).toEqual(Array(5).fill(undefined))
  }
  for (const nothing of ['[]', '[{"f":"a","i":null}]', '[{"f":"a"}]', '[{}]', ' [ ] ']) {
    expect(decoded(nothing)).toEqual({ batches: [], accepted: 0, rejected: new Map() })
  }
})

test('an evaluation before the SDK was ready has no change number', () => {
  const { batches } = decoded(
    '[{"f":"early","i":[{"k":"early-bird","t":"control","m":1795514523829,"r":"not ready"},' +
      '{"k":"early-bird","t":"off_fallback","m":1795514523830,"r":"fallback - not ready"}]}]',
  )
  expect(impressionsOf(batches)).toMatchObject([
    { treatment: 'control', label: 'not ready', changeNumber: undefined },
    { treatment: 'off_fallback', label: 'fallback - not ready', changeNumber: undefined },
  ])
})

test.each([
  ['{}', undefined],
  ['null', undefined],
  ['"text"', undefined],
  ['[7]', '[0]'],
  ['[{"f":"a"},null]', '[1]'],
  ['[{},{},{},{"f":"a","i":{}}]', '[3].i'],
  ['[{"f":"a","i":"x"}]', '[0].i'],
])('I13 a body of another shape is refused, and the field is named: %s', (body, field) => {
  expect(decode(body)).toMatchObject({ ok: false, error: { status: 400, field } })
})

test('in a beacon the field is named from the top', () => {
  expect(decode('{"entries":[{"i":1}]}', {}, 'entries')).toMatchObject({ error: { field: 'entries[0].i' } })
  expect(decode('{"token":"x"}', {}, 'entries')).toMatchObject({ error: { field: 'entries' } })
})

test.each(['', '[', '[{"f":"a","i":[{"k":"x"', '[]]', "{'a':1}", '\u0000'])('no JSON is refused: %j', (body) => {
  expect(decode(body)).toMatchObject({ ok: false, error: { status: 400 } })
})

test('invalid UTF-8 is refused', () => {
  const body = Buffer.concat([Buffer.from('[{"f":"a'), Buffer.from([0xff]), Buffer.from('"}]')])
  expect(decode(body)).toMatchObject({ ok: false, error: { status: 400, message: 'the body is not valid UTF-8' } })
})

test('more impressions than a post may have are refused as a whole', () => {
  expect(decode(post('a', row(), row(), row()), { postImpressions: 2 })).toMatchObject({ error: { status: 413 } })
})

test.each([
  ['an escaped group key', '[{"f":"a","\\u0069":[ROW,{"k":"x"}]}]'],
  ['a doubled group key', '[{"i":[ROW,ROW],"f":"a","i":[ROW,{"k":"x"}]}]'],
  ['a doubled flag', '[{"f":"b","i":[ROW,{"k":"x"}],"f":"a"}]'],
  ['an escaped other key', '[{"\\u0066":"a","i":[ROW,{"k":"x"}]}]'],
])('where bytes and parser might disagree the parser is right: %s', (_name, body) => {
  const sent = '{"t":"on","k":"z","k":"a\\nlice","m":5,"x":{"y":[1]},"r":null,"b":"\\ud800","c":1e999}'
  const { batches, accepted, rejected } = decoded(body.replaceAll('ROW', sent))
  expect([accepted, rejected]).toEqual([1, new Map([['treatment', 1]])])
  expect(impressionsOf(batches)).toMatchObject([{ flag: 'a', key: 'a\nlice', timestamp: 5, bucketingKey: '\ud800' }])
})

test('a doubled list of entries is read as the parser reads it', () => {
  const body = `{"entries":[{"f":"a","i":[${JSON.stringify(row())}]}],"entries":[{"f":"b","i":[{"k":"b","t":"b","m":1}]}]}`
  expect(impressionsOf(decoded(body, {}, 'entries').batches)).toMatchObject([{ flag: 'b', key: 'b' }])
})

test('depth counts from the top of the body, on either way', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
  const fast = (key: string, depth: number) => `[{"f":"a","${key}":[${JSON.stringify(row({ x: nested(depth) }))}]}]`
  for (const key of ['i', '\\u0069']) {
    expect(decoded(fast(key, 4)).accepted).toBe(1)
    expect(decoded(fast(key, 5)).rejected).toEqual(new Map([['depth', 1]]))
  }
  const deep = `[{"f":"a","\\u0069":[{"k":"a","t":"b","m":1,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}]`
  expect(decoded(deep).rejected).toEqual(new Map([['depth', 1]]))
  expect(decoded(deep.replace('\\u0069', 'i')).rejected.size).toBe(1)
  const beacon = (depth: number) => `{"entries":[{"f":"a","i":[${JSON.stringify(row({ x: nested(depth) }))}]}]}`
  expect(decoded(beacon(3), {}, 'entries').accepted).toBe(1)
  expect(decoded(beacon(4), {}, 'entries').rejected).toEqual(new Map([['depth', 1]]))
})

test('names of JavaScript itself are names like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const groups = names.map((name) => `{"f":"${name}","i":[{"k":"${name}","t":"${name}","r":"${name}","m":1}]}`)
  const { batches } = decoded(`[${groups.join(',')},{"__proto__":{"i":[{}]},"f":"x"}]`)
  expect(impressionsOf(batches).map(({ flag }) => flag)).toEqual(names)
  expect(batches[0]?.header.spans.map(({ counts }) => counts[0])).toEqual(
    names.map((name) => ({ treatment: name, label: name, impressions: 1 })),
  )
  const polluting = '[{"f":"a","i":[{"__proto__":{"k":"a","t":"b","m":1}}]}]'
  expect(decoded(polluting).rejected).toEqual(new Map([['key', 1]]))
})

test('I14 a batch never exceeds 256 impressions or 64 KiB, header included, and rows keep their order', () => {
  const rows = Array.from({ length: 65_000 }, (_, index) => row({ k: `user-${index}`, c: 1718900000123, r: 'killed' }))
  const { batches, accepted } = decoded(post('a', ...rows))
  expect(accepted).toBe(65_000)
  expect(batches).toHaveLength(Math.ceil(65_000 / 256))
  expect(impressionsOf(batches).map(({ key }) => key)).toEqual(rows.map(({ k }) => k))
  for (const batch of batches) expect(weightOf(batch)).toBeLessThanOrEqual(64 * 1024)
})

test('many flags with long names and labels, all to be escaped, make more batches, not larger ones', () => {
  const hard = (chars: number, index: number) => `${index}${'\u0001'.repeat(chars - 8)}`
  const groups = Array.from({ length: 300 }, (_, index) => ({
    f: hard(256, index),
    i: [row({ t: hard(256, index), r: hard(1024, index) })],
  }))
  const { batches, accepted } = decoded(JSON.stringify(groups))
  expect(accepted).toBe(300)
  expect(batches.length).toBeGreaterThan(40)
  for (const batch of batches) expect(weightOf(batch)).toBeLessThanOrEqual(64 * 1024)
})

test('a row that no batch can hold is too large, whatever the limit of rows says', () => {
  const { rejected, accepted } = decoded(post('a', row({ x: long(900) }), row()), { batchBytes: 1024 })
  expect([accepted, rejected]).toEqual([1, new Map([['size', 1]])])
})
