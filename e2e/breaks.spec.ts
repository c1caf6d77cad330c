import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { startRedis } from '../server/bus/redis/redis-server.fixture.ts'
import { impressions, startFlagtail, test } from './flagtail.fixture.ts'
import { keysShown, rowOf, rows } from './page.fixture.ts'
import { openWire } from './proxy.fixture.ts'

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ k: `${prefix}${index}` }))

test('E14 a page that was cut off says so, and on coming back has every row once', async ({ page, flagtail }) => {
  const wire = await openWire(flagtail.url)
  await flagtail.post([impressions('a', named('before', 3))])
  await page.goto(wire.url)
  await expect(rows(page)).toHaveCount(3)
  wire.cut()
  await expect(page.getByTestId('pill')).toContainText('Reconnecting')
  await expect(rows(page)).toHaveCount(3)
  await flagtail.post([impressions('a', named('during', 4))])
  wire.mend()
  await expect(page.getByTestId('pill')).toContainText('Live', { timeout: 15_000 })
  await flagtail.post([impressions('a', named('after', 2))])
  await expect(rowOf(page, 'after1')).toBeVisible()
  const keys = await keysShown(page)
  expect(keys.toSorted()).toEqual(
    [...named('after', 2), ...named('before', 3), ...named('during', 4)].map(({ k }) => k).toSorted(),
  )
  await expect(page.getByTestId('matched')).toHaveText('9')
  await wire.stop()
})

test('E15 what the log no longer holds when the page comes back is a gap row with its exact count', async ({
  page,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'flagtail-e2e-'))
  const key = 'a-key-of-more-than-20-characters'
  const config = join(folder, 'config.json')
  const environment = { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key }] }
  await writeFile(config, JSON.stringify({ environments: [environment], limits: { logBytes: 20_000, ringBytes: 1 } }))
  const flagtail = await startFlagtail({ FLAGTAIL_CONFIG: config })
  const wire = await openWire(flagtail.url)
  await flagtail.post([impressions('a', named('before', 3))], { key })
  await page.goto(`${wire.url}/?q=flag:a`)
  await expect(rows(page)).toHaveCount(3)
  wire.cut()
  await expect(page.getByTestId('pill')).toContainText('Reconnecting')
  const posts = 20
  for (let post = 0; post < posts; post++) {
    await flagtail.post([impressions('a', named(`x${post}-`, 1)), impressions('noise', named('n', 49))], { key })
  }
  wire.mend()
  const gap = rows(page).filter({ hasText: 'impressions of Production missed (before filtering)' })
  await expect(gap).toBeVisible({ timeout: 15_000 })
  const missed = Number(/([\d,]+) impressions/.exec(await gap.innerText())?.[1]?.replaceAll(',', ''))
  const matched = Number(await page.getByTestId('matched').innerText())
  expect(missed).toBeGreaterThan(0)
  expect(missed + (matched - 3) * 50).toBe(posts * 50)
  await wire.stop()
  await flagtail.stop()
})

test('E16 after a restart of the server the page says that the log began anew, and goes on', async ({ page }) => {
  const first = await startFlagtail()
  const port = new URL(first.url).port
  await first.post([impressions('a', named('before', 2))])
  await page.goto(first.url)
  await expect(rows(page)).toHaveCount(2)
  await first.stop()
  await expect(page.getByTestId('pill')).toContainText('Reconnecting')
  const second = await startFlagtail({ PORT: port })
  await second.post([impressions('a', named('after', 2))])
  await expect(rowOf(page, 'after1')).toBeVisible({ timeout: 20_000 })
  await expect(
    rows(page)
      .filter({ hasText: /restarted/ })
      .first(),
  ).toBeVisible()
  await expect(rowOf(page, 'before1')).toBeVisible()
  await second.stop()
})

test('E17 two servers behind one Redis: a post to either is seen in the pages of both', async ({ page, context }) => {
  const redis = await startRedis()
  const [left, right] = [await startFlagtail({ REDIS_URL: redis.url }), await startFlagtail({ REDIS_URL: redis.url })]
  const other = await context.newPage()
  await page.goto(left.url)
  await other.goto(right.url)
  await expect(other.getByText('Waiting for the first impression')).toBeVisible()
  await left.post([impressions('a', [{ k: 'to-left' }])])
  await right.post([impressions('a', [{ k: 'to-right' }])])
  for (const one of [page, other]) {
    await expect(rowOf(one, 'to-left')).toBeVisible()
    await expect(rowOf(one, 'to-right')).toBeVisible()
    await expect(one.getByTestId('matched')).toHaveText('2')
  }
  await left.stop()
  await right.stop()
  await redis.stop()
})
