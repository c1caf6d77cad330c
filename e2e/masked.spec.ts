import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { behindProxy, configFile, namedByProxy } from './behind-proxy.fixture.ts'
import { test as base, type Flagtail, impressions, startFlagtail } from './flagtail.fixture.ts'
import { detailValue, facetRail, openRow, rows, setFilter } from './page.fixture.ts'

const key = 'a-server-key-of-the-journeys'
/** What nobody who sees masks may be shown, on any path. */
const hidden = ['ada-lovelace', 'grace-hopper', 'bucket-of-ada', 'gold-plan', '10.0.0.7', 'ip-10-0-0-7']

/** Somebody of support, who sees masks, at a server that has the rows of two users. */
const test = base.extend<{ support: Page }>({
  flagtail: async ({ browserName: _ }, use) => {
    const environments = [{ id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key }] }]
    const config = configFile({ environments, ...behindProxy })
    const flagtail = await startFlagtail({ FLAGTAIL_AUTH: '', FLAGTAIL_CONFIG: config.file })
    await postBoth(flagtail)
    await use(flagtail)
    await flagtail.stop()
    config.remove()
  },
  support: async ({ browser, flagtail }, use) => {
    const context = await browser.newContext({ extraHTTPHeaders: namedByProxy('sam', 'support') })
    const page = await context.newPage()
    const received: string[] = []
    page.on('response', async (response) => received.push(await response.text().catch(() => '')))
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(String(payload))))
    await page.goto(flagtail.url)
    await expect(rows(page)).toHaveCount(3)
    await use(page)
    const [all, shown] = [received.join('\n'), await page.content()]
    expect(all).toContain('user·')
    for (const text of hidden) expect([all.includes(text), shown.includes(text)], text).toEqual([false, false])
    await context.close()
  },
})

async function postBoth(flagtail: Flagtail): Promise<void> {
  const properties = JSON.stringify({ plan: 'gold-plan' })
  const ada = { k: 'ada-lovelace', b: 'bucket-of-ada', properties }
  await flagtail.post([impressions('checkout', [ada, { ...ada, t: 'off' }, { k: 'grace-hopper' }])], { key })
}

test('MK15 who sees masks is told so, finds a user by the exact key alone, and is told why a pattern finds nothing', async ({
  support,
}) => {
  await expect(support.getByText('keys of Production are masked')).toBeVisible()
  await setFilter(support, 'key:ada-lovelace')
  await expect(rows(support)).toHaveCount(2)
  const masks = await rows(support).locator('[data-column=key]').allInnerTexts()
  expect(new Set(masks).size).toBe(1)
  await setFilter(support, 'key:ada* ')
  await expect(support.getByText('key can be filtered by its exact value only')).toBeVisible()
  await setFilter(support, 'key:nobody ')
  await expect(rows(support)).toHaveCount(0)
})

test('MK15 the detail, the facets and what is saved of a masked view have masks in place of keys, and no properties', async ({
  support,
}) => {
  const mask = await rows(support).first().locator('[data-column=key]').innerText()
  await openRow(support, mask)
  expect(await detailValue(support, 'Key')).toContain('user·')
  await support.getByRole('tab', { name: 'JSON' }).click()
  await support.keyboard.press('Escape')
  await expect(facetRail(support).getByRole('region', { name: 'Flag' })).toContainText('checkout')
  for (const format of [/NDJSON/, /CSV/]) {
    const saved = await exportedAs(support, format)
    expect(saved).toContain('user·')
    for (const text of hidden) expect(saved).not.toContain(text)
  }
})

async function exportedAs(page: Page, format: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click()
  const panel = page.getByRole('dialog', { name: 'Export' })
  await panel.getByRole('radio', { name: format }).check()
  const saved = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Download' }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  await page.keyboard.press('Escape')
  return text
}
