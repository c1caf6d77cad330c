import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { impressions, test } from './flagtail.fixture.ts'
import { openRow, rows } from './page.fixture.ts'

async function violations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`E18 nothing stands in the way of assistive technology, in ${colorScheme}`, async ({ page, flagtail }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(flagtail.url)
    await expect(page.getByText('Waiting for the first impression')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await flagtail.post([impressions('a', [{ k: 'ann' }, { k: 'bob', t: 'control', r: 'not ready' }])])
    await expect(rows(page)).toHaveCount(2)
    expect(await violations(page)).toEqual([])
    await openRow(page, 'ann')
    await page.keyboard.press('Escape')
    await openRow(page, 'bob')
    await page.locator('body').press('Space')
    await expect(page.getByTestId('pill')).toContainText('Paused')
    expect(await violations(page)).toEqual([])
  })
}

test('E19 on a narrow screen nothing scrolls sideways', async ({ page, flagtail }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(flagtail.url)
  await flagtail.post([impressions('a_flag_with_quite_a_long_name_indeed', [{ k: 'somebody@a-long-domain.example' }])])
  await expect(rows(page)).toHaveCount(1)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})

test('Y4 the sheet of keys has every key, does what has none, and single keys can be turned off', async ({
  page,
  flagtail,
}) => {
  await page.goto(flagtail.url)
  await flagtail.post([impressions('a', [{ k: 'ann' }])])
  await expect(rows(page)).toHaveCount(1)
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await page.keyboard.press('?')
  for (const key of ['Space', 'Home', 'Enter', 'Esc', '/', '?', 'z', 't', 'Shift X'])
    await expect(sheet.getByText(key, { exact: true }).first()).toBeVisible()
  expect(await violations(page)).toEqual([])
  await sheet.getByRole('button', { name: 'Single keys on or off' }).click()
  await expect(sheet).toBeHidden()
  await page.keyboard.press('t')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[aria-selected=true]')).toHaveCount(1)
  await expect(page.getByRole('region', { name: 'Rate' })).toBeVisible()
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  await page.keyboard.press('?')
  await expect(sheet).toBeHidden()
  await page.keyboard.press('t')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[aria-selected=true]')).toHaveCount(1)
  await expect(page.getByRole('region', { name: 'Rate' })).toBeVisible()
  await page.getByRole('button', { name: 'Keys and more' }).click()
  await sheet.getByRole('button', { name: 'Single keys on or off' }).click()
  await page.keyboard.press('t')
  await expect(page.getByRole('region', { name: 'Rate' })).toBeHidden()
})
