import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { startDefinitionsHost } from './definitions-host.fixture.ts'
import { impressions, startFlagtail, test } from './flagtail.fixture.ts'
import { rowOf, rows, seen, setFilter } from './page.fixture.ts'
import { startSite, withDefinitionsOf } from './site.fixture.ts'

function checklist(page: Page) {
  return page.getByRole('region', { name: 'Nothing arrives?' })
}

test('W11 who points an SDK wrongly is told so by what the server saw, and what to do', async ({ page }) => {
  const key = 'a-configured-server-key'
  const file = join(await mkdtemp(join(tmpdir(), 'flagtail-')), 'config.json')
  const environment = { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key }] }
  await writeFile(file, JSON.stringify({ environments: [environment] }))
  const flagtail = await startFlagtail({ FLAGTAIL_CONFIG: file })
  await page.goto(flagtail.url)
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  await page.getByRole('tab', { name: 'curl' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Bearer <an SDK key of the config file>')

  const body = JSON.stringify([impressions('checkout', [{ k: 'ann' }])])
  const post = (path: string, authorization: string) =>
    fetch(`${flagtail.url}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${authorization}` }, body })
  await post('/sdk/testImpressions/bulk', key)
  await expect(checklist(page)).toContainText('1 request to a path that is not here (404)')
  await expect(checklist(page)).toContainText(`urls.events and urls.telemetry are ${flagtail.url}/api`)
  await expect(checklist(page)).toContainText('/sdk/testImpressions/bulk')
  await post('/api/testImpressions/bulk', 'another-key-of-somebody')
  await expect(checklist(page)).toContainText('1 post with an unknown SDK key (401)')
  await expect(checklist(page)).toContainText('FLAGTAIL_CONFIG')

  const button = page.getByRole('button', { name: 'Send a test impression' })
  await button.click()
  await expect(page.getByText('paste one of them first')).toBeVisible()
  await page.getByLabel('SDK key for the test impression').fill('not-one-of-them')
  await button.click()
  await expect(page.getByText('Refused (401)')).toBeVisible()
  await page.getByLabel('SDK key for the test impression').fill(key)
  const named = seen(page, 'First impression received')
  await button.click()
  await named
  await expect(rows(page)).toHaveCount(1)
  await flagtail.stop()
})

test('W12 after 90 seconds without anything the checklist unfolds by itself', async ({ page, flagtail }) => {
  await page.clock.install()
  await page.goto(flagtail.url)
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Nothing arrives?' })).toHaveAttribute('aria-expanded', 'false')
  await page.clock.fastForward(91_000)
  await expect(checklist(page)).toContainText('No request has come from an SDK')
  await expect(page.getByText('01:3')).toBeVisible()
  await page.getByRole('button', { name: 'Nothing arrives?' }).click()
  await expect(checklist(page).getByRole('list')).toBeHidden()
})

test('W6 the first impression is named, and then stands selected in a table that goes on', async ({
  page,
  flagtail,
}) => {
  await page.goto(flagtail.url)
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  const named = seen(page, 'First impression received: checkout_flow → on for user-42')
  await flagtail.post([impressions('checkout_flow', [{ k: 'user-42' }])])
  await named
  await expect(rowOf(page, 'user-42')).toHaveAttribute('aria-selected', 'true')
  await flagtail.post([impressions('checkout_flow', [{ k: 'user-43' }])])
  await expect(rowOf(page, 'user-43')).toBeVisible()
  await expect(rowOf(page, 'user-42')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Impression' })).toContainText('user-42')
})

test('W13 demo data are called so, are never among real rows, and end with one click', async ({ page, flagtail }) => {
  await page.goto(flagtail.url)
  await page.getByRole('button', { name: 'Play demo data' }).click()
  const banner = page.getByRole('region', { name: 'Demo data' })
  await expect(banner).toContainText('made up in this browser')
  await expect(rows(page).nth(15)).toBeVisible()
  await setFilter(page, 'flag:legacy_banner')
  await expect(rows(page).filter({ hasText: 'search_ranking' })).toHaveCount(0)
  await flagtail.post([impressions('checkout', [{ k: 'real-user' }])])
  await expect(banner).toContainText('real impressions are there now')
  await expect(rowOf(page, 'real-user')).toHaveCount(0)
  await expect(page).not.toHaveURL(/legacy_banner/)
  await banner.getByRole('button', { name: 'Show the real ones' }).click()
  await expect(banner).toBeHidden()
  await expect(rows(page)).toHaveCount(1)
  await expect(rowOf(page, 'real-user')).toBeVisible()
  await expect(page.getByTestId('matched')).toHaveText('1')
})

test('W14 the snippet for browsers runs as it stands', async ({ page, context, flagtail }) => {
  const definitions = await startDefinitionsHost([{ name: 'my_first_flag', treatment: 'on' }])
  await page.goto(flagtail.url)
  await page.getByRole('tab', { name: 'Browser' }).click()
  const snippet = await page.getByRole('tabpanel').innerText()
  const site = await startSite(`${snippet}\nObject.assign(window, { factory })`, [withDefinitionsOf(definitions.url)])
  const shop = await context.newPage()
  await shop.goto(site.url)
  await shop.evaluate(async () => {
    const { factory } = window as unknown as { factory: { client(): Client } }
    type Client = { ready(): Promise<void>; getTreatment(flag: string): string }
    const client = factory.client()
    await client.ready()
    client.getTreatment('my_first_flag')
  })
  await expect(rowOf(page, 'user-42')).toContainText(/my_first_flag.*on.*default rule.*browserjs/)
  await site.stop()
  await definitions.stop()
})

test('W15 what a first run shows can be had again, by keyboard, and copied', async ({ page, context, flagtail }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await flagtail.post([impressions('checkout', [{ k: 'ann' }])])
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(1)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Find a command' })).toBeFocused()
  await page.keyboard.type('connect')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Connect an SDK' })
  await expect(dialog).toBeVisible()
  await dialog.getByRole('tab', { name: 'Node' }).press('ArrowLeft')
  await expect(dialog.getByRole('tab', { name: 'curl' })).toBeFocused()
  await dialog.getByRole('button', { name: 'Copy the curl snippet' }).click()
  await expect(dialog.getByText('Copied · now run it').first()).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain(`curl -X POST ${flagtail.url}/api/testImpressions/bulk`)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})
