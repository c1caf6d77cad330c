import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { test as base, type Flagtail, startFlagtail } from './flagtail.fixture.ts'
import { expectHarmless, hostile, watchPage } from './hostile.fixture.ts'
import { facetRail, filterBar, rowOf, rows, setFilter } from './page.fixture.ts'

const key = 'a-server-key-of-the-hostile'
const headerText = (text: string): string => text.replace(/[^ -~\u00a1-\u00ff]/g, '?')

async function postOne({ url }: Flagtail, flag: string, fields: object, header = 'nodejs-1'): Promise<void> {
  const headers = {
    Authorization: `Bearer ${key}`,
    SplitSDKVersion: header,
    SplitSDKMachineName: header,
    SplitSDKMachineIP: header,
    SplitSDKImpressionsMode: header,
  }
  const body = JSON.stringify([{ f: flag, i: [{ k: 'user', t: 'on', m: Date.now(), ...fields }] }])
  const response = await fetch(`${url}/api/testImpressions/bulk`, { method: 'POST', headers, body })
  expect(await response.json()).toEqual({ accepted: 1, rejected: 0 })
}

/** Every field of an impression says the same hostile thing, those that all of a post share too. */
async function postEverywhere(flagtail: Flagtail): Promise<void> {
  for (const text of hostile) {
    const properties = JSON.stringify({ [text]: text, plain: text })
    await postOne(flagtail, text, { k: text, b: text, t: text, r: text, c: 1, pt: 2, properties }, headerText(text))
  }
}

const test = base.extend<{ flagtail: Flagtail }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  flagtail: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'flagtail-hostile-'))
    const file = join(folder, 'flagtail.json')
    const name = hostile[4] ?? ''
    const environment = { id: 'prod', name, trafficTypeId: hostile[0], trafficTypeName: hostile[6] }
    writeFileSync(file, JSON.stringify({ environments: [{ ...environment, sdkKeys: [{ kind: 'server', key }] }] }))
    const flagtail = await startFlagtail({ FLAGTAIL_CONFIG: file })
    await use(flagtail)
    await flagtail.stop()
    rmSync(folder, { recursive: true })
  },
})

async function openHostile(page: Page, flagtail: Flagtail, path = '/') {
  const watched = await watchPage(page, flagtail.url)
  await postEverywhere(flagtail)
  await page.goto(`${flagtail.url}${path}`)
  await expect(page.getByTestId('matched')).toHaveText(String(hostile.length))
  return watched
}

const detail = (page: Page) => page.getByRole('complementary', { name: 'Impression' })

test('HI7 whatever stands in any field is text in rows, facets, chart, detail and its tabs', async ({
  page,
  flagtail,
}) => {
  test.setTimeout(180_000)
  expect(hostile.length).toBeGreaterThanOrEqual(40)
  const watched = await openHostile(page, flagtail)
  await expect(rows(page).first()).toBeVisible()
  const more = facetRail(page).getByRole('button', { name: /^Show \d+ more$/ })
  await expect(more.first()).toBeVisible()
  for (let left = await more.count(); left > 0; left--) await more.first().click()
  await expect(facetRail(page)).toContainText('<script>window.xss=1</script>')
  await expectHarmless(page, watched)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const shown = new Set<string>()
  for (let row = 0; row < hostile.length; row += 2) {
    await expect(detail(page)).toBeVisible()
    shown.add(await detail(page).getByRole('heading').first().innerText())
    if (row % 10 === 0) {
      for (const tab of ['JSON', 'Same key', 'Fields']) {
        await detail(page).getByRole('tab', { name: tab }).click()
        await expect(page.getByRole('tabpanel')).not.toBeEmpty()
      }
      await expectHarmless(page, watched)
      await page.getByRole('grid', { name: 'Impressions' }).focus()
    }
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
  }
  expect(shown.size).toBeGreaterThan(20)
  await page.keyboard.press('Escape')
  const second = page.getByRole('region', { name: 'Rate' }).getByRole('slider')
  await second.focus()
  for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowLeft')
  await second.hover()
  await expect(page.getByTestId('rate-numbers')).toBeVisible()
  await expectHarmless(page, watched)
})

test('HI7 and in menus of cells, in the palette, in tooltips and in exports', async ({ page, flagtail }) => {
  test.setTimeout(180_000)
  const watched = await openHostile(page, flagtail)
  await page.keyboard.press('j')
  for (let row = 0; row < 4; row++) {
    for (const column of ['flag', 'key', 'treatment', 'label']) {
      const cell = rows(page).nth(row).locator(`[data-column=${column}]`)
      if ((await cell.count()) === 0) continue
      await cell.hover()
      await cell.click({ button: 'right' })
      await expect(page.getByRole('menu')).toBeVisible()
      await page.keyboard.press('Escape')
    }
  }
  await page.getByRole('button', { name: 'Commands' }).click()
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await expect(palette.getByRole('option').first()).toBeVisible()
  await page.keyboard.type('flag script')
  await expect(palette.getByRole('option').first()).toContainText('script')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('matched')).toHaveText('1')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(page.getByTestId('matched')).toHaveText(String(hostile.length))
  await expectHarmless(page, watched)
  await page.getByRole('button', { name: 'Export' }).click()
  const panel = page.getByRole('dialog', { name: 'Export' })
  const saved = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Download' }).click()
  const download = await saved
  expect(download.suggestedFilename()).toMatch(/^[\w.-]+\.ndjson$/)
  const lines = (await readFile(await download.path(), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(new Set(lines.slice(1).map(({ flag }) => flag))).toEqual(new Set(hostile))
  expect(new Set(lines.slice(1).map(({ label }) => label))).toEqual(new Set(hostile))
  await panel.getByRole('radio', { name: /CSV/ }).check()
  const savedCsv = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Download' }).click()
  expect((await savedCsv).suggestedFilename()).toMatch(/^[\w.-]+\.csv$/)
  await expectHarmless(page, watched)
})

test('HI8 whatever stands in a link, in the filter, in its suggestions and in saved views is text', async ({
  page,
  flagtail,
}) => {
  test.setTimeout(240_000)
  const watched = await openHostile(page, flagtail)
  await page.evaluate((names) => {
    const views = names.map((name, index) => ({
      name: name.slice(0, 70),
      query: `${new URLSearchParams([['q', name]])}&sel=${index}`,
    }))
    localStorage.setItem('flagtail-views', JSON.stringify(views.slice(0, 50)))
    localStorage.setItem('flagtail-last-view', JSON.stringify(names[0]))
    localStorage.setItem('flagtail-recent', JSON.stringify(names))
    localStorage.setItem('flagtail-__proto__', JSON.stringify(names))
  }, hostile)
  for (const text of hostile.filter((_, index) => index % 7 === 0)) {
    const query = new URLSearchParams(['q', 'sel', 'env', 'cols', 't', 'tz', text].map((name) => [name, text]))
    await page.goto(`${flagtail.url}/?${query}#${query}`)
    await expect(page.getByTestId('filter')).toBeVisible()
    await expect(page.getByTestId('pill')).toContainText(/Live|Reading|Paused/)
    await expectHarmless(page, watched)
  }
  await page.goto(`${flagtail.url}/`)
  for (const text of hostile.filter((_, index) => index % 3 === 0)) {
    await setFilter(page, text)
    await filterBar(page).press('ArrowDown')
  }
  await setFilter(page, '')
  await postOne(flagtail, '\ud800half', { k: 'half' }) // half a character, which no address can spell
  await expect(rowOf(page, 'half')).toBeVisible()
  await rowOf(page, 'half')
    .locator('[data-column=flag]')
    .click({ modifiers: ['Alt'] })
  await expect(rowOf(page, 'half')).toHaveCount(0)
  await expectHarmless(page, watched)
  await setFilter(page, `flag:nowhere "${hostile[0]}" `)
  await expect(page.getByRole('heading', { name: 'No impression matches' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /view/i }).first().click()
  await expect(page.getByRole('dialog', { name: 'Saved views' })).toContainText('<script>')
  await expectHarmless(page, watched)
})

test('HI9 every answer of the server has its headers, and no header comes from a request', async ({
  request,
  flagtail,
}) => {
  for (const path of ['/', '/nowhere', '/icon.svg', '/index.html?q=<script>', '/%3Cscript%3E', '/404']) {
    const response = await request.get(`${flagtail.url}${path}`)
    const headers = response.headers()
    expect(headers['content-security-policy'], path).toMatch(
      /^default-src 'none'; script-src 'self'( 'sha256-[A-Za-z0-9+/=]+')+; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'$/,
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
    })
    expect(JSON.stringify(headers)).not.toMatch(/script>|evil/)
  }
  for (const path of ['/api/impressions', '/api/evidence', '/healthz', '/metrics', '/api/impressions?q=flag:']) {
    const headers = (await request.get(`${flagtail.url}${path}`)).headers()
    expect(headers, path).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(headers['content-type']).toMatch(/^(application\/json|text\/plain)/)
  }
})
