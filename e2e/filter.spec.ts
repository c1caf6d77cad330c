import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { impressions, test } from './flagtail.fixture.ts'
import { expectFilter, facetRail, facetValue, filterBar, rowOf, rows, setFilter } from './page.fixture.ts'

const sample = [
  impressions('checkout', [
    { k: 'user-42', t: 'on', r: 'default rule' },
    { k: 'user-7', t: 'off', r: 'killed' },
  ]),
  impressions('search', [
    { k: 'user-42', t: 'v2', r: 'in segment "staff"' },
    { k: 'user-9', t: 'control', r: 'not ready' },
  ]),
]

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

function option(page: Page, name: string | RegExp) {
  return page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name })
}

test('Q22 what does user-42 get, with the keyboard alone: a field, a key, then a treatment by its count', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('/')
  await page.keyboard.type('ke')
  await expect(option(page, /^key:/)).toBeVisible()
  await expect(rows(page)).toHaveCount(4) // it may yet become a field
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await expect(filterBar(page)).toHaveValue('key:')
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.type('user-42 ')
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByTestId('matched')).toHaveText('2')
  await page.keyboard.type('treatment:')
  await expect(option(page, /v2/)).toHaveText(/1$/)
  await expect(rows(page)).toHaveCount(2)
  expect(await violations(page)).toEqual([])
  await page.keyboard.type('v')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expectFilter(page, 'key:user-42 treatment:v2')
  await expect(rows(page)).toHaveCount(1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Impression' })).toContainText('in segment "staff"')
})

test('Q23 terms are edited, turned round and taken away by keyboard and by pointer, and the others stay as typed', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await filterBar(page).fill('flag:checkout  flga:x "user-7" ')
  await expectFilter(page, 'flag:checkout  flga:x "user-7" ')
  await expect(page.getByRole('alert').filter({ hasText: 'flga' })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('button', { name: 'Mistake flga:x' })).toBeFocused()
  await page.keyboard.press('Delete')
  await expectFilter(page, 'flag:checkout  "user-7" ')
  await expect(rows(page)).toHaveCount(1)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('-')
  await expectFilter(page, 'flag:checkout  -"user-7" ')
  await expect(rowOf(page, 'user-42')).toBeVisible()
  await expect(rows(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Filter term flag:checkout' }).click({ modifiers: ['Alt'] })
  await expectFilter(page, '-flag:checkout  -"user-7" ')
  await page.getByRole('button', { name: 'Filter term -flag:checkout' }).click()
  await expect(filterBar(page)).toHaveValue('-flag:checkout')
  await filterBar(page).fill('flag:search')
  await expectFilter(page, 'flag:search  -"user-7" ')
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Remove -"user-7"' }).click()
  await expectFilter(page, 'flag:search  ')
  await expect(filterBar(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Backspace')
  await expectFilter(page, '')
  await expect(rows(page)).toHaveCount(4)
})

test('Q24 why do I see nothing: how much passes by, and which one term hides most, which a key takes off', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await setFilter(page, 'flag:checkout treatment:control ')
  await expect(page.getByRole('heading', { name: 'No impression matches' })).toBeVisible()
  await expect(page.getByText(/0 of 4 in the last minute match/)).toBeVisible()
  await expect(page.getByText('In the newest 4 impressions, 2 match without')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove it' }).press('Enter')
  await expectFilter(page, 'flag:checkout ')
  await expect(rows(page)).toHaveCount(2)
  await setFilter(page, 'flag:checkout key:nobody ')
  await page.getByRole('button', { name: 'Remove last filter' }).press('Enter')
  await expect(rows(page)).toHaveCount(2)
  await setFilter(page, 'flag:nothing ')
  await expect(page.getByRole('heading', { name: 'No impression matches' })).toBeVisible()
  await flagtail.stop()
  await expect(page.getByRole('heading', { name: 'Not connected' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'No impression matches' })).toBeHidden()
})

test('Q25 facets narrow by keyboard: arrows move, Enter means only, Ctrl Enter adds, − excludes, and [ hides them', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  const treatments = facetRail(page).getByRole('region', { name: 'Treatment' })
  await expect(treatments.getByRole('listitem')).toHaveCount(4)
  await treatments.getByRole('button', { name: /^Treatment/ }).focus()
  for (const name of ['on', 'off']) {
    await page.keyboard.press('ArrowDown')
    await expect(facetValue(page, 'Treatment', name)).toBeFocused()
  }
  await page.keyboard.press('Enter')
  await expectFilter(page, 'treatment:off')
  await expect(facetValue(page, 'Treatment', 'off')).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Control+Enter')
  await expectFilter(page, 'treatment:(off|on)')
  await page.keyboard.press('-')
  await expectFilter(page, 'treatment:off -treatment:on')
  await page.keyboard.press('Enter')
  await expectFilter(page, 'treatment:off')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expectFilter(page, '')
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('[')
  await expect(facetRail(page)).toBeHidden()
  await page.keyboard.press('[')
  await expect(facetRail(page)).toBeVisible()
})

test('Q26 in the facets nothing moves while somebody is there, and its numbers go on', async ({ page, flagtail }) => {
  await flagtail.post([impressions('a', [{}, {}, {}]), impressions('b', [{}])])
  await page.goto(flagtail.url)
  const flags = facetRail(page).getByRole('region', { name: 'Flag' }).getByRole('listitem')
  await expect(flags).toHaveText([/^a3/, /^b1/])
  await facetValue(page, 'Flag', 'b').hover()
  await flagtail.post([impressions('b', Array(8).fill({})), impressions('c', Array(20).fill({}))])
  await expect(flags).toHaveText([/^a3/, /^b9/, /^c20/])
  await page.mouse.move(900, 500)
  await expect(flags).toHaveText([/^c20/, /^b9/, /^a3/])
})

test('Q30 the facets are made wider and narrower by dragging their edge and by keys, also for the next visit', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  const edge = facetRail(page).getByRole('separator', { name: 'Width of the facets' })
  const expectWidth = async (px: number) => {
    await expect(edge).toHaveAttribute('aria-valuenow', String(px))
    await expect(facetRail(page)).toHaveCSS('width', `${px}px`)
  }
  const dragBy = async (px: number) => {
    const box = await edge.boundingBox()
    if (!box) throw new Error('no edge')
    await page.mouse.move(box.x + 5, 500)
    await page.mouse.down()
    await page.mouse.move(box.x + 5 + px / 2, 500)
    await page.mouse.move(box.x + 5 + px, 500)
    await page.mouse.up()
  }
  await expectWidth(248)
  await dragBy(60)
  await expectWidth(308)
  await expect(edge).not.toBeFocused()
  await edge.focus()
  await page.keyboard.press('ArrowRight')
  await expectWidth(324)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expectWidth(292)
  await page.keyboard.press('Home')
  await expectWidth(180)
  await page.keyboard.press('ArrowLeft')
  await expectWidth(180)
  await page.keyboard.press('End')
  await expectWidth(420)
  await dragBy(900)
  await expectWidth(420)
  await dragBy(-60)
  await page.reload()
  await expect(rows(page)).toHaveCount(4)
  await expectWidth(360)
  await edge.dblclick()
  await expectWidth(248)
})

test('Q27 a pasted filter applies whole, and the address says exactly what was typed', async ({ page, flagtail }) => {
  await flagtail.post(sample)
  const text = 'flag:( checkout | search )  -treatment:control "USER-42"'
  await page.goto(`${flagtail.url}/?q=${encodeURIComponent(text)}`)
  await expect(rows(page)).toHaveCount(2)
  await expectFilter(page, text)
  await filterBar(page).press('Control+a')
  await expect(filterBar(page)).toHaveValue(text)
  await filterBar(page).press('Control+x')
  await expect(rows(page)).toHaveCount(4)
  await filterBar(page).press('Control+v')
  await expect(rows(page)).toHaveCount(2)
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe(text)
})

test('Q28 a view is saved, begins the next plain visit, is renamed and deleted; a cleared filter begins with everything', async ({
  page,
  flagtail,
}) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await setFilter(page, 'flag:search ')
  await page.getByRole('button', { name: 'Save or open a view' }).click()
  await page.getByRole('textbox', { name: 'Name of this view' }).fill('Search only')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Saved view Search only' })).toBeVisible()
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(2)
  await expectFilter(page, 'flag:search ')
  await page.getByRole('button', { name: 'Saved view Search only' }).click()
  await page.getByRole('button', { name: 'Rename Search only' }).click()
  await page.getByRole('textbox', { name: 'New name of Search only' }).fill('Search')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(rows(page)).toHaveCount(4)
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'Save or open a view' }).click()
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Saved view Search' }).click()
  await page.getByRole('button', { name: 'Delete Search' }).click()
  await page.goto(flagtail.url)
  await expect(rows(page)).toHaveCount(4)
})

test('Q28 nothing in the panel of views stands in the way of assistive technology', async ({ page, flagtail }) => {
  await flagtail.post(sample)
  await page.goto(flagtail.url)
  await page.getByRole('button', { name: 'Save or open a view' }).click()
  await page.getByRole('textbox', { name: 'Name of this view' }).fill('All')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Saved view All' }).click()
  await expect(page.getByRole('button', { name: 'Rename All' })).toBeVisible()
  expect(await violations(page)).toEqual([])
})

for (const [size, height] of [
  [{ width: 390, height: 844 }, Math.round(844 * 0.85)],
  [{ width: 900, height: 800 }, 800],
] as const) {
  test(`Q29 at ${size.width} px the facets come from a button, with targets for a finger`, async ({
    page,
    flagtail,
  }) => {
    await page.setViewportSize(size)
    await flagtail.post(sample)
    await page.goto(flagtail.url)
    await expect(rows(page)).toHaveCount(4)
    await page.getByRole('button', { name: 'Filters' }).click()
    const drawer = page.getByRole('dialog', { name: 'Filters' })
    const value = drawer.getByRole('button', { name: /^v2, 1/ })
    await expect(value).toBeVisible()
    expect(Math.round((await drawer.boundingBox())?.height ?? 0)).toBe(height)
    for (const target of await drawer.getByRole('button').all()) {
      const box = await target.boundingBox()
      if (box) expect(Math.min(box.width, box.height), await target.innerText()).toBeGreaterThanOrEqual(44)
    }
    expect(await violations(page)).toEqual([])
    await value.click()
    await expectFilter(page, 'treatment:v2')
    await page.getByRole('button', { name: 'Show 1 matched' }).click()
    await expect(drawer).toBeHidden()
    await expect(rows(page)).toHaveCount(1)
    await expect(page.getByRole('button', { name: 'Filters (1)' })).toBeVisible()
  })
}
