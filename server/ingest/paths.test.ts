import { expect, test } from 'vitest'
import { routeOf } from './paths.ts'

test('I1 a post is taken under whatever path an SDK makes of its base', () => {
  const impressions = { kind: 'impressions', beacon: false }
  for (const base of ['/api/', '/', '//', '/api//', '//api/', '/api/api/', '/api//api///']) {
    expect(routeOf(`${base}testImpressions/bulk`)).toEqual(impressions)
    expect(routeOf(`${base}testImpressions/bulk?x=/api/version`)).toEqual(impressions)
  }
})

test.each([
  ['testImpressions/count', 'counts', false],
  ['events/bulk', 'events', false],
  ['v1/keys/ss', 'keys', false],
  ['v1/keys/cs', 'keys', false],
  ['keys/ss', 'keys', false],
  ['keys/cs', 'keys', false],
  ['v1/metrics/config', 'config', false],
  ['metrics/config', 'config', false],
  ['v1/metrics/usage', 'usage', false],
  ['metrics/usage', 'usage', false],
  ['metrics/times', 'legacy', false],
  ['metrics/counters', 'legacy', false],
  ['metrics/gauge', 'legacy', false],
  ['metrics/time', 'legacy', false],
  ['metrics/counter', 'legacy', false],
  ['testImpressions/beacon', 'impressions', true],
  ['testImpressions/count/beacon', 'counts', true],
  ['events/beacon', 'events', true],
  ['v1/keys/cs/beacon', 'keys', true],
  ['v1/metrics/usage/beacon', 'usage', true],
])('%s carries %s (beacon: %s)', (path, kind, beacon) => {
  expect(routeOf(`/api/${path}`)).toEqual({ kind, beacon })
})

test.each(['/', '', '/api', '/api/', '/metrics', '/api/metrics', '/metrics?x', '/apitestImpressions/bulk', '*'])(
  '%j is not ours',
  (target) => {
    expect(routeOf(target)).toBeUndefined()
  },
)

test.each(['/testImpressions', '/testimpressions/bulk', '/x/testImpressions/bulk', '/__proto__', '/constructor'])(
  '%j is not ours either',
  (target) => {
    expect(routeOf(target)).toBeUndefined()
  },
)
