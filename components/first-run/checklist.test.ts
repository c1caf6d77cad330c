import { expect, test } from 'vitest'
import { type Evidence, noEvidence, readEvidence } from '../../domain/evidence.ts'
import { checklistOf, hasTrouble } from './checklist.ts'

const origin = 'http://127.0.0.1:3000'

function checks(parts: Partial<Evidence>) {
  return checklistOf({ ...noEvidence, keys: 'any', ...parts }, origin)
}

/** What the server has seen go wrong. */
function found(parts: Partial<Evidence>): string[] {
  return checks(parts).flatMap(({ id, kind }) => (kind === 'found' ? [id] : []))
}

const last = { method: 'POST', path: '/api/testImpressions/bulk', status: 200, agoMs: 3000 }

test('W5 without any request the first line says that nothing came, and nothing is blamed', () => {
  expect(found({})).toEqual(['requests'])
  expect(hasTrouble(checks({}))).toBe(false)
})

test.each<[string, Partial<Evidence>]>([
  ['path', { wrongPaths: 2, lastWrongPath: '/sdk/testImpressions/bulk' }],
  ['key', { unknownKeys: 1 }],
  ['key', { wrongOrigins: 2 }],
  ['preflight', { preflights: 2 }],
  ['definitions', { definitions: 1 }],
  ['refused', { refused: 1 }],
  ['mode', { modes: { OPTIMIZED: 0, DEBUG: 0, NONE: 1 } }],
  ['mode', { modes: { OPTIMIZED: 1, DEBUG: 0, NONE: 0 } }],
  ['flag', { otherPosts: 2 }],
])('W5 what was seen is told on its line: %s', (id, parts) => {
  expect(found({ requests: 2, last, ...parts })).toEqual([id])
  expect(hasTrouble(checks({ requests: 2, last, ...parts }))).toBe(true)
})

test('W5 what came well is no trouble, and no line ever moves', () => {
  const well = { requests: 3, last, preflights: 1, foreignPosts: 1, otherPosts: 1, impressionPosts: 1 }
  expect(found(well)).toEqual([])
  expect(checks(well).map(({ id }) => id)).toEqual(checks({}).map(({ id }) => id))
  expect(checks(well)[0]).toMatchObject({ path: 'POST /api/testImpressions/bulk', kind: 'clear' })
  expect(checks({ unknownKeys: 1, keys: 'configured' })[2]?.advice).toContain('FLAGTAIL_CONFIG')
})

test('what is no evidence is not read as evidence', () => {
  const whole = { ...noEvidence, keys: 'any', last }
  expect(readEvidence(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  for (const other of [undefined, null, 'x', {}, { ...whole, keys: 'x' }, { ...whole, requests: '1' }]) {
    expect(readEvidence(other)).toBeUndefined()
  }
})
