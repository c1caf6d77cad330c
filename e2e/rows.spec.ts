import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type Flagtail, impressions, test } from './flagtail.fixture.ts'
import { detailValue, expectFilter, keysShown, openRow, rowOf, rows } from './page.fixture.ts'

const sample = [
  impressions('checkout', [
    { k: 'ann', t: 'on', r: 'default rule', m: 1_718_900_000_123 },
    { k: 'bob', t: 'off', r: 'killed', m: 1_718_900_000_456 },
  ]),
  impressions('search', [{ k: 'ann', t: 'control', r: 'not ready', m: 1_718_900_000_789 }]),
]

function grid(page: Page) {
  return page.getByRole('grid', { name: 'Impressions' })
}

function head(page: Page, name: string) {
  return grid(page).getByRole('columnheader', { name })
}

async function openSample(page: Page, flagtail: Flagtail): Promise<void> {
  await flagtail.post(sample)
  await page.goto(`${flagtail.url}/?tz=utc`)
  await expect(rows(page)).toHaveCount(3)
}

async function widthOf(page: Page, name: string): Promise<number> {
  return (await head(page, name).boundingBox())?.width ?? 0
}

/** What the focus is on, as assistive technology is told: the words of that line or cell. */
async function activeText(page: Page): Promise<string> {
  return grid(page).evaluate(
    (element) => document.getElementById(element.getAttribute('aria-activedescendant') ?? '')?.innerText ?? 'nothing',
  )
}

/** Counts the changes under the rows while something is done. */
async function changesDuring(page: Page, act: () => Promise<void>): Promise<number> {
  await grid(page).evaluate((element) => {
    const body = element.querySelector('[role=rowgroup]:has([data-id])')
    if (!body) throw new Error('no rows')
    const seen = { changes: 0 }
    new MutationObserver((changes) => {
      seen.changes += changes.length
    }).observe(body, { subtree: true, childList: true, attributes: true, characterData: true })
    Object.assign(window, { __seen: seen })
  })
  await act()
  return page.evaluate(() => (window as unknown as { __seen: { changes: number } }).__seen.changes)
}

test('RW16 a column is dragged, stepped by keys and fitted to its text, and no row changes for it', async ({
  page,
  flagtail,
}) => {
  await openSample(page, flagtail)
  const before = await widthOf(page, 'Env')
  const changes = await changesDuring(page, async () => {
    const edge = await page.locator('[data-edge=env]').boundingBox()
    if (!edge) throw new Error('no edge')
    await page.mouse.move(edge.x + 5, edge.y + 10)
    await page.mouse.down()
    await page.mouse.move(edge.x + 65, edge.y + 10, { steps: 6 })
    await page.mouse.up()
    expect(await widthOf(page, 'Env')).toBe(before + 60)
    await head(page, 'Env').focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(() => widthOf(page, 'Env')).toBe(before + 28)
    await page.locator('[data-edge=env]').dblclick()
    await expect.poll(() => widthOf(page, 'Env')).toBeLessThan(before)
  })
  expect(changes).toBe(0)
  await expect(page).toHaveURL(/w=env\.\d+/)
  const cut = await rowOf(page, 'bob')
    .locator('[data-column=env]')
    .evaluate((cell) => cell.scrollWidth > cell.clientWidth)
  expect(cut).toBe(false)
})

test('RW17 columns are shown, hidden, moved and reset by keys alone, and by dragging', async ({ page, flagtail }) => {
  await openSample(page, flagtail)
  const titles = () => grid(page).getByRole('columnheader').allInnerTexts()
  await head(page, 'Time').focus()
  await page.keyboard.press('ArrowRight')
  await expect(head(page, 'Env')).toBeFocused()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu', { name: 'Columns' })
  await expect(menu.getByRole('menuitemcheckbox', { name: 'Time' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect.poll(titles).toEqual(['Time', 'Flag', 'Key', 'Treatment', 'Label', 'SDK'])
  await page.keyboard.press('l')
  await page.keyboard.press('Alt+ArrowUp')
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(titles).toEqual(['Time', 'Flag', 'Label', 'Key', 'Treatment', 'SDK'])
  await expect(menu.getByRole('menuitemcheckbox', { name: 'Label' })).toBeFocused()
  const grip = menu.getByRole('menuitemcheckbox', { name: 'SDK' }).locator('[data-grip]')
  const [from, to] = [
    await grip.boundingBox(),
    await menu.getByRole('menuitemcheckbox', { name: 'Time' }).boundingBox(),
  ]
  if (!from || !to) throw new Error('no line')
  await page.mouse.move(from.x + 5, from.y + 5)
  await page.mouse.down()
  await page.mouse.move(from.x + 5, to.y + 4, { steps: 8 })
  await page.mouse.up()
  await expect.poll(titles).toEqual(['SDK', 'Time', 'Flag', 'Label', 'Key', 'Treatment'])
  await expect(page).toHaveURL(/cols=sdk,time,flag,label,key,treatment|cols=sdk%2Ctime/)
  await menu.getByRole('menuitem', { name: 'Reset' }).click()
  await expect.poll(titles).toEqual(['Time', 'Env', 'Flag', 'Key', 'Treatment', 'Label', 'SDK'])
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await expect(grid(page)).toBeFocused()
  await head(page, 'Flag').click({ button: 'right' })
  await expect(menu).toBeVisible()
  await page.mouse.click(300, 700)
  await expect(menu).toBeHidden()
})

test('RW18 the keyboard alone goes to a cell, filters by it, opens its menu, copies it, clears the view and undoes that', async ({
  page,
  context,
  flagtail,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openSample(page, flagtail)
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await page.keyboard.press('i')
  await expect(page.getByText('No cell is chosen')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight')
  expect(await activeText(page)).toBe('bob')
  await expect(grid(page)).toBeFocused()
  await page.keyboard.press('c')
  await expect(page.getByText('Key copied')).toBeVisible()
  expect(await clipboard()).toBe('bob')
  await page.keyboard.press('y')
  await expect(page.getByText('Row copied as JSON')).toBeVisible()
  expect(JSON.parse(await clipboard())).toMatchObject({ flag: 'checkout', row: { k: 'bob' } })
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('e')
  await expectFilter(page, '-treatment:off')
  await expect(rows(page)).toHaveCount(2)
  expect(await activeText(page)).toBe('on')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('f')
  const menu = page.getByRole('menu', { name: 'Key ann' })
  await expect(menu.getByRole('menuitem', { name: 'Only this', exact: true })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(grid(page)).toBeFocused()
  await page.keyboard.press('f')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expectFilter(page, 'key:ann')
  await expect(rows(page)).toHaveCount(2)
  await page.keyboard.press('Shift+X')
  await expect(page.getByText(/^Cleared at .* · new rows appear here$/)).toBeVisible()
  await expect(page.getByTestId('ledger-evicted')).toHaveText('evicted 2')
  await page.keyboard.press('u')
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByTestId('ledger-held')).toHaveText('held 2')
})

test('RW19 a cleared view goes on with what comes after a mark, and its toast brings the rows back', async ({
  page,
  flagtail,
}) => {
  await openSample(page, flagtail)
  await page.keyboard.press('Shift+X')
  await expect(rows(page)).toHaveCount(0)
  await flagtail.post([impressions('later', [{ k: 'cat' }])])
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).last()).toContainText('Cleared at')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(4)
  expect(await keysShown(page)).toEqual(['cat', 'ann', 'bob', 'ann'])
  await expect(page.getByTestId('ledger-held')).toHaveText('held 4')
})

test('RW20 assistive technology is told of a grid, its lines and cells, and nothing stands in its way', async ({
  page,
  flagtail,
}) => {
  await openSample(page, flagtail)
  await page.keyboard.press('j')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '4')
  await expect(grid(page)).toMatchAriaSnapshot(`
    - grid "Impressions":
      - rowgroup:
        - row "Time Env Flag Key Treatment Label SDK":
          - columnheader "Time"
          - columnheader "Env"
          - columnheader "Flag"
          - columnheader "Key"
          - columnheader "Treatment"
          - columnheader "Label"
          - columnheader "SDK"
      - rowgroup:
        - row /search ann control not ready/ [selected]:
          - gridcell "16:13:20.789"
          - gridcell "development"
          - gridcell "search"
          - gridcell "ann"
          - gridcell "control"
          - gridcell "not ready"
          - gridcell "nodejs-11.11.2"
        - row /checkout bob off killed/
        - row /checkout ann on default rule/
  `)
  const violations = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)
  await page.keyboard.press('f')
  await expect(page.getByRole('menu')).toBeVisible()
  expect(await violations()).toEqual([])
  await page.keyboard.press('Escape')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('button', { name: 'Columns' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  expect(await violations()).toEqual([])
})

test('RW21 text that is selected in the rows stays where it is while more rows come', async ({ page, flagtail }) => {
  await openSample(page, flagtail)
  const cell = await rowOf(page, 'bob').locator('[data-column=label]').boundingBox()
  if (!cell) throw new Error('no cell')
  await page.mouse.move(cell.x + 1, cell.y + 14)
  await page.mouse.down()
  await page.mouse.move(cell.x + 60, cell.y + 14, { steps: 4 })
  await page.mouse.up()
  await expect(page.getByTestId('pill')).toContainText('Reading')
  await flagtail.post([impressions('later', [{ k: 'cat' }])])
  await expect(page.getByTestId('pill')).toContainText('Reading · 1 new')
  expect(await page.evaluate(() => getSelection()?.toString())).toContain('kille')
  await expect(page.getByRole('complementary', { name: 'Impression' })).toHaveCount(0)
  await page.keyboard.press('Home')
  await expect(rows(page)).toHaveCount(4)
})

test('RW22 a link to a row that is older than all that came opens it, and one to no row says so', async ({
  page,
  context,
  flagtail,
}) => {
  await openSample(page, flagtail)
  await openRow(page, 'bob')
  const named = (prefix: string) => Array.from({ length: 900 }, (_, index) => ({ k: `${prefix}${index}` }))
  await flagtail.post([impressions('many', named('a'))])
  const other = await context.newPage()
  await other.goto(page.url())
  await expect.poll(() => detailValue(other, 'Label')).toBe('killed')
  await expect(other.getByTestId('pill')).toContainText('Reading')
  await other.goto(page.url().replace(/sel=([^&]*?)\d+(?=$|&)/, 'sel=$199'))
  await expect(other.getByRole('region', { name: 'Notice' })).toHaveText('That impression is no longer held.')
  await expect(other).not.toHaveURL(/sel=/)
})
