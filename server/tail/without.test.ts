import { expect, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed, type TestApp, twoEnvironments } from '../app.fixture.ts'

async function without(app: TestApp, filter: string): Promise<unknown> {
  const response = await fetch(`${app.url}/api/without?q=${encodeURIComponent(filter)}`)
  expect(response.status).toBe(200)
  return response.json()
}

test('Q15 of the newest impressions it is counted how many match without each term', async () => {
  const app = await openTestApp()
  await app.post(groupsOf({ a: [...rowsNamed('x', 3), ...rowsNamed('y', 2, { t: 'off' })], b: rowsNamed('x', 4) }))
  expect(await without(app, 'treatment:off flag:b key:x*')).toEqual({
    without: [
      { term: 'flag:b', matched: 0, of: 9 },
      { term: 'key:x*', matched: 0, of: 9 },
      { term: 'treatment:off', matched: 4, of: 9 },
    ],
  })
  expect(await without(app, '-flag:(a|b)')).toEqual({ without: [{ term: '-flag:(a|b)', matched: 9, of: 9 }] })
  expect(await without(app, '')).toEqual({ without: [] })
})

test('Q16 a term is counted over the environments that the others leave, and over no more than `withoutRows` impressions', async () => {
  const app = await openTestApp({ limits: { withoutRows: 5 }, environments: twoEnvironments })
  await app.post(groupsOf({ a: rowsNamed('x', 8) }), { key: 'prod-server-key-0001' })
  await app.post(groupsOf({ b: rowsNamed('y', 2) }), { key: 'stage-client-key-001' })
  expect(await without(app, 'env:Staging flag:a')).toEqual({
    without: [
      { term: 'env:Staging', matched: 3, of: 5 },
      { term: 'flag:a', matched: 2, of: 2 },
    ],
  })
})
