import { expect } from '@playwright/test'
import { violations } from './access.fixture.ts'
import { impressions, test } from './flagtail.fixture.ts'
import { openRow, rows } from './page.fixture.ts'

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

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const

for (const colorScheme of ['light', 'dark'] as const) {
  for (const size of ['wide', 'narrow'] as const) {
    test(`W21 first run and detail can be used by everybody, ${size} and ${colorScheme}`, async ({
      page,
      flagtail,
    }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(sizes[size])
      await page.goto(flagtail.url)
      await page.getByRole('button', { name: 'Nothing arrives?' }).click()
      await expect(page.getByText('No request has come from an SDK')).toBeVisible()
      expect(await violations(page), 'first run').toEqual([])
      await flagtail.post([impressions('a', [{ k: 'ann' }, { k: 'bob', t: 'control', r: 'not ready' }])])
      await expect(rows(page)).toHaveCount(2)
      await openRow(page, 'ann')
      for (const tab of ['JSON', 'Same key', 'Fields']) {
        await page.getByRole('tab', { name: tab }).click()
        await expect(page.getByRole('tabpanel', { name: tab })).not.toBeEmpty()
        expect(await violations(page), tab).toEqual([])
      }
    })

    test(`W21 what lies over the page can be used by everybody, ${size} and ${colorScheme}`, async ({
      page,
      flagtail,
    }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(sizes[size])
      await flagtail.post([impressions('a', [{ k: 'ann' }])])
      await page.goto(flagtail.url)
      await expect(rows(page)).toHaveCount(1)
      for (const name of ['Settings', 'Commands', 'Keys', 'Connect an SDK']) {
        await page.keyboard.press('Control+k')
        if (name !== 'Commands') await page.getByRole('option', { name }).click()
        await expect(page.getByRole('dialog', { name, exact: true })).toBeVisible()
        expect(await violations(page), name).toEqual([])
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
      if (size === 'narrow') {
        await page.getByRole('button', { name: 'More' }).click()
        expect(await violations(page), 'More').toEqual([])
      }
    })
  }
}
