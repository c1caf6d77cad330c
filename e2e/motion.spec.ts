import { type Browser, devices, expect, type Page } from '@playwright/test'
import { type Flagtail, impressions, test } from './flagtail.fixture.ts'
import { flood } from './flood.fixture.ts'
import { changesIn, detailValue, expectFilter, rowOf, rows } from './page.fixture.ts'
import { openWire } from './proxy.fixture.ts'

function grid(page: Page) {
  return page.getByRole('grid', { name: 'Impressions' })
}

/** A page that shows a screenful of rows. */
async function openFull(browser: Browser, { url, post }: Flagtail): Promise<Page> {
  await post([impressions('first', Array(40).fill({}))])
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(url)
  await expect(rows(page).nth(20)).toBeVisible()
  return page
}

/** What stands under a point for so long: each id that was seen there, and each element. */
function watchPoint(page: Page, x: number, y: number, ms: number): Promise<{ ids: number; elements: number }> {
  return page.evaluate(
    ({ x, y, ms }) =>
      new Promise<{ ids: number; elements: number }>((resolve) => {
        const ids = new Set<string | null>()
        const elements = new Set<Element | null>()
        const until = performance.now() + ms
        const look = () => {
          const row = document.elementFromPoint(x, y)?.closest('[data-id]') ?? null
          elements.add(row)
          ids.add(row?.getAttribute('data-id') ?? null)
          if (performance.now() < until) requestAnimationFrame(look)
          else resolve({ ids: ids.size, elements: elements.size })
        }
        look()
      }),
    { x, y, ms },
  )
}

test('RW23 what the pointer goes to stays under it, in every try at 2,000 rows a second', async ({
  browser,
  flagtail,
}) => {
  test.setTimeout(120_000)
  const page = await openFull(browser, flagtail)
  const traffic = flood(flagtail, 2000)
  for (let one = 0; one < 20; one++) {
    const [x, y] = [80 + ((one * 197) % 1200), 170 + ((one * 83) % 600)]
    await page.mouse.move(x, y)
    expect(await watchPoint(page, x, y, 500)).toEqual({ ids: 1, elements: 1 })
    await page.keyboard.press('Home') // goes on at once, the pointer still there
    await expect(page.getByTestId('pill')).toContainText('Live')
    await page.mouse.move(x, 20)
  }
  await traffic.stop()
})

test('RW24 it is too fast to read: Space stops it for as long as one likes, a click opens what was clicked, Home goes on', async ({
  browser,
  flagtail,
}) => {
  const page = await openFull(browser, flagtail)
  const traffic = flood(flagtail, 10_000)
  await expect(page.getByTestId('pill')).toContainText(/Live · \d/)
  await page.keyboard.press('Space')
  expect(await changesIn(page, 5000)).toBe(0)
  await expect(page.getByTestId('pill')).toContainText(/Paused · \d{1,3},\d{3} new/)
  await page.keyboard.press('Space')
  await expect(page.getByTestId('pill')).toContainText('Live')
  await page.mouse.move(300, 400) // a time, which offers nothing to click beside it
  const key = await page.evaluate(
    () => document.elementFromPoint(300, 400)?.closest('[data-id]')?.querySelector('[data-column=key]')?.textContent,
  )
  await page.mouse.down()
  await page.mouse.up()
  await expect(page.getByTestId('pill')).toContainText('Reading')
  expect(await detailValue(page, 'Key')).toBe(key)
  await page.getByRole('button', { name: /new$/ }).click()
  await expect(page.getByTestId('pill')).toContainText('Live')
  await traffic.stop()
})

test('RW25 wherever a long list is scrolled to, the document stays small', async ({ browser, flagtail }) => {
  test.setTimeout(120_000)
  const wire = await openWire(flagtail.url)
  await flagtail.post([impressions('first', [{ k: 'first' }])])
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(wire.url)
  await expect(rows(page)).toHaveCount(1)
  wire.cut()
  await expect(page.getByTestId('pill')).toContainText('Reconnecting')
  const many = Array.from({ length: 1000 }, (_, index) => ({ k: `k${index}`, r: 'a label that is shown as well' }))
  for (let post = 0; post < 15; post++) await flagtail.post([impressions(`flag${post}`, many)])
  wire.mend()
  await expect(page.getByTestId('matched')).toHaveText('15,001', { timeout: 20_000 })
  const load = page.getByRole('button', { name: 'Load' })
  await page.keyboard.press('n')
  await expect(load).toBeVisible()
  for (const held of ['10,001', '15,001']) {
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('ledger-held')).toHaveText(`held ${held}`)
  }
  const most = await grid(page).evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let most = 0
    for (let part = 0; part <= 20; part++) {
      element.scrollTop = (element.scrollHeight * part) / 20
      await frame()
      await frame()
      most = Math.max(most, document.querySelectorAll('*').length)
      const empty = document.elementFromPoint(700, 500)?.closest('[data-id]') === null
      if (empty) throw new Error(`no row on the screen at ${element.scrollTop}`)
    }
    return most
  })
  expect(most).toBeLessThanOrEqual(1500)
  await wire.stop()
})

test('RW26 by touch a long press opens a cell’s menu, and lifting the finger opens nothing else', async ({
  browser,
  flagtail,
}) => {
  await flagtail.post([impressions('checkout', [{ k: 'ann' }, { k: 'bob' }])])
  const context = await browser.newContext({ ...devices['Pixel 7'] })
  const page = await context.newPage()
  await page.goto(flagtail.url)
  const box = await rowOf(page, 'ann').locator('[data-column=key]').boundingBox()
  if (!box) throw new Error('no cell')
  const devtools = await context.newCDPSession(page)
  const touchPoints = [{ x: box.x + 10, y: box.y + 10 }]
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  const menu = page.getByRole('menu', { name: 'Key ann' })
  await expect(menu).toBeVisible()
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect(menu).toBeVisible()
  await expect(page.getByRole('complementary')).toHaveCount(0)
  await menu.getByRole('menuitem', { name: 'Exclude' }).tap()
  await expectFilter(page, '-key:ann')
  await context.close()
})
