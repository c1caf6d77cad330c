import { expect } from '@playwright/test'
import { impressions, test } from './flagtail.fixture.ts'
import { rowOf, rows } from './page.fixture.ts'
import { openWire } from './proxy.fixture.ts'

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ k: `${prefix}${index}` }))

test('E20 a frozen tab costs it nothing: when it wakes it has every row, and its numbers add up', async ({
  page,
  context,
  flagtail,
}) => {
  await flagtail.post([impressions('a', named('before', 2))])
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(2)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Debugger.enable')
  await devtools.send('Debugger.pause') // its script stands still, its socket does not
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${flagtail.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
  }
  await expect.poll(() => metric('flagtail_viewers_silent'), { timeout: 15_000 }).toBe(1)
  for (let post = 0; post < 10; post++) await flagtail.post([impressions('a', named(`p${post}-`, 100))])
  await devtools.send('Debugger.resume')
  await devtools.send('Debugger.disable')
  await expect(page.getByTestId('matched')).toHaveText('1,002')
  await expect(rowOf(page, 'p9-99')).toBeVisible()
  await expect(page.getByTestId('ledger-held')).toHaveText('held 1,002')
  await expect(page.getByTestId('ledger-skipped')).toHaveText('skipped 0')
})

test('E21 rows that were too many to be sent after a break are loaded into their place', async ({ page, flagtail }) => {
  const wire = await openWire(flagtail.url)
  await flagtail.post([impressions('a', named('before', 2))])
  await page.goto(wire.url)
  await expect(rows(page)).toHaveCount(2)
  wire.cut()
  await expect(page.getByTestId('pill')).toContainText('Reconnecting')
  for (let post = 0; post < 12; post++) await flagtail.post([impressions('a', named(`p${post}-`, 500))])
  wire.mend()
  await expect(page.getByTestId('matched')).toHaveText('6,002', { timeout: 15_000 })
  await expect(page.getByTestId('ledger-skipped')).toHaveText('skipped 1,000')
  await page.keyboard.press('j')
  await page.getByRole('grid', { name: 'Impressions' }).evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }))
  await page.getByRole('button', { name: 'Load' }).click()
  await expect(page.getByTestId('ledger-held')).toHaveText('held 6,002')
  await expect(page.getByTestId('ledger-skipped')).toHaveText('skipped 0')
  await wire.stop()
})
