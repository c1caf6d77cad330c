import { type BrowserContext, expect, type Page } from '@playwright/test'
import { violations } from './access.fixture.ts'
import { test as base, type Flagtail, impressions } from './flagtail.fixture.ts'
import { flood } from './flood.fixture.ts'
import { changesIn, expectFilter, filterBar, rowOf, rows } from './page.fixture.ts'

const viewport = { width: 390, height: 844 }
const leastPx = 44

const test = base.extend<{ phone: BrowserContext }>({
  phone: async ({ browser }, use) => {
    const phone = await browser.newContext({ viewport, hasTouch: true, isMobile: true })
    await use(phone)
    await phone.close()
  },
})

const sample = [
  impressions('checkout', [
    { k: 'ann', t: 'on', r: 'default rule' },
    { k: 'bob', t: 'off', r: 'killed' },
  ]),
  impressions('search', [{ k: 'cat', t: 'control', r: 'not ready', c: null }]),
]

async function open(phone: BrowserContext, flagtail: Flagtail): Promise<Page> {
  await flagtail.post(sample)
  const page = await phone.newPage()
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(3)
  return page
}

/** What can be touched and is smaller than a finger. */
function tooSmall(page: Page): Promise<readonly string[]> {
  return page.evaluate((least) => {
    const targets = document.querySelectorAll<HTMLElement>('button, a[href], input, select, [role=tab], [role=option]')
    return [...targets].flatMap((target) => {
      const { width, height, bottom, right } = target.getBoundingClientRect()
      const isSeen = target.checkVisibility({ visibilityProperty: true }) && bottom > 0 && right > 0
      return isSeen && (width < least || height < least) ? [`${target.outerHTML.slice(0, 120)} ${width}×${height}`] : []
    })
  }, leastPx)
}

test('W22 on my phone: a row is a card of two lines, and everything that can be touched is large enough', async ({
  phone,
  flagtail,
}) => {
  const page = await open(phone, flagtail)
  const card = rowOf(page, 'bob')
  expect(await card.boundingBox()).toMatchObject({ width: 390, height: 56 })
  for (const text of ['off', 'checkout', 'bob', 'killed'])
    await expect(card.getByText(text, { exact: true })).toBeVisible()
  expect(await tooSmall(page)).toEqual([])
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: /^Filters/ }).tap()
  await expect(page.getByRole('dialog', { name: 'Filters' })).toBeVisible()
  expect(await tooSmall(page)).toEqual([])
  await page.getByRole('button', { name: 'Close' }).tap()
  const many = flood(flagtail, 5000)
  await expect(page.getByText(/Showing about 1 in/)).toBeVisible({ timeout: 15_000 })
  expect(await tooSmall(page)).toEqual([])
  await many.stop()
})

test('W23 on my phone: the filter fills the screen while it is edited, and a term is taken away by touch', async ({
  phone,
  flagtail,
}) => {
  const page = await open(phone, flagtail)
  await filterBar(page).tap()
  await page.getByRole('option', { name: /^flag:/ }).tap()
  await page.getByRole('option', { name: /checkout/ }).tap()
  await expectFilter(page, 'flag:checkout')
  const bar = page.locator('.filter-bar')
  expect(await bar.boundingBox()).toEqual({ x: 0, y: 0, ...viewport })
  expect(await tooSmall(page)).toEqual([])
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).tap()
  await expect(rows(page)).toHaveCount(2)
  expect((await bar.boundingBox())?.height).toBe(48)
  await page.getByRole('button', { name: 'Filter term flag:checkout' }).tap()
  await page.getByRole('button', { name: 'Clear the filter' }).tap()
  await expectFilter(page, '')
  await page.getByRole('button', { name: 'Done' }).tap()
  await expect(rows(page)).toHaveCount(3)
})

test('W24 on my phone: a long press on a value offers what can be done with it', async ({ phone, flagtail }) => {
  const page = await open(phone, flagtail)
  const cell = await rowOf(page, 'ann').locator('[data-column=treatment]').boundingBox()
  if (!cell) throw new Error('no cell')
  const touch = await phone.newCDPSession(page)
  const point = { x: cell.x + 20, y: cell.y + 10 }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
  await expect(page.getByRole('menuitem', { name: 'Exclude' })).toBeVisible()
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  expect(await tooSmall(page)).toEqual([])
  await page.getByRole('menuitem', { name: 'Exclude' }).tap()
  await expectFilter(page, '-treatment:on')
  await expect(rows(page)).toHaveCount(2)
})

test('W25 on my phone: paused by touch, no row changes while thousands come', async ({ phone, flagtail }) => {
  const page = await open(phone, flagtail)
  const many = flood(flagtail, 2000)
  await expect(rowOf(page, 'ann')).toHaveCount(0)
  await page.getByRole('button', { name: 'Pause' }).tap()
  expect(await changesIn(page, 3000)).toBe(0)
  await many.stop()
})
