import { gzipSync } from 'node:zlib'
import { expect } from '@playwright/test'
import { impressions, test } from './flagtail.fixture.ts'
import {
  detailValue,
  expectFilter,
  facetRail,
  facetValue,
  filterBar,
  keysShown,
  openRow,
  rowOf,
  rows,
  seen,
  setFilter,
} from './page.fixture.ts'

const sample = [
  impressions('checkout', [
    { k: 'ann', t: 'on', r: 'default rule' },
    { k: 'bob', t: 'off', r: 'killed' },
  ]),
  impressions('search', [
    { k: 'ann', t: 'v2', r: 'in segment "staff"' },
    { k: 'cat', t: 'control', r: 'not ready', c: null },
  ]),
]

test('E3 the first run shows how to point an SDK at this very server, and flips on the first impression', async ({
  page,
  flagtail,
}) => {
  await page.goto(flagtail.url)
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Point an SDK here' })).toContainText(`events: '${flagtail.url}/api'`)
  const named = seen(page, 'First impression received')
  await page.getByRole('button', { name: 'Send a test impression' }).click()
  await named
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByText('Waiting for the first impression')).toBeHidden()
})

test('E4 the filter applies while it is typed, and a mistake is told while its other terms apply', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await setFilter(page, 'flag:search -treatment:control')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByTestId('matched')).toHaveText('1')
  await setFilter(page, 'flag:search -treatment:control flga:x')
  await expect(page.getByRole('alert').filter({ hasText: 'flga' })).toContainText('did you mean flag?')
  await expect(rows(page)).toHaveCount(1)
  await flagtail.post([
    impressions('search', [
      { k: 'dan', t: 'on' },
      { k: 'eve', t: 'control' },
    ]),
  ])
  await expect(rows(page)).toHaveCount(2)
  await setFilter(page, '')
  await expect(rows(page)).toHaveCount(6)
  await setFilter(page, 'STAFF')
  await expect(rows(page)).toHaveCount(1)
})

test('E5 a value in a hovered cell is included or excluded by a click, and Alt-click excludes', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  const cell = rowOf(page, 'bob').locator('[data-column=flag]')
  await cell.hover()
  await cell.getByRole('button', { name: 'Only Flag checkout' }).click()
  await expectFilter(page, 'flag:checkout')
  await expect(rows(page)).toHaveCount(2)
  await rowOf(page, 'ann')
    .locator('[data-column=treatment]')
    .click({ modifiers: ['Alt'] })
  await expectFilter(page, 'flag:checkout -treatment:on')
  await expect(rows(page)).toHaveCount(1)
})

test('E6 the facets offer values with exact counts and edit the filter, and so does the picker of environments', async ({
  page,
  flagtail,
}) => {
  await page.goto(`${flagtail.url}/?q=${encodeURIComponent('key:ann')}`)
  await expect(page.getByTestId('pill')).toContainText('Live')
  await flagtail.post(sample)
  await expect(rows(page)).toHaveCount(2)
  await expect(facetValue(page, 'Flag', 'search')).toHaveText(/2$/)
  await facetValue(page, 'Flag', 'search').click()
  await expectFilter(page, 'key:ann flag:search')
  await expect(facetRail(page).getByRole('region', { name: 'Treatment' }).getByRole('listitem')).toHaveCount(4)
  await facetValue(page, 'Treatment', 'v2').click()
  await expectFilter(page, 'key:ann flag:search treatment:v2')
  await expect(rows(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Environment: all' }).click()
  await page
    .getByRole('dialog', { name: 'Choose environments' })
    .getByRole('checkbox', { name: /development/ })
    .check()
  await expectFilter(page, 'key:ann flag:search treatment:v2 env:development')
  await expect(rows(page)).toHaveCount(1)
})

test('E7 pause keeps the view still and loses nothing: what waits is counted and comes on resume', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'Pause' }).click()
  await flagtail.post([
    impressions(
      'late',
      Array.from({ length: 300 }, (_, index) => ({ k: `late${index}` })),
    ),
  ])
  await expect(page.getByTestId('pill')).toHaveText(/Paused · 300 new/)
  await expect(page.getByTestId('matched')).toHaveText('304')
  await expect(rows(page)).toHaveCount(4)
  await page.locator('body').press('Space')
  await expect(rowOf(page, 'late299')).toBeVisible()
  await expect(page.getByText('held 304')).toBeVisible()
})

test('E8 a link reproduces filter, pause and the opened row', async ({ page, context, flagtail }) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await setFilter(page, 'flag:search')
  await openRow(page, 'cat')
  expect(await detailValue(page, 'Treatment')).toBe('control')
  await page.locator('body').press('Space')
  await expect(page).toHaveURL(/q=flag%3Asearch|q=flag:search/)
  await expect(page).toHaveURL(/paused=1/)
  await expect(page).toHaveURL(/sel=/)
  const other = await context.newPage()
  await other.goto(page.url())
  await expectFilter(other, 'flag:search')
  await expect(other.getByTestId('pill')).toContainText('Paused')
  await expect(rows(other)).toHaveCount(2)
  expect(await detailValue(other, 'Key')).toBe('cat')
})

test('E9 the keyboard alone pauses, filters, moves through rows and opens one', async ({ page, flagtail }) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('/')
  await expect(filterBar(page)).toBeFocused()
  await page.keyboard.type('key:ann')
  await expect(rows(page)).toHaveCount(2)
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  expect(await detailValue(page, 'Flag')).toBe('checkout')
  await page.keyboard.press('k')
  await expect.poll(() => detailValue(page, 'Flag')).toBe('search')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary', { name: 'Impression' })).toBeHidden()
  await page.keyboard.press('Space')
  await expect(page.getByTestId('pill')).toContainText('Paused')
})

test('E10 the detail shows every field, absent ones as absent, and the row as it was received', async ({
  page,
  flagtail,
}) => {
  await flagtail.post([
    impressions('checkout', [
      { k: 'zoe', r: 'killed', c: 1_718_900_000_123, x_new: 'kept', properties: '{"page":"/cart"}' },
    ]),
  ])
  await page.goto(flagtail.url)
  await openRow(page, 'zoe')
  expect(await detailValue(page, 'Bucketing key')).toBe('—')
  expect(await detailValue(page, 'Change number')).toBe('1718900000123')
  expect(await detailValue(page, 'page')).toBe('/cart')
  await page.getByRole('tab', { name: 'JSON' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('"x_new": "kept"')
})

test('E11 at a rate that no one can read the counts stay exact, and the page says how much it shows', async ({
  page,
  flagtail,
}) => {
  await page.goto(flagtail.url)
  await expect(page.getByTestId('pill')).toContainText('Live')
  for (let post = 0; post < 40; post++) {
    await flagtail.post([
      impressions(
        'busy',
        Array.from({ length: 500 }, (_, index) => ({ k: `k${post}-${index}` })),
      ),
    ])
  }
  await expect(page.getByTestId('matched')).toHaveText('20,000')
  await expect(page.getByRole('region', { name: 'Notice' })).toContainText(/Showing about|sampled out/)
  const books = await page.getByRole('contentinfo').innerText()
  const numbers = [...books.replaceAll(',', '').matchAll(/\d+/g)].map(Number)
  const [matched, held, evicted, sampledOut, skipped] = numbers
  expect(matched).toBe(20_000)
  expect((held ?? 0) + (evicted ?? 0) + (sampledOut ?? 0) + (skipped ?? 0)).toBe(20_000)
})

test('E12 nothing is fetched from elsewhere, and the page breaks no policy of its own', async ({ page, flagtail }) => {
  const complaints: string[] = []
  const elsewhere: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(flagtail.url)) elsewhere.push(request.url())
  })
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await openRow(page, 'ann')
  await facetValue(page, 'Flag', 'search').click()
  await page.getByRole('button', { name: 'Environment: all' }).click()
  expect(complaints).toEqual([])
  expect(elsewhere.filter((url) => !url.startsWith('ws://127.0.0.1') && !url.startsWith('data:'))).toEqual([])
})

/** What only the palette, the export, the detail and the chart say. */
const wordsOfLater = ['Find a command', 'one record per line', 'Views of this impression', 'u-over']

test('E23 the page begins with 220 KB of script at most, and its chart, palette, export and detail come later', async ({
  flagtail,
}) => {
  const html = await (await fetch(flagtail.url)).text()
  const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)].filter(([tag]) => !/nomodule/i.test(tag))
  expect(scripts.length).toBeGreaterThan(3)
  let bytes = 0
  for (const [, path] of scripts) {
    const code = await (await fetch(new URL(path ?? '', flagtail.url))).text()
    bytes += gzipSync(code).length
    expect(wordsOfLater.filter((words) => code.includes(words))).toEqual([])
  }
  expect(bytes / 1024).toBeLessThanOrEqual(220)
})

test('E13 hostile strings are shown and nothing more', async ({ page, flagtail }) => {
  const nasty = '<img src=x onerror=alert(1)>\u202egnp.exe\u0000"'
  page.on('dialog', () => expect('a dialog').toBe('none'))
  await flagtail.post([impressions(nasty, [{ k: 'eve', t: '__proto__', r: '<script>alert(1)</script>' }])])
  await page.goto(flagtail.url)
  await expect(rowOf(page, 'eve')).toContainText('<img src=x onerror=alert(1)>')
  await expect(rowOf(page, 'eve')).toContainText('<script>alert(1)</script>')
  await rowOf(page, 'eve')
    .locator('[data-column=flag]')
    .click({ modifiers: ['Alt'] })
  await expect(rows(page)).toHaveCount(0)
  await expect(page.getByRole('alert').filter({ hasText: 'unknown' })).toHaveCount(0)
  expect(await keysShown(page)).toEqual([])
})

test('E22 of a log with more matches than are loaded the page says so, and never calls it every row', async ({
  page,
  flagtail,
}) => {
  await flagtail.post([
    impressions(
      'a',
      Array.from({ length: 700 }, (_, index) => ({ k: `k${index}` })),
    ),
  ])
  await page.goto(flagtail.url)
  await expect(page.getByRole('region', { name: 'Notice' })).toContainText('and the newest 500 of before')
  await expect(page.getByText('matched, older not counted')).toBeVisible()
  await page.keyboard.press('j')
  await page.getByRole('grid', { name: 'Impressions' }).evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }))
  await expect(rows(page).filter({ hasText: 'Older matches are in the log' })).toBeVisible()
  await setFilter(page, 'key:k3')
  await expect(page.getByRole('region', { name: 'Notice' })).toHaveText('Showing every row')
  await expect(page.getByTestId('matched')).toHaveText('1')
})

test('E24 older matches are loaded from the end of the list, by pointer and by keyboard, until every one is there and counted', async ({
  page,
  flagtail,
}) => {
  const named = Array.from({ length: 1500 }, (_, index) => ({ k: `k${index}`, t: index % 3 === 0 ? 'off' : 'on' }))
  await flagtail.post([impressions('a', named)])
  await page.goto(flagtail.url)
  const matched = page.getByTestId('matched')
  const grid = page.getByRole('grid', { name: 'Impressions' })
  const toEnd = () => grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
  await expect(matched).toHaveText('500')
  await page.keyboard.press('j')
  await toEnd()
  await rows(page).getByRole('button', { name: 'Load' }).click()
  await expect(matched).not.toHaveText('500')
  await expect(page.getByTestId('pill')).toContainText(' 0 new')
  await page.keyboard.press('n')
  await expect(rows(page).filter({ hasText: 'Older matches are in the log' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(matched).toHaveText('1,500')
  await expect(page.getByTestId('ledger-held')).toHaveText('held 1,500')
  await expect(page.getByRole('region', { name: 'Notice' })).toHaveText('Showing every row')
  await expect(page.getByText('older not counted')).toHaveCount(0)
  await toEnd()
  await expect(rowOf(page, 'k0')).toBeVisible()
  await expect(grid).toHaveAttribute('aria-rowcount', '1501') // the rows and their head, no marker
})
