import { expect, test } from 'vitest'
import type { Impression } from '../domain/impression.ts'
import { fieldsOf } from './detail-fields.ts'
import { explainLabel } from './explain.ts'
import { jsonParts, jsonText } from './json-text.ts'
import type { RowEntry } from './tail/entry.ts'
import { lagText, timeOfDay } from './times.ts'

const impression: Impression = {
  environmentId: 'prod',
  environmentName: 'Production',
  source: 'sdk',
  verified: true,
  receptionTimestamp: 1_795_514_524_400,
  flag: 'checkout',
  key: 'alice',
  treatment: 'on',
  timestamp: 1_795_514_523_829,
  changeNumber: 1_718_900_000_123,
  properties: { page: '/cart', beta: true },
}
const raw = { k: 'alice', t: 'on', m: 1_795_514_523_829, et: 'user' }
const row: RowEntry = { kind: 'impression', id: 'prod:e1:7:3', impression, row: raw }

test('U41 the detail lists every field, absent ones too, and what can be filtered by', () => {
  const fields = new Map(fieldsOf(row).map((field) => [field.name, field]))
  expect(fields.get('Key')).toMatchObject({ value: 'alice', field: 'key' })
  expect(fields.get('Bucketing key')?.value).toBeUndefined()
  expect(fields.get('page')).toMatchObject({ value: '/cart', field: { prop: 'page' } })
  expect(fields.get('Lag')?.value).toBe('571 ms')
  expect(fields.get('Changed')?.value).toBe('2024-06-20T16:13:20.123Z')
  expect(fields.get('Id')?.value).toBe('prod:e1:7:3')
})

test('MK12 the detail of a masked row says what is hidden, and offers no filter for it', () => {
  const masked = { ...impression, key: 'user·9f3a5e0c1b2d4f60', properties: undefined, masked: true } as const
  const fields = new Map(fieldsOf({ ...row, impression: masked }).map((field) => [field.name, field]))
  expect(fields.get('Key')).toMatchObject({ value: 'user·9f3a5e0c1b2d4f60', field: 'key' })
  for (const name of ['Properties', 'Machine', 'Machine IP']) {
    expect(fields.get(name)).toEqual({ name, value: 'hidden, if there is any' })
  }
})

test('U42 the JSON of a row is what the SDK wrote, with the fields that its post shared and its id', () => {
  const json = jsonText(row)
  const { environmentId, environmentName, source, verified, receptionTimestamp } = impression
  const shared = { environmentId, environmentName, source, verified, receptionTimestamp }
  expect(JSON.parse(json)).toEqual({ id: 'prod:e1:7:3', flag: 'checkout', row: raw, shared })
  expect(
    jsonParts(json)
      .map((part) => part.text)
      .join(''),
  ).toBe(json)
})

test('U43 labels that SDKs make by themselves are explained, labels that people wrote are left alone', () => {
  expect(explainLabel('not ready')).toContain('before the SDK was ready')
  expect(explainLabel('fallback - exception')).toContain('fallback treatment')
  expect(explainLabel('in segment employees')).toBeUndefined()
  expect(explainLabel('toString')).toBeUndefined()
})

test('times and lags keep their precision', () => {
  expect(timeOfDay(1_795_514_523_829, 'utc')).toMatch(/^\d\d:\d\d:\d\d\.829$/)
  expect(timeOfDay(Number.MAX_VALUE, 'utc')).toBe('—')
  expect([-20, 571, 1500, 61_000, 7_260_000].map(lagText)).toEqual(['−20 ms', '571 ms', '1.50 s', '1 m 1 s', '2 h 1 m'])
})
