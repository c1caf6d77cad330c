import { readFile } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import { type Download, expect, type Locator, type Page } from '@playwright/test'
import { impressions, test } from './flagtail.fixture.ts'
import { keysShown, rowOf, rows, setFilter } from './page.fixture.ts'
import { openWire } from './proxy.fixture.ts'

function chart(page: Page): Locator {
  return page.getByRole('region', { name: 'Rate' })
}

/** What the chart counts in its newest ten seconds, read as a screen reader reads it. */
async function countedLately(page: Page): Promise<number> {
  const cells = await chart(page).locator('tbody tr td:nth-of-type(1)').allInnerTexts()
  return cells.reduce((sum, cell) => sum + (/^[\d,]+$/.test(cell) ? Number(cell.replaceAll(',', '')) : 0), 0)
}

const some = (prefix: string, count: number, t = 'on') =>
  Array.from({ length: count }, (_, index) => ({ k: `${prefix}${index}`, t }))

test("V20 I changed a rule, watch it take: it is seen in the rows and in the chart's legend about a second after its post", async ({
  page,
  flagtail,
}) => {
  await page.goto(flagtail.url)
  await expect(page.getByTestId('pill')).toContainText('Live')
  await flagtail.post([impressions('checkout', some('old', 30))])
  const legend = chart(page).getByRole('list')
  await expect(legend.getByRole('listitem')).toHaveText([/on\s*100 %/])
  await flagtail.post([impressions('checkout', [...some('kept', 6, 'on'), ...some('moved', 4, 'v3')])])
  const postedMs = Date.now()
  await expect(rowOf(page, 'moved0').locator('[data-column=treatment]')).toHaveText('v3')
  await expect(legend.getByRole('listitem').filter({ hasText: 'v3' })).toContainText('10 %', { timeout: 3000 })
  expect(Date.now() - postedMs).toBeLessThan(2500)
  await expect.poll(() => countedLately(page)).toBe(40)
  await setFilter(page, 'treatment:v3')
  await expect(rows(page)).toHaveCount(4)
  await flagtail.post([impressions('checkout', some('since', 2, 'v3'))])
  await expect(legend.getByRole('listitem')).toHaveText([/v3\s*100 %/])
})

test('V21 my laptop slept: the page says so in pill, title and chart, and on waking has every row once and no bar that lies', async ({
  page,
  context,
  flagtail,
}) => {
  const wire = await openWire(flagtail.url)
  await flagtail.post([impressions('a', some('before', 3))])
  await page.goto(wire.url)
  await expect(rows(page)).toHaveCount(3)
  wire.cut()
  await context.setOffline(true)
  await expect(page.getByTestId('pill')).toContainText('Offline')
  await expect(page).toHaveTitle('⏸ Offline · Flagtail')
  await expect(chart(page).locator('tbody tr').first()).toContainText('not connected')
  await expect(page.getByRole('status').filter({ hasText: 'Connection lost' })).toHaveCount(1)
  await flagtail.post([impressions('a', some('during', 400))])
  await context.setOffline(false)
  wire.mend()
  await expect(page.getByTestId('pill')).toContainText('Live', { timeout: 15_000 })
  await expect(page.getByRole('status').filter({ hasText: 'Connected again' })).toHaveCount(1)
  await expect(page.getByTestId('matched')).toHaveText('403')
  await expect(rowOf(page, 'during399')).toBeVisible()
  expect(new Set(await keysShown(page)).size).toBe((await keysShown(page)).length)
  await expect(page.getByText('held 403')).toBeVisible()
  await expect(chart(page).getByText('not connected')).toHaveCount(0)
  await expect(page).toHaveTitle(/^▶ .* · Flagtail$/)
  await wire.stop()
})

test('V22 the chart is used by pointer and by keyboard alone, and is hidden and shown again', async ({
  page,
  flagtail,
}) => {
  await flagtail.post([impressions('a', some('first', 3))])
  await page.goto(flagtail.url)
  await expect(chart(page).locator('canvas')).toBeVisible()
  const second = chart(page).getByRole('slider')
  await second.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(second).toHaveAttribute('aria-valuenow', '298')
  await expect(second).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d: (\d+ impressions?|not watched yet)/)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('pill')).toContainText('Reading')
  await expect(page.locator('[data-id][aria-selected=true]')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await second.hover({ position: { x: 5, y: 20 } })
  await expect(page.getByTestId('rate-numbers')).toContainText('not watched yet')
  await page.mouse.move(600, 500)
  await expect(page.getByTestId('rate-numbers')).toHaveCount(0)
  await page.locator('body').press('t')
  await expect(chart(page)).toHaveCount(0)
  await expect(page).toHaveURL(/t=0/)
  await page.getByRole('button', { name: 'Chart' }).click()
  await expect(chart(page)).toBeVisible()
})

test('V23 rows are exported to a file, in either format, and the same filter runs in a terminal', async ({
  page,
  flagtail,
}) => {
  await flagtail.post([
    impressions('a', [...some('ann', 2), { k: '=cmd()', t: 'off' }]),
    impressions('b', some('x', 4)),
  ])
  await page.goto(flagtail.url)
  await setFilter(page, 'flag:a')
  await expect(rows(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Export' }).click()
  const panel = page.getByRole('dialog', { name: 'Export' })
  await expect(panel.getByRole('heading', { name: 'Export 3 rows' })).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  const lines = (await savedBy(page, () => panel.getByRole('button', { name: 'Download' }).click()))
    .trimEnd()
    .split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { export: { query: 'flag:a', rows: 3 } },
    { key: 'ann0', treatment: 'on' },
    { key: 'ann1' },
    { key: '=cmd()', treatment: 'off' },
  ])
  await panel.getByRole('radio', { name: /CSV/ }).check()
  const csv = await savedBy(page, () => panel.getByRole('button', { name: 'Download' }).click())
  expect(csv.split('\r\n')).toHaveLength(6)
  expect(csv).toContain(",'=cmd(),")
  const command = await panel.locator('pre').innerText()
  const address = /^curl -sN '(.*)'$/.exec(command)?.[1] ?? ''
  const stream = await fetch(address)
  expect(stream.status).toBe(200)
  expect(new URL(address).searchParams.get('q')).toBe('flag:a')
  await stream.body?.cancel()
})

async function savedBy(page: Page, act: () => Promise<void>): Promise<string> {
  const saved = page.waitForEvent('download')
  await act()
  const download: Download = await saved
  return readFile(await download.path(), 'utf8')
}
