import { expect } from '@playwright/test'
import { impressions, test } from './flagtail.fixture.ts'
import { detailValue, expectFilter, filterBar, openRow, rowOf, rows, setFilter } from './page.fixture.ts'

const sample = [
  impressions('checkout', [
    { k: 'ann', t: 'on', r: 'default rule' },
    { k: 'bob', t: 'off', r: 'killed' },
  ]),
  impressions('search', [
    { k: 'ann', t: 'v2', r: 'in segment "staff"' },
    { k: 'cat', t: 'control', r: 'not ready' },
  ]),
]
const detail = { role: 'complementary', options: { name: 'Impression' } } as const

test('W16 share what I see: a copied link opens the same view and row in the browser of somebody else', async ({
  page,
  context,
  browser,
  flagtail,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await setFilter(page, 'flag:search')
  await expect(rows(page)).toHaveCount(2)
  await page.keyboard.press('Escape')
  await page.keyboard.press('z')
  await openRow(page, 'ann')
  await page.getByRole('button', { name: 'Copy link to this impression' }).click()
  await expect(page.getByText('Copied')).toBeAttached()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  await page.keyboard.press('Shift+L')
  await expect(page.getByText('Link copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)

  const elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  await other.goto(link)
  await expectFilter(other, 'flag:search')
  await expect(rows(other)).toHaveCount(2)
  expect(await detailValue(other, 'Key')).toBe('ann')
  expect(await detailValue(other, 'Treatment')).toBe('v2')
  await expect(rowOf(other, 'ann')).toHaveAttribute('aria-selected', 'true')
  await expect(other.getByRole('contentinfo')).toContainText('UTC')
  await elsewhere.close()
})

test('W17 the tabs of a row are one stop of the Tab key, and the rows of its key can be opened from there', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const open = page.getByRole(detail.role, detail.options)
  await expect(open).toContainText('ann')
  await open.getByRole('tab', { name: 'Fields' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(open.getByRole('tab', { name: 'JSON' })).toBeFocused()
  await expect(page.getByRole('tabpanel')).toContainText('"k": "ann"')
  await page.keyboard.press('End')
  await expect(open.getByRole('tab', { name: 'Same key' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('tabpanel').getByRole('listitem')).toHaveCount(2)
  await page
    .getByRole('tabpanel')
    .getByRole('button', { name: /checkout/ })
    .press('Enter')
  await expect(open.getByRole('heading', { name: 'checkout' })).toBeVisible()
  await expect(rowOf(page, 'ann').filter({ hasText: 'checkout' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(open).toBeHidden()
  await expect(page.getByRole('grid', { name: 'Impressions' })).toBeFocused()
})

test('W18 commands are found by name and run by Enter, and the sheet of keys has every key', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'Commands' }).click()
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await expect(palette.getByRole('option', { name: /Pause or resume/ })).toContainText('Space')
  await page.keyboard.type('flag sea')
  await expect(palette.getByRole('option').first()).toHaveText(/Filter by flag search/)
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expectFilter(page, 'flag:search')
  await page.keyboard.press('Control+k')
  await expect(palette).toBeVisible()
  await page.keyboard.type('go filter')
  await page.keyboard.press('Enter')
  await expect(filterBar(page)).toBeFocused()
  await page.keyboard.press('Escape') // the suggestions
  await page.keyboard.press('Escape') // the filter
  await expect(filterBar(page)).not.toBeFocused()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  for (const key of ['Space', 'Home', 'Enter', 'Esc', 'Ctrl K', '?', '/', 'z', 'Shift L']) {
    await expect(keys.getByText(key, { exact: true }).first()).toBeVisible()
  }
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
})

test('W19 settings take effect at once and for the next visit, and keys of one character can be off', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'Settings' }).click()
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('radio', { name: 'Dark' }).check({ force: true })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await settings.getByRole('radio', { name: 'Comfortable' }).check({ force: true })
  await expect(rows(page).first()).toHaveCSS('height', '36px')
  await settings.getByRole('switch', { name: 'Keys of one character' }).uncheck()
  await settings.getByRole('switch', { name: 'Calm' }).check()
  await expect(settings.getByText(/^Flagtail \d/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused()
  await page.reload()
  await expect(rows(page).first()).toHaveCSS('height', '36px')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('z')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
  await expect(page.getByRole('contentinfo')).toContainText('Local')
})

test('W20 on my phone: a row fills the screen, Back closes it, and Pause is under the thumb', async ({
  browser,
  flagtail,
}) => {
  const viewport = { width: 390, height: 844 }
  const context = await browser.newContext({ viewport, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  const pause = page.getByRole('button', { name: 'Pause' })
  expect(await pause.boundingBox()).toMatchObject({ width: 48, height: 48, x: 390 - 12 - 48 })
  await rowOf(page, 'cat').tap()
  const sheet = page.getByRole('dialog', { name: 'Impression' })
  expect(await sheet.boundingBox()).toEqual({ x: 0, y: 0, ...viewport })
  await expect(sheet).toContainText('The SDK could not evaluate the flag')
  for (const target of await sheet.getByRole('button').or(sheet.getByRole('tab')).all()) {
    const box = await target.boundingBox()
    expect.soft(Math.min(box?.height ?? 0, box?.width ?? 0), await target.innerHTML()).toBeGreaterThanOrEqual(44)
  }
  await page.goBack()
  await expect(sheet).toBeHidden()
  await expect(page).not.toHaveURL(/sel=/)
  await pause.tap()
  await expect(page.getByTestId('pill')).toContainText('Paused')
  await flagtail.post([impressions('late', [{ k: 'dan' }])])
  await expect(page.getByRole('button', { name: 'Resume, 1 new' })).toBeVisible()
  await expect(rows(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'More' }).tap()
  await page.getByRole('button', { name: 'Settings' }).tap()
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  await context.close()
})
